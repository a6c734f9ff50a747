//! Short forms of long things, for sentences and narrow places.

use sim_account::{Account, Caller};

use crate::target::Target;

/// The last part of an ARN: the name of a queue, an execution, a function, a role.
#[must_use]
pub fn name_of(arn: &str) -> &str {
    arn.rsplit([':', '/']).next().unwrap_or(arn)
}

/// The last segment of a queue's URL.
#[must_use]
pub fn queue_of_url(url: &str) -> &str {
    url.trim_end_matches('/').rsplit('/').next().unwrap_or(url)
}

/// At most so many characters; white space is one blank.
#[must_use]
pub fn shortened(text: &str, most: usize) -> String {
    let mut short = String::new();
    let mut count = 0;
    for word in text.split_whitespace() {
        if count > 0 {
            short.push(' ');
            count += 1;
        }
        for letter in word.chars() {
            if count >= most {
                short.push('…');
                return short;
            }
            short.push(letter);
            count += 1;
        }
    }
    short
}

/// `AQB7…f2`: enough of an id to tell it from others.
#[must_use]
pub fn short_id(id: &str) -> String {
    let letters: Vec<char> = id.chars().collect();
    match letters.len() {
        0..=12 => id.to_owned(),
        n => {
            let head: String = letters.iter().take(6).collect();
            let tail: String = letters.iter().skip(n - 4).collect();
            format!("{head}…{tail}")
        }
    }
}

/// The last characters of an id that begins like all others.
#[must_use]
pub fn tail(id: &str, characters: usize) -> &str {
    let start = id.char_indices().rev().take(characters).last().map_or(id.len(), |(index, _)| index);
    id.get(start..).unwrap_or(id)
}

/// The first group of a UUID.
#[must_use]
pub fn short_uuid(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

/// Who made a call, in words, and where to look for them.
#[must_use]
pub fn caller(account: &Account, caller: &Caller) -> (String, Option<Target>) {
    match caller {
        Caller::Root => ("You".into(), None),
        Caller::Task { execution_arn, state_name, .. } => {
            let name = account.states().execution(execution_arn).map_or(name_of(execution_arn), |e| &*e.name);
            (format!("{state_name} of {}", shortened(name, 16)), Some(Target::execution(execution_arn)))
        }
        Caller::Function { function_name, .. } => (function_name.to_string(), Some(Target::function(function_name))),
        Caller::Mapping { function_name, .. } => {
            (format!("The trigger of {function_name}"), Some(Target::function(function_name)))
        }
        Caller::Visitor { session_name, .. } => (format!("{} of another account", shortened(session_name, 16)), None),
        Caller::Mock { state_name } => (format!("The mock rule of \u{201c}{state_name}\u{201d}"), None),
        Caller::Foreign { principal_arn, .. } => (format!("{} of another account", name_of(principal_arn)), None),
        Caller::Topic { topic_arn } => (format!("The topic {}", name_of(topic_arn)), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        let cases = [("a  b\n c", 9, "a b c"), ("häuser", 3, "häu…"), ("", 3, ""), ("abc", 3, "abc")];
        for (text, most, short) in cases {
            assert_eq!(shortened(text, most), short, "{text}");
        }
        assert_eq!(short_id("AQBAAAAKgAAMGzE7"), "AQBAAA…GzE7");
        assert_eq!((tail("18850", 2), tail("é", 5), tail("", 1)), ("50", "é", ""));
        assert_eq!(name_of("arn:aws:iam::123456789012:role/service-role/one"), "one");
    }
}
