//! What survives of broken text, and what is said about it.

use spanned_json::{Node, NodeKind, parse};

/// The tree as plain JSON; a missing value shows as `?`.
fn show(node: &Node) -> String {
    match &node.kind {
        NodeKind::Null => "null".to_owned(),
        NodeKind::Bool(value) => value.to_string(),
        NodeKind::Number(text) => text.clone(),
        NodeKind::String(text) => format!("{text:?}"),
        NodeKind::Array(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
        NodeKind::Object(members) => {
            let members =
                members.iter().map(|m| format!("{}:{}", m.key, m.value.as_ref().map_or("?".to_owned(), show)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
    }
}

fn check(text: &str, tree: &str, messages: &[&str]) {
    let document = parse(text);
    assert_eq!(document.root.as_ref().map_or("-".to_owned(), show), tree, "tree of {text}");
    let said: Vec<&str> = document.errors.iter().map(|error| error.message.as_str()).collect();
    assert_eq!(said, messages, "errors of {text}");
}

#[test]
fn separators() {
    check(r#"{"a":1 "b":2}"#, "{a:1,b:2}", &["A comma is missing here."]);
    check(r#"{"a":1,}"#, "{a:1}", &["A comma too many: nothing follows it."]);
    check(r#"{"a":1,,"b":2}"#, "{a:1,b:2}", &["A comma too many."]);
    check(r#"[1 2,]"#, "[1,2]", &["A comma is missing here.", "A comma too many: nothing follows it."]);
    check(r#"{"a" 1}"#, "{a:1}", &["A colon is missing after this key."]);
}

#[test]
fn unclosed() {
    check("{\"a\":{\"b\":1", "{a:{b:1}}", &["This object is not closed: a } is missing."; 2]);
    check("{\"a\":[1,{\"b\":2]}", "{a:[1,{b:2}]}", &["This object is not closed: a } is missing."]);
    check("{\"a\":[1,\n\"b\":2}", "{a:[1],b:2}", &["This array is not closed: a ] is missing."]);
    check("{\"a\":\"x,\n\"b\":2}", "{a:\"x\",b:2}", &["This string is not closed: a double quote is missing."]);
    check("{\"a\":{}},\"b\":2}", "{a:{},b:2}", &["This } closes the document before its end."]);
}

#[test]
fn half_typed() {
    check("", "-", &["There is nothing here yet."]);
    check("{\"a\":}", "{a:?}", &["A value is missing after this key."]);
    check("{\"a\"}", "{a:?}", &["A colon and a value are missing after this key."]);
    check(
        "{\"a\"\n\"b\":1}",
        "{a:?,b:1}",
        &["A colon and a value are missing after this key.", "A comma is missing here."],
    );
    check("{\"a\":\n\"b\":1}", "{a:?,b:1}", &["A value is missing after this key.", "A comma is missing here."]);
    check("{a:1}", "{a:1}", &["A key needs double quotes."]);
    check("{\"a\":tru}", "{a:?}", &["Unknown word tru: text needs double quotes."]);
    check("{} x", "{}", &["There is text after the end of the document."]);
}

#[test]
fn values() {
    check(r#"["\u00e4\ud83e\udd80\n"]"#, "[\"ä🦀\\n\"]", &[]);
    check(r#"[01]"#, "[01]", &["01 is not a number as JSON writes them."]);
    check(r#"{"a":1,"a":2}"#, "{a:1,a:2}", &["The key \"a\" stands twice in this object."]);
}

#[test]
fn two_megabytes_of_anything_are_read_quickly() {
    let size = 2 << 20;
    for unit in [
        "[",
        "{\"a\":",
        "\"",
        "{",
        "[[\"a\":",
        "}",
        ",",
        "\\",
        "\"\\",
        "{\"a\"",
        "[\"x\" ",
        "{}\"",
        "é",
        "{\"a\":[",
        "}{\"a\":1},",
        "\"a\\n",
    ] {
        let text = unit.repeat(size / unit.len());
        let _ = parse(&text);
        let _ = parse(&format!("{{{text}"));
    }
}
