//! Properties that hold for every text.

use proptest::prelude::*;
use spanned_json::{Node, NodeKind, Span, parse};

/// Pieces that make broken JSON likelier than random characters do.
fn nearly_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just(",".to_owned()),
        Just(":".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("\n".to_owned()),
        Just(" ".to_owned()),
        Just("\"a\"".to_owned()),
        Just("\"Next\":".to_owned()),
        Just("true".to_owned()),
        Just("-1.5e3".to_owned()),
        Just("\\u00".to_owned()),
        Just("\\ud800".to_owned()),
        Just("🦀".to_owned()),
        ".{0,4}"
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        any::<String>().prop_map(Into::into)
    ];
    leaf.prop_recursive(6, 64, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(serde_json::Value::from),
            prop::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|members| serde_json::Value::Object(members.into_iter().collect()))
        ]
    })
}

fn to_serde(node: &Node) -> serde_json::Value {
    match &node.kind {
        NodeKind::Null => serde_json::Value::Null,
        NodeKind::Bool(value) => (*value).into(),
        NodeKind::Number(text) => serde_json::from_str(text).unwrap(),
        NodeKind::String(text) => text.as_str().into(),
        NodeKind::Array(items) => items.iter().map(to_serde).collect(),
        NodeKind::Object(members) => serde_json::Value::Object(
            members.iter().map(|member| (member.key.clone(), member.value.as_ref().map(to_serde).unwrap())).collect(),
        ),
    }
}

fn assert_nested(node: &Node, within: Span, text: &str) {
    assert!(within.contains(node.span) && node.span.start <= node.span.end, "{:?} in {within:?}", node.span);
    assert!(text.get(node.span.start..node.span.end).is_some());
    let mut before = node.span.start;
    for item in node.items() {
        assert!(item.span.start >= before);
        before = item.span.end;
        assert_nested(item, node.span, text);
    }
    for member in node.members() {
        assert!(node.span.contains(member.key_span) && member.key_span.start >= before);
        before = member.span().end;
        if let Some(value) = &member.value {
            assert!(value.span.start >= member.key_span.end);
            assert_nested(value, node.span, text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_a_sound_tree(text in nearly_json()) {
        let document = parse(&text);
        let whole = Span::new(0, text.len());
        if let Some(root) = &document.root {
            assert_nested(root, whole, &text);
        }
        for error in &document.errors {
            prop_assert!(whole.contains(error.span) && error.span.start <= error.span.end, "{:?}", error);
            prop_assert!(text.get(error.span.start..error.span.end).is_some(), "{:?}", error);
        }
        // No errors exactly when it is JSON.
        let valid = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        let duplicates = document.errors.iter().all(|e| e.kind == spanned_json::SyntaxErrorKind::DuplicateKey);
        prop_assert_eq!(valid, duplicates, "{:?}", document.errors);
    }

    #[test]
    fn json_reads_as_serde_json_reads_it(value in json(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let document = parse(&text);
        prop_assert_eq!(&document.errors, &vec![]);
        let expected: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(to_serde(&document.root.unwrap()), expected);
    }

    #[test]
    fn units_go_there_and_back(text in ".{0,40}", at in 0_usize..60) {
        let byte = spanned_json::utf16_to_byte(&text, at);
        prop_assert!(spanned_json::byte_to_utf16(&text, byte) <= at);
        prop_assert_eq!(spanned_json::utf16_to_byte(&text, spanned_json::byte_to_utf16(&text, byte)), byte);
    }
}
