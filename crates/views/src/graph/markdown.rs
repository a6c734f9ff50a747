//! The drawing as a text for where people write: a heading, the name of the picture's file, the list twin, a link.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::Sentence;

/// Names come from the person or from somebody else: whatever Markdown or HTML would take for its own is escaped.
#[must_use]
pub fn markdown(
    title: &str,
    twin: &[Sentence],
    became: &BTreeMap<String, String>,
    picture: &str,
    link: Option<&str>,
) -> String {
    let mut text = format!("### {}\n\n![Graph of {}]({picture})\n\n", plain(title), plain(title));
    for sentence in twin {
        let indent = "  ".repeat(sentence.depth);
        let _ = write!(text, "{indent}- {}", plain(&sentence.text));
        if let Some(became) = became.get(&sentence.name) {
            let _ = write!(text, " **{}**", plain(became));
        }
        text.push('\n');
    }
    if let Some(link) = link {
        let _ = write!(text, "\n[Open it in Stepyard, a simulation in your browser]({link})\n");
    }
    text
}

fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => plain.push(' '),
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => plain.extend(['\\', c]),
            // A mention or a reference to an issue would reach people who have nothing to do with it.
            '@' => plain.push_str("&#64;"),
            _ => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentence(name: &str, depth: usize, text: &str) -> Sentence {
        Sentence { name: name.into(), depth, text: text.into() }
    }

    #[test]
    fn states_are_told_with_what_became_of_them() {
        let twin = [sentence("", 0, "Starts at A."), sentence("A", 0, "A, Map."), sentence("B", 1, "B, Pass, ends.")];
        let became = BTreeMap::from([("B".to_owned(), "Succeeded".to_owned())]);
        assert_eq!(
            markdown("Machine", &twin, &became, "Machine.svg", Some("https://example.org/#y1.a")),
            "### Machine\n\n![Graph of Machine](Machine.svg)\n\n- Starts at A.\n- A, Map.\n  - B, Pass, ends. \
             **Succeeded**\n\n[Open it in Stepyard, a simulation in your browser](https://example.org/#y1.a)\n"
        );
    }

    #[test]
    fn names_stay_names() {
        let twin = [sentence("", 0, "<img src=x> [a](javascript:b) **c** @all\n# d")];
        let text = markdown("`t`", &twin, &BTreeMap::new(), "t.svg", None);
        assert_eq!(
            text,
            "### \\`t\\`\n\n![Graph of \\`t\\`](t.svg)\n\n- &lt;img src=x> \\[a\\](javascript:b) \\*\\*c\\*\\* &#64;all \\# d\n"
        );
    }
}
