//! Names: as the API writes them, as the command line does, and the ones that somebody may have meant.

/// `SendMessage` → `send-message`. The rules are those by which the AWS CLI makes its names, odd cases included:
/// `SSEKMSKeyId` → `ssekms-key-id`, `QueueARNs` → `queue-arns`.
pub(crate) fn kebab(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let capitals = letters.iter().rev().skip(1).take_while(|c| c.is_ascii_uppercase()).count();
    if letters.last() == Some(&'s') && capitals >= 2 {
        let split = letters.len() - capitals - 1;
        let (before, plural): (String, String) = (letters[..split].iter().collect(), letters[split..].iter().collect());
        let before = kebab(&before);
        return if before.is_empty() { plural.to_lowercase() } else { format!("{before}-{}", plural.to_lowercase()) };
    }
    let words = before_words(&letters);
    let mut dashed = String::new();
    let mut place = 0;
    while let Some(&letter) = words.get(place) {
        dashed.push(letter);
        if (letter.is_ascii_lowercase() || letter.is_ascii_digit())
            && words.get(place + 1).is_some_and(char::is_ascii_uppercase)
        {
            dashed.push('-');
        }
        place += 1;
    }
    dashed.to_lowercase()
}

/// Puts a dash before each capital letter with small ones after it.
fn before_words(letters: &[char]) -> Vec<char> {
    let mut words = Vec::new();
    let mut place = 0;
    while place < letters.len() {
        words.push(letters[place]);
        let starts_word = letters.get(place + 1).is_some_and(char::is_ascii_uppercase)
            && letters.get(place + 2).is_some_and(char::is_ascii_lowercase);
        place += 1;
        if starts_word {
            words.push('-');
            words.push(letters[place]);
            place += 1;
            while let Some(letter) = letters.get(place).filter(|letter| letter.is_ascii_lowercase()) {
                words.push(*letter);
                place += 1;
            }
        }
    }
    words
}

/// Up to three names that are much like what was written, best first: the measure is Python's `difflib`, which the AWS
/// CLI asks, with its share of letters that must agree.
pub(crate) fn alike<'a>(written: &str, names: impl Iterator<Item = &'a str>, share: f64) -> Vec<&'a str> {
    let mut scored: Vec<(f64, &str)> =
        names.map(|name| (likeness(written, name), name)).filter(|(score, _)| *score >= share).collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0).then_with(|| other.1.cmp(one.1)));
    scored.into_iter().take(3).map(|(_, name)| name).collect()
}

#[expect(clippy::cast_precision_loss, reason = "names are short")]
fn likeness(one: &str, other: &str) -> f64 {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().take(80).collect(), other.chars().collect());
    let letters = one.len() + other.len();
    if letters == 0 { 1.0 } else { 2.0 * matching(&one, &other) as f64 / letters as f64 }
}

/// Letters that agree: those of the longest common piece, and so on before and after it.
fn matching(one: &[char], other: &[char]) -> usize {
    let (mut best, mut at, mut found) = (0, 0, 0);
    for start in 0..one.len() {
        for place in 0..other.len() {
            let common = one[start..].iter().zip(&other[place..]).take_while(|(a, b)| a == b).count();
            if common > best {
                (best, at, found) = (common, start, place);
            }
        }
    }
    match best {
        0 => 0,
        _ => best + matching(&one[..at], &other[..found]) + matching(&one[at + best..], &other[found + best..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_aws_cli() {
        for (api, cli) in [
            ("SendMessage", "send-message"),
            ("QueueUrl", "queue-url"),
            ("tags", "tags"),
            ("stateMachineArn", "state-machine-arn"),
            ("ListObjectsV2", "list-objects-v2"),
            ("SSEKMSKeyId", "ssekms-key-id"),
            ("KMSKeyArn", "kms-key-arn"),
            ("DryRun", "dry-run"),
            ("CreateMultiRegionAccessPoint", "create-multi-region-access-point"),
            ("KeyARNs", "key-arns"),
            ("ChangeMessageVisibilityBatch", "change-message-visibility-batch"),
            ("", ""),
        ] {
            assert_eq!(kebab(api), cli);
        }
    }

    #[test]
    fn what_was_meant_is_found() {
        let names = ["send-message", "send-message-batch", "receive-message", "purge-queue"];
        assert_eq!(alike("send-mesage", names.into_iter(), 0.8), ["send-message"]);
        assert_eq!(alike("purgequeue", names.into_iter(), 0.8), ["purge-queue"]);
        assert!(alike("x", names.into_iter(), 0.8).is_empty());
    }
}
