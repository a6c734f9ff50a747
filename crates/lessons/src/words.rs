//! Small pieces of reading: words, quotes, spans of time.

use virtual_time::Duration;

/// `"a \" b" rest` → `a " b`, ` rest`.
pub(crate) fn take_quoted(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('"')?;
    let mut found = String::new();
    let mut escaped = false;
    for (at, character) in inner.char_indices() {
        match character {
            '"' if !escaped => return Some((found, &inner[at + 1..])),
            '\\' if !escaped => escaped = true,
            _ => {
                found.push(character);
                escaped = false;
            }
        }
    }
    None
}

/// The next word, or what stands in quotes, and what comes after.
pub(crate) fn quoted_or_word(text: &str) -> Option<(String, &str)> {
    let text = text.trim_start();
    if text.starts_with('"') {
        return take_quoted(text);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_owned(), &text[end..]))
}

/// `30 s`, `5 min`, `2 h`, `4 d`.
pub(crate) fn span(text: &str) -> Option<Duration> {
    let (count, unit) = text.trim().split_once(' ')?;
    let count: u64 = count.parse().ok()?;
    let seconds = match unit.trim() {
        "ms" => return Some(Duration::from_millis(count)),
        "s" => 1,
        "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    Some(Duration::from_secs(count.checked_mul(seconds)?))
}
