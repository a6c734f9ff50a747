use shared_json::json;

use super::*;

fn answer() -> Value {
    json!({
        "Messages": [
            {"Body": "b2", "Size": 20, "Tags": ["x", "y"]},
            {"Body": "b1", "Size": 10, "Tags": ["z"]},
            {"Body": "b3", "Size": 30, "Tags": []},
        ],
        "Attributes": {"Delay": "5", "Arn": "arn:q"},
        "Odd key": 1,
    })
}

#[test]
fn expressions_are_run_as_the_specification_tells() {
    for (text, result) in [
        ("Messages[0].Body", json!("b2")),
        ("Messages[-1].Body", json!("b3")),
        ("Messages[9]", json!(null)),
        ("Messages[*].Body", json!(["b2", "b1", "b3"])),
        ("Messages[].Tags[]", json!(["x", "y", "z"])),
        ("Messages[?Size > `15`].Body", json!(["b2", "b3"])),
        ("Messages[?Body == 'b1'] | [0].Size", json!(10)),
        ("Messages[::-1].Size", json!([30, 10, 20])),
        ("Messages[:2].Size", json!([20, 10])),
        ("Messages[5:0:-2].Size", json!([30])),
        ("Messages[-2:].Size", json!([10, 30])),
        ("Attributes.*", json!(["5", "arn:q"])),
        ("\"Odd key\"", json!(1)),
        ("sort_by(Messages, &Size)[*].Body", json!(["b1", "b2", "b3"])),
        ("max_by(Messages, &Size).Body", json!("b3")),
        ("length(Messages)", json!(3)),
        ("sum(Messages[*].Size)", json!(60)),
        ("join(',', Messages[*].Body)", json!("b2,b1,b3")),
        ("to_number(Attributes.Delay)", json!(5)),
        ("Messages[*].[Size, Body]", json!([[20, "b2"], [10, "b1"], [30, "b3"]])),
        ("Missing || 'none'", json!("none")),
        ("!Missing && Attributes.Arn", json!("arn:q")),
        ("contains(keys(Attributes), 'Arn')", json!(true)),
        ("map(&Size, Messages)", json!([20, 10, 30])),
        ("not_null(Missing, Attributes.Delay)", json!("5")),
        ("type(Messages)", json!("array")),
        ("reverse('abc')", json!("cba")),
    ] {
        assert_eq!(Query::parse(text).unwrap().search(&answer()), Ok(result), "{text}");
    }
}

#[test]
fn members_stay_in_the_order_in_which_they_were_asked_for() {
    let query = Query::parse("Messages[0].{Size: Size, Body: Body}").unwrap();
    assert_eq!(query.search(&answer()).unwrap().to_string(), r#"{"Size":20,"Body":"b2"}"#);
}

#[test]
fn what_cannot_be_asked_is_told() {
    for text in ["Messages[", "a..b", "{", ""] {
        assert!(Query::parse(text).is_err(), "{text}");
    }
    assert!(Query::parse(&"!".repeat(5_000)).is_err());
    assert!(Query::parse(&"a.".repeat(5_000)).is_err());
    let failed = |text: &str| Query::parse(text).unwrap().search(&answer()).unwrap_err();
    assert_eq!(
        failed("length(Missing)"),
        "In function length(), invalid type for value: None, expected one of: ['string', 'array', 'object'], received: \
         \"null\""
    );
    assert_eq!(failed("nope(Messages)"), "Unknown function: nope()");
    assert_eq!(failed("length()"), "Expected 1 argument for function length(), received 0");
}
