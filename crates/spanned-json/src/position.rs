//! Byte offsets to what editors count in: lines, columns, UTF-16 units.

/// Line and column of a byte offset, both from 1; the column counts characters. An offset past the end is the end.
#[must_use]
pub fn line_col(text: &str, offset: usize) -> (usize, usize) {
    let before = prefix(text, offset);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    (line, before.get(line_start..).map_or(0, |column| column.chars().count()) + 1)
}

/// The number of UTF-16 units before a byte offset: a JavaScript string's index.
#[must_use]
pub fn byte_to_utf16(text: &str, byte: usize) -> usize {
    prefix(text, byte).chars().map(char::len_utf16).sum()
}

/// The byte offset of a UTF-16 index; one inside a character gives the character's start.
#[must_use]
pub fn utf16_to_byte(text: &str, units: usize) -> usize {
    let mut seen = 0;
    for (byte, character) in text.char_indices() {
        seen += character.len_utf16();
        if seen > units {
            return byte;
        }
    }
    text.len()
}

/// The text before `offset`, moved left to a character's start.
fn prefix(text: &str, offset: usize) -> &str {
    let mut end = offset.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_columns_and_units() {
        let text = "{\n \"ä\": \"🦀\"}";
        let cases =
            [(0, (1, 1), 0), (1, (1, 2), 1), (2, (2, 1), 2), (6, (2, 4), 5), (15, (2, 10), 12), (99, (2, 11), 13)];
        for (byte, place, units) in cases {
            assert_eq!(line_col(text, byte), place, "place of {byte}");
            assert_eq!(byte_to_utf16(text, byte), units, "units of {byte}");
            assert_eq!(utf16_to_byte(text, units), byte.min(text.len()));
        }
    }
}
