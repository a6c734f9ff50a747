//! The small part of Markdown in which lessons are written. It becomes data, and the page makes nodes of it: a text has
//! no way to bring markup of its own.

/// One block of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Vec<Inline>),
    List {
        ordered: bool,
        items: Vec<Vec<Inline>>,
    },
    /// Text to copy: a definition, a handler. It may have placeholders.
    Code {
        /// What it is called in the lesson.
        name: Option<String>,
        text: String,
    },
    /// A quotation: how it is on AWS.
    Note(Vec<Inline>),
}

/// A run of characters within a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    Text(String),
    Strong(String),
    Emphasis(String),
    Code(String),
}

/// Reads lines without fences.
#[must_use]
pub fn blocks(lines: &[&str]) -> Vec<Block> {
    let mut found = Vec::new();
    let mut open: Option<(Kind, Vec<String>)> = None;
    for line in lines {
        let (kind, text) = kind_of(line);
        let Some(kind) = kind else {
            found.extend(open.take().map(close));
            continue;
        };
        match &mut open {
            // An indented line goes on with the list's last item.
            Some((Kind::List { .. }, items)) if kind == Kind::Paragraph && line.starts_with(' ') => {
                if let Some(last) = items.last_mut() {
                    join(last, text);
                }
            }
            Some((of, items)) if *of == kind => match kind {
                Kind::List { .. } => items.push(text.to_owned()),
                Kind::Paragraph | Kind::Note => {
                    if let Some(last) = items.last_mut() {
                        join(last, text);
                    }
                }
            },
            _ => {
                found.extend(open.take().map(close));
                open = Some((kind, vec![text.to_owned()]));
            }
        }
    }
    found.extend(open.map(close));
    found
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Paragraph,
    List { ordered: bool },
    Note,
}

fn kind_of(line: &str) -> (Option<Kind>, &str) {
    let text = line.trim();
    if text.is_empty() {
        return (None, text);
    }
    if let Some(rest) = text.strip_prefix("- ") {
        return (Some(Kind::List { ordered: false }), rest.trim());
    }
    if let Some(rest) = text.strip_prefix('>') {
        return (Some(Kind::Note), rest.trim());
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    match text.get(digits..).and_then(|rest| rest.strip_prefix(". ")) {
        Some(rest) if digits > 0 => (Some(Kind::List { ordered: true }), rest.trim()),
        _ => (Some(Kind::Paragraph), text),
    }
}

fn join(text: &mut String, more: &str) {
    text.push(' ');
    text.push_str(more);
}

fn close((kind, items): (Kind, Vec<String>)) -> Block {
    match kind {
        Kind::Paragraph => Block::Paragraph(inlines(&items.join(" "))),
        Kind::Note => Block::Note(inlines(&items.join(" "))),
        Kind::List { ordered } => Block::List { ordered, items: items.iter().map(|item| inlines(item)).collect() },
    }
}

/// Reads `**strong**`, `*emphasis*` and `` `code` ``. A mark without its partner is a character like any other.
#[must_use]
pub fn inlines(text: &str) -> Vec<Inline> {
    type Make = fn(String) -> Inline;
    const MARKS: [(&str, Make); 3] = [("`", Inline::Code), ("**", Inline::Strong), ("*", Inline::Emphasis)];
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let marked = MARKS.iter().find_map(|(mark, make)| {
            let inner = rest.strip_prefix(mark)?;
            let end = inner.find(mark).filter(|end| *end > 0 && !inner.starts_with(' '))?;
            Some((make(inner[..end].to_owned()), &inner[end + mark.len()..]))
        });
        if let Some((inline, after)) = marked {
            if !plain.is_empty() {
                found.push(Inline::Text(std::mem::take(&mut plain)));
            }
            found.push(inline);
            rest = after;
        } else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    if !plain.is_empty() {
        found.push(Inline::Text(plain));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Inline {
        Inline::Text(text.to_owned())
    }

    #[test]
    fn blocks_are_told_apart() {
        let lines = ["One", "paragraph.", "", "- a", "  goes on", "- b", "1. first", "", "> On AWS", "> it waits."];
        let list =
            |ordered, items: &[&str]| Block::List { ordered, items: items.iter().map(|i| vec![text(i)]).collect() };
        assert_eq!(
            blocks(&lines),
            [
                Block::Paragraph(vec![text("One paragraph.")]),
                list(false, &["a goes on", "b"]),
                list(true, &["first"]),
                Block::Note(vec![text("On AWS it waits.")]),
            ]
        );
    }

    #[test]
    fn marks_without_a_partner_are_text() {
        assert_eq!(
            inlines("a `b` **c** *d* 2 * 3 <b>"),
            [
                text("a "),
                Inline::Code("b".into()),
                text(" "),
                Inline::Strong("c".into()),
                text(" "),
                Inline::Emphasis("d".into()),
                text(" 2 * 3 <b>"),
            ]
        );
        assert_eq!(inlines("**open"), [text("**open")]);
    }
}
