//! `*` and `?` as policies use them.

/// Set on a token that stands for its byte only, even when that byte is `*` or `?`.
pub(crate) const LITERAL: u16 = 0x100;

/// Whether the whole text fits the pattern.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    glob(pattern.as_bytes(), text.as_bytes(), |a, b| a == b)
}

/// The same without regard to ASCII case, as actions are compared.
pub(crate) fn matches_ignoring_case(pattern: &str, text: &str) -> bool {
    glob(pattern.as_bytes(), text.as_bytes(), |a, b| a.eq_ignore_ascii_case(&b))
}

/// The same for a pattern of tokens: bytes, or bytes marked [`LITERAL`].
pub(crate) fn tokens_match(tokens: &[u16], text: &str) -> bool {
    glob(tokens, text.as_bytes(), |token, byte| token & !LITERAL == u16::from(byte))
}

/// ARN by ARN part: a wildcard does not reach over a colon among the first five.
pub(crate) fn arn_matches(pattern: &str, arn: &str) -> bool {
    let (mut pattern, mut arn) = (pattern.splitn(6, ':'), arn.splitn(6, ':'));
    loop {
        match (pattern.next(), arn.next()) {
            (Some(pattern), Some(part)) if matches(pattern, part) => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

/// Greedy matching that goes back to the last `*` only, so the cost is at most pattern times text.
fn glob<T: Copy + PartialEq + From<u8>>(pattern: &[T], text: &[u8], same: impl Fn(T, u8) -> bool) -> bool {
    let (star_token, any_token) = (T::from(b'*'), T::from(b'?'));
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(&c) = text.get(t) {
        match pattern.get(p) {
            Some(&token) if token == star_token => {
                star = Some((p, t));
                p += 1;
            }
            Some(&token) if token == any_token || same(token, c) => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|token| *token == star_token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_fit() {
        let check = |pattern: &str, text: &str, expected: bool| {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        };
        check("*", "", true);
        check("sqs:*", "sqs:SendMessage", true);
        check("sqs:Send?essage", "sqs:SendMessage", true);
        check("sqs:Send*", "sqs:ReceiveMessage", false);
        check("*a*b", "xxaxxbxxb", true);
        check("*a*b", "xxaxxbxxc", false);
        check("a**", "a", true);
        check("?", "", false);
    }

    #[test]
    fn arns_match_part_by_part() {
        assert!(arn_matches("arn:aws:sqs:*:*:Orders*", "arn:aws:sqs:eu-west-1:1:Orders-2"));
        assert!(!arn_matches("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:1:Orders"));
        assert!(!arn_matches("arn:*:Orders", "arn:aws:sqs:eu-west-1:1:Orders"));
    }
}
