//! Which values each kind of rule lets through, and which patterns are none.

use event_pattern::Pattern;
use shared_json::{Value, json};

fn matches(pattern: &Value, value: &Value) -> bool {
    Pattern::parse(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).matches(value)
}

#[test]
fn each_rule_lets_through_what_it_says() {
    let order = json!({"city": "Oslo", "total": 120, "paid": true, "note": null, "tags": ["new", "big"],
        "empty": "", "customer": {"name": "Ada", "level": 3}, "lines": [{"sku": "A1", "n": 2}, {"sku": "B2", "n": 9}]});
    let through = [
        json!({"city": ["Oslo"]}),
        json!({"city": ["Rome", "Oslo"], "paid": [true]}),
        json!({"note": [null]}),
        json!({"empty": [""]}),
        json!({"total": [120]}),
        json!({"total": [1.2e2]}),
        json!({"tags": ["big"]}),
        json!({"customer": {"name": ["Ada"], "level": [{"numeric": ["=", 3]}]}}),
        json!({"city": [{"prefix": "Os"}]}),
        json!({"city": [{"suffix": "lo"}]}),
        json!({"city": [{"prefix": {"equals-ignore-case": "oS"}}]}),
        json!({"city": [{"suffix": {"equals-ignore-case": "LO"}}]}),
        json!({"city": [{"equals-ignore-case": "oSLO"}]}),
        json!({"city": [{"anything-but": "Rome"}]}),
        json!({"city": [{"anything-but": ["Rome", "Bern"]}]}),
        json!({"city": [{"anything-but": {"prefix": "R"}}]}),
        json!({"city": [{"anything-but": {"suffix": ["x", "y"]}}]}),
        json!({"total": [{"anything-but": [1, 2]}]}),
        json!({"total": [{"numeric": [">", 100, "<=", 120]}]}),
        json!({"city": [{"exists": true}]}),
        json!({"country": [{"exists": false}]}),
        json!({"customer": {"street": [{"exists": false}]}}),
        json!({"shop": {"street": [{"exists": false}]}}),
        json!({"lines": {"sku": ["B2"], "n": [{"numeric": [">=", 9]}]}}),
        json!({"$or": [{"city": ["Rome"]}, {"total": [{"numeric": ["<", 200]}]}]}),
        json!({"customer": {"$or": [{"level": [9]}, {"name": ["Ada"]}]}, "paid": [true]}),
    ];
    for pattern in &through {
        assert!(matches(pattern, &order), "{pattern} lets it through");
    }
    let held = [
        json!({"city": ["oslo"]}),
        json!({"city": ["Oslo"], "paid": [false]}),
        json!({"total": ["120"]}),
        json!({"country": [{"anything-but": "Norway"}]}),
        json!({"city": [{"anything-but": ["Rome", "Oslo"]}]}),
        json!({"city": [{"anything-but": {"equals-ignore-case": "OSLO"}}]}),
        json!({"total": [{"numeric": [">", 120]}]}),
        json!({"city": [{"numeric": [">", 1]}]}),
        json!({"city": [{"exists": false}]}),
        json!({"country": [{"exists": true}]}),
        // One line must fit as a whole.
        json!({"lines": {"sku": ["A1"], "n": [9]}}),
        json!({"$or": [{"city": ["Rome"]}, {"total": [1]}]}),
        json!({"city": {"name": ["Oslo"]}}),
        json!({"customer": ["Ada"]}),
    ];
    for pattern in &held {
        assert!(!matches(pattern, &order), "{pattern} holds it back");
    }
    assert!(!matches(&json!({"a": [1]}), &json!("plain")));
}

#[test]
fn what_is_no_pattern_is_refused_with_its_place() {
    let cases = [
        (json!([]), "a pattern must be a JSON object"),
        (json!({}), "a pattern must name at least one field"),
        (json!({"a": "x"}), "a: the value of a field must be a list or an object"),
        (json!({"a": {"b": []}}), "a.b: an empty list lets nothing through"),
        (json!({"a": {}}), "a: a pattern must name at least one field"),
        (json!({"a": [[1]]}), "a: a list must not hold another list"),
        (json!({"a": [{}]}), "a: a rule must have exactly one operator"),
        (json!({"a": [{"prefix": "x", "suffix": "y"}]}), "a: a rule must have exactly one operator"),
        (json!({"a": [{"prefix": 1}]}), "a.prefix: must be a string"),
        (json!({"a": [{"exists": "yes"}]}), "a.exists: must be true or false"),
        (json!({"a": [{"numeric": [">", "x"]}]}), "a.numeric: must be a list such as"),
        (json!({"a": [{"numeric": [">", 5, "<", 5]}]}), "a.numeric: the bottom of a range"),
        (json!({"a": [{"numeric": ["=", 5, "<", 9]}]}), "a.numeric: a range must go from"),
        (json!({"a": [{"anything-but": [true]}]}), "a.anything-but: takes strings and numbers"),
        (json!({"a": [{"anything-but": []}]}), "a.anything-but: must not be an empty list"),
        (json!({"a": [{"wildcard": "*x"}]}), "a.wildcard: is no operator"),
        (json!({"$or": [{"a": [1]}]}), "$or: must be a list of at least two patterns"),
    ];
    for (pattern, why) in cases {
        let error = Pattern::parse(&pattern).expect_err(&pattern.to_string()).to_string();
        assert!(error.starts_with(why), "{pattern}: {error}");
    }
}
