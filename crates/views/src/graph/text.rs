//! How wide a text will be, without a browser to ask.

/// Width of a text set in a sans-serif face of the given size, in px. An estimate on the wide side.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size
}

/// In parts of the type size.
fn advance(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.31,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '"' | '/' | 'I' | '-' | '·' => 0.41,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.92,
        'A'..='Z' => 0.7,
        '\u{20}'..='\u{2fff}' => 0.6,
        // Ideographs and emoji fill the square.
        _ => 1.05,
    }
}

/// The text as far as it fits, with an ellipsis when something is cut.
pub(super) fn truncate(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let room = room - width("…", size);
    let (mut kept, mut used) = (String::new(), 0.0);
    for c in text.chars() {
        used += advance(c) * size;
        if used > room {
            break;
        }
        kept.push(c);
    }
    let mut kept = kept.trim_end().to_owned();
    kept.push('…');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_to_its_room() {
        let cases =
            [("Notify", 100.0, "Notify"), ("", 0.0, ""), ("WWWWWWWWWW", 40.0, "WW…"), ("日本語日本語", 50.0, "日本…")];
        for (text, room, expected) in cases {
            let cut = truncate(text, 13.0, room);
            assert_eq!(cut, expected);
            assert!(cut == text || width(&cut, 13.0) <= room);
        }
    }
}
