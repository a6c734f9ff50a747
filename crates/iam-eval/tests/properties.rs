//! What holds whatever the policies say: a deny wins, an allow takes nothing away, and order is of no matter.

use iam_eval::{Context, Decision, Policies, PolicyDocument, Reason, Request, evaluate};
use proptest::prelude::*;
use shared_json::{Value, json};

const PRINCIPALS: [&str; 4] = [
    "arn:aws:sts::123456789012:assumed-role/A/s",
    "arn:aws:sts::000000000002:assumed-role/A/s",
    "arn:aws:iam::123456789012:root",
    "sns.amazonaws.com",
];
const RESOURCES: [&str; 3] =
    ["arn:aws:sqs:us-east-1:123456789012:a", "arn:aws:sqs:us-east-1:123456789012:ab", "arn:aws:s3:::bucket/key"];
const ACTIONS: [&str; 3] = ["sqs:SendMessage", "sqs:ReceiveMessage", "s3:GetObject"];

fn one_of(items: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    proptest::sample::select(items)
}

prop_compose! {
    fn statement()(
        effect in one_of(&["Allow", "Allow", "Deny"]),
        not_action in any::<bool>(), not_resource in any::<bool>(), not_principal in any::<bool>(),
        action in one_of(&["*", "sqs:*", "sqs:Send*", "s3:Get*", "sqs:ReceiveMessage"]),
        resource in one_of(&["*", "arn:aws:sqs:*:*:a*", "arn:aws:sqs:us-east-1:123456789012:a", "arn:aws:s3:::bucket/*"]),
        principal in one_of(&[
            r#"{"AWS":"*"}"#, r#"{"AWS":"123456789012"}"#, r#"{"AWS":"arn:aws:iam::123456789012:role/A"}"#,
            r#"{"AWS":"arn:aws:sts::000000000002:assumed-role/A/s"}"#, r#"{"Service":"sns.amazonaws.com"}"#,
        ]),
        condition in one_of(&[
            "{}", r#"{"Bool":{"aws:SecureTransport":"true"}}"#, r#"{"StringNotEquals":{"aws:userid":"x"}}"#,
            r#"{"Null":{"aws:userid":"true"}}"#, r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]}}"#,
        ]),
    ) -> Value {
        json!({"Effect": effect})
            .with(if not_action { "NotAction" } else { "Action" }, json!(action))
            .with(if not_resource { "NotResource" } else { "Resource" }, json!(resource))
            .with(if not_principal { "NotPrincipal" } else { "Principal" }, Value::parse(principal).unwrap())
            .with("Condition", Value::parse(condition).unwrap())
    }
}

fn list() -> impl Strategy<Value = Vec<Value>> {
    proptest::collection::vec(statement(), 0..5)
}

/// Policies of every kind, each as its statements.
#[derive(Clone, Debug)]
struct All {
    identity: Vec<Value>,
    boundary: Vec<Value>,
    resource: Vec<Value>,
}

prop_compose! {
    fn all()(identity in list(), boundary in list(), resource in list()) -> All { All { identity, boundary, resource } }
}

#[derive(Clone, Copy, Debug)]
struct Asked {
    principal: &'static str,
    action: &'static str,
    resource: &'static str,
    secure: &'static str,
}

prop_compose! {
    fn asked()(
        principal in one_of(&PRINCIPALS), action in one_of(&ACTIONS), resource in one_of(&RESOURCES),
        secure in one_of(&["true", "false"]),
    ) -> Asked { Asked { principal, action, resource, secure } }
}

fn parse(statements: &[Value]) -> Option<PolicyDocument> {
    let document = json!({"Version": "2012-10-17"}).with("Statement", Value::array(statements.to_vec()));
    (!statements.is_empty()).then(|| PolicyDocument::parse(&document).unwrap())
}

fn decide(all: &All, asked: Asked) -> Decision {
    let (identity, boundary, resource) = (parse(&all.identity), parse(&all.boundary), parse(&all.resource));
    let identity: Vec<_> = identity.iter().map(|document| ("I", document)).collect();
    let context = Context::new().with("aws:SecureTransport", asked.secure).with("aws:TagKeys", "a");
    let request =
        Request { principal_arn: asked.principal, action: asked.action, resource: asked.resource, context: &context };
    let policies = Policies {
        identity: &identity,
        boundary: boundary.as_ref().map(|document| ("B", document)),
        resource: resource.as_ref().map(|document| ("R", document)),
        trust: None,
    };
    evaluate(&request, &policies)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn a_deny_that_fits_always_wins(all in all(), asked in asked(), place in 0_usize..3) {
        let everything = json!({"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"});
        let mut denied = all.clone();
        let list = [&mut denied.identity, &mut denied.boundary, &mut denied.resource].into_iter().nth(place).unwrap();
        list.push(everything);
        let decision = decide(&denied, asked);
        prop_assert!(!decision.allowed);
        prop_assert!(matches!(decision.reason, Reason::ExplicitDeny(_)));
    }

    #[test]
    fn one_more_allow_takes_nothing_away(all in all(), more in statement(), asked in asked(), place in 0_usize..3) {
        let before = decide(&all, asked);
        let mut after = all.clone();
        let list = [&mut after.identity, &mut after.boundary, &mut after.resource].into_iter().nth(place).unwrap();
        // The first statement of a boundary makes the boundary, which is not adding to one.
        prop_assume!(place != 1 || !list.is_empty());
        list.push(more.with("Effect", json!("Allow")));
        prop_assert!(!before.allowed || decide(&after, asked).allowed);
    }

    #[test]
    fn one_more_deny_gives_nothing(all in all(), more in statement(), asked in asked(), place in 0_usize..3) {
        let before = decide(&all, asked);
        let mut after = all.clone();
        let list = [&mut after.identity, &mut after.boundary, &mut after.resource].into_iter().nth(place).unwrap();
        list.push(more.with("Effect", json!("Deny")));
        prop_assert!(before.allowed || !decide(&after, asked).allowed);
    }

    #[test]
    fn the_order_of_statements_is_of_no_matter(all in all(), asked in asked()) {
        let mut turned = all.clone();
        turned.identity.reverse();
        turned.boundary.reverse();
        turned.resource.reverse();
        let (one, other) = (decide(&all, asked), decide(&turned, asked));
        prop_assert_eq!(one.reason, other.reason);
        prop_assert_eq!(one.statements.len(), other.statements.len());
    }

    #[test]
    fn nothing_is_allowed_by_nothing(asked in asked()) {
        let nothing = All { identity: vec![], boundary: vec![], resource: vec![] };
        let root = asked.principal.ends_with(":root");
        prop_assert_eq!(decide(&nothing, asked).allowed, root);
    }
}
