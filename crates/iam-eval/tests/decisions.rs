//! Tables of policies and what follows from them.

use iam_eval::{Context, Decision, Policies, PolicyDocument, PolicyKind, Reason, Request, evaluate};
use shared_json::{Value, json};

const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/Sender/run-1";
const ROLE: &str = "arn:aws:iam::123456789012:role/Sender";
const STRANGER: &str = "arn:aws:sts::000000000002:assumed-role/Sender/run-1";
const ROOT: &str = "arn:aws:iam::123456789012:root";
const ORDERS: &str = "arn:aws:sqs:eu-west-1:123456789012:Orders";

fn document(statements: Value) -> PolicyDocument {
    PolicyDocument::parse(&json!({"Version": "2012-10-17"}).with("Statement", statements)).unwrap()
}

/// Optional policies of every kind, as statements.
#[derive(Default)]
struct Case {
    identity: Option<Value>,
    boundary: Option<Value>,
    resource: Option<Value>,
    trust: Option<Value>,
}

impl Case {
    fn decide(&self, request: &Request<'_>) -> Decision {
        let read = |statements: &Option<Value>| statements.clone().map(document);
        let [identity, boundary, resource, trust] =
            [&self.identity, &self.boundary, &self.resource, &self.trust].map(read);
        let identity: Vec<_> = identity.iter().map(|document| ("Identity", document)).collect();
        evaluate(
            request,
            &Policies {
                identity: &identity,
                boundary: boundary.as_ref().map(|document| ("Boundary", document)),
                resource: resource.as_ref().map(|document| ("Queue policy", document)),
                trust: trust.as_ref().map(|document| ("Trust policy", document)),
            },
        )
    }
}

fn send<'a>(principal_arn: &'a str, context: &'a Context<'a>) -> Request<'a> {
    Request { principal_arn, action: "sqs:SendMessage", resource: ORDERS, context }
}

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn deny(action: &str, resource: &str) -> Value {
    json!({"Effect": "Deny", "Action": action, "Resource": resource})
}

fn granting(principal: Value) -> Value {
    allow("sqs:*", ORDERS).with("Principal", principal)
}

fn refusing(principal: Value) -> Value {
    deny("sqs:*", ORDERS).with("Principal", principal)
}

const NO_IDENTITY: Reason = Reason::NotAllowed(PolicyKind::Identity);

#[test]
fn statements_of_a_role() {
    let cases = [
        (json!([allow("sqs:SendMessage", ORDERS)]), Reason::AllowedByIdentityPolicy),
        (json!([allow("SQS:sendmessage", "*")]), Reason::AllowedByIdentityPolicy),
        (json!([allow("sqs:Send?essage", "arn:aws:sqs:*:*:Ord?rs")]), Reason::AllowedByIdentityPolicy),
        (
            json!({"Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": ["a:b", "arn:aws:sqs:*"]}),
            Reason::AllowedByIdentityPolicy,
        ),
        (json!([allow("sqs:Receive*", "*")]), NO_IDENTITY),
        (json!([allow("*", "arn:aws:sqs:eu-west-1:123456789012:orders")]), NO_IDENTITY),
        (json!([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]), Reason::AllowedByIdentityPolicy),
        (json!([{"Effect": "Allow", "NotAction": ["iam:*", "sqs:*"], "Resource": "*"}]), NO_IDENTITY),
        (json!([{"Effect": "Allow", "Action": "*", "NotResource": ORDERS}]), NO_IDENTITY),
        (json!([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::*"}]), Reason::AllowedByIdentityPolicy),
        (json!([allow("*", "*"), deny("sqs:*", "*")]), Reason::ExplicitDeny(PolicyKind::Identity)),
        (json!([deny("sqs:*", "*"), allow("*", "*")]), Reason::ExplicitDeny(PolicyKind::Identity)),
        (
            json!([allow("*", "*"), {"Effect": "Deny", "NotAction": "sqs:*", "Resource": "*"}]),
            Reason::AllowedByIdentityPolicy,
        ),
        (json!([allow("*", "arn:aws:sqs:*:${aws:PrincipalAccount}:*")]), Reason::AllowedByIdentityPolicy),
        (json!([allow("*", "arn:aws:sqs:*:*:${aws:PrincipalTag/queue}")]), NO_IDENTITY),
    ];
    let context = Context::new().with("aws:PrincipalAccount", "123456789012");
    for (statements, expected) in cases {
        let case = Case { identity: Some(statements.clone()), ..Case::default() };
        assert_eq!(case.decide(&send(SESSION, &context)).reason, expected, "{statements}");
    }
}

#[test]
fn an_old_version_has_no_variables() {
    let statement = allow("*", "arn:aws:sqs:*:${aws:PrincipalAccount}:*");
    let old = PolicyDocument::parse(&Value::object([("Statement", statement)])).unwrap();
    let context = Context::new().with("aws:PrincipalAccount", "123456789012");
    let policies = Policies { identity: &[("Old", &old)], ..Policies::default() };
    assert!(!evaluate(&send(SESSION, &context), &policies).allowed);
}

#[test]
fn queue_policies_name_principals() {
    use Reason::{AllowedByResourcePolicy, ExplicitDeny};
    let cases = [
        (granting(json!("*")), AllowedByResourcePolicy),
        (granting(json!({"AWS": "*"})), AllowedByResourcePolicy),
        (granting(json!({"AWS": ROLE})), AllowedByResourcePolicy),
        (granting(json!({"AWS": SESSION})), AllowedByResourcePolicy),
        (granting(json!({"AWS": "arn:aws:iam::123456789012:role/Other"})), NO_IDENTITY),
        (granting(json!({"AWS": "arn:aws:iam::123456789012:role/service-role/Sender"})), NO_IDENTITY),
        (granting(json!({"AWS": "arn:aws:iam::123456789012:user/Sender"})), NO_IDENTITY),
        // The account as a principal leaves it to identity-based policies.
        (granting(json!({"AWS": "123456789012"})), NO_IDENTITY),
        (granting(json!({"AWS": ROOT})), NO_IDENTITY),
        (granting(json!({"Service": "states.amazonaws.com"})), NO_IDENTITY),
        // A deny for the account reaches everyone in it.
        (refusing(json!({"AWS": ROOT})), ExplicitDeny(PolicyKind::Resource)),
        (refusing(json!({"AWS": "000000000002"})), NO_IDENTITY),
        (deny("sqs:*", ORDERS).with("NotPrincipal", json!({"AWS": [SESSION, ROLE, ROOT]})), NO_IDENTITY),
        // Who does not name the account too denies everyone in it.
        (
            deny("sqs:*", ORDERS).with("NotPrincipal", json!({"AWS": [SESSION, ROLE]})),
            ExplicitDeny(PolicyKind::Resource),
        ),
        (
            deny("sqs:*", ORDERS).with("NotPrincipal", json!({"AWS": "000000000002"})),
            ExplicitDeny(PolicyKind::Resource),
        ),
        (allow("sqs:*", ORDERS).with("NotPrincipal", json!({"AWS": ROLE})), NO_IDENTITY),
        (allow("sqs:*", ORDERS).with("NotPrincipal", json!({"AWS": "000000000002"})), AllowedByResourcePolicy),
    ];
    let context = Context::new().with("aws:PrincipalArn", ROLE);
    for (statement, expected) in cases {
        let case = Case { resource: Some(statement.clone()), ..Case::default() };
        assert_eq!(case.decide(&send(SESSION, &context)).reason, expected, "{statement}");
    }
}

#[test]
fn another_account_needs_both_sides() {
    let may = || Some(allow("sqs:*", "*"));
    let cases = [
        (may(), Some(granting(json!({"AWS": "000000000002"}))), Reason::AllowedByBothSides),
        (may(), Some(granting(json!({"AWS": "arn:aws:iam::000000000002:role/Sender"}))), Reason::AllowedByBothSides),
        (may(), Some(granting(json!("*"))), Reason::AllowedByBothSides),
        (may(), None, Reason::NotAllowed(PolicyKind::Resource)),
        (may(), Some(granting(json!({"AWS": ROOT}))), Reason::NotAllowed(PolicyKind::Resource)),
        (None, Some(granting(json!("*"))), NO_IDENTITY),
        (may(), Some(refusing(json!("*"))), Reason::ExplicitDeny(PolicyKind::Resource)),
        (Some(deny("sqs:*", "*")), Some(granting(json!("*"))), Reason::ExplicitDeny(PolicyKind::Identity)),
    ];
    let context = Context::new();
    for (identity, resource, expected) in cases {
        let told = format!("{identity:?} {resource:?}");
        let case = Case { identity, resource, ..Case::default() };
        assert_eq!(case.decide(&send(STRANGER, &context)).reason, expected, "{told}");
    }
}

#[test]
fn the_root_user_is_bound_by_explicit_denies_only() {
    let cases = [
        (None, Reason::AllowedAsRoot),
        (Some(granting(json!({"AWS": ROLE}))), Reason::AllowedAsRoot),
        (Some(granting(json!("*"))), Reason::AllowedByResourcePolicy),
        (Some(refusing(json!("*"))), Reason::ExplicitDeny(PolicyKind::Resource)),
        (Some(refusing(json!({"AWS": ROLE}))), Reason::AllowedAsRoot),
        (Some(deny("sqs:*", ORDERS).with("NotPrincipal", json!({"AWS": ROOT}))), Reason::AllowedAsRoot),
    ];
    let context = Context::new();
    for (resource, expected) in cases {
        let told = format!("{resource:?}");
        let case = Case { resource, ..Case::default() };
        assert_eq!(case.decide(&send(ROOT, &context)).reason, expected, "{told}");
    }
}

#[test]
fn services_need_the_resource_policy() {
    let topic = "arn:aws:sns:eu-west-1:123456789012:news";
    let sns = || granting(json!({"Service": "sns.amazonaws.com"}));
    let from = |topic: &str| json!({"ArnEquals": {"aws:SourceArn": topic}});
    let no_resource = Reason::NotAllowed(PolicyKind::Resource);
    let cases = [
        (None, no_resource),
        (Some(sns()), Reason::AllowedByResourcePolicy),
        (Some(granting(json!({"Service": "sns.eu-west-1.amazonaws.com"}))), Reason::AllowedByResourcePolicy),
        (Some(granting(json!({"Service": "events.amazonaws.com"}))), no_resource),
        (Some(granting(json!({"AWS": "123456789012"}))), no_resource),
        (Some(granting(json!("*")).with("Condition", from(topic))), Reason::AllowedByResourcePolicy),
        (Some(sns().with("Condition", from("arn:aws:sns:*:*:other"))), no_resource),
        (
            Some(sns().with("Condition", json!({"StringEquals": {"aws:SourceAccount": "123456789012"}}))),
            Reason::AllowedByResourcePolicy,
        ),
        (Some(json!([sns(), refusing(json!("*"))])), Reason::ExplicitDeny(PolicyKind::Resource)),
    ];
    let context = Context::new()
        .with("aws:SourceArn", topic)
        .with("aws:SourceAccount", "123456789012")
        .with("aws:RequestedRegion", "eu-west-1");
    for (resource, expected) in cases {
        let told = format!("{resource:?}");
        let case = Case { resource, ..Case::default() };
        assert_eq!(case.decide(&send("sns.amazonaws.com", &context)).reason, expected, "{told}");
    }
}

#[test]
fn a_boundary_is_the_most_that_a_role_may_do() {
    let all = || Some(allow("*", "*"));
    let beyond = Reason::NotAllowed(PolicyKind::Boundary);
    let cases = [
        (all(), Some(allow("sqs:*", "*")), None, Reason::AllowedByIdentityPolicy),
        (all(), Some(allow("s3:*", "*")), None, beyond),
        (all(), Some(deny("sqs:*", "*")), None, Reason::ExplicitDeny(PolicyKind::Boundary)),
        (None, Some(allow("*", "*")), None, NO_IDENTITY),
        // A role that a resource names stays within its boundary; a session that it names does not.
        (None, Some(allow("s3:*", "*")), Some(granting(json!({"AWS": ROLE}))), beyond),
        (None, Some(allow("s3:*", "*")), Some(granting(json!({"AWS": SESSION}))), Reason::AllowedByResourcePolicy),
        (None, Some(allow("sqs:*", "*")), Some(granting(json!({"AWS": ROLE}))), Reason::AllowedByResourcePolicy),
    ];
    let context = Context::new();
    for (identity, boundary, resource, expected) in cases {
        let told = format!("{identity:?} {boundary:?} {resource:?}");
        let case = Case { identity, boundary, resource, ..Case::default() };
        assert_eq!(case.decide(&send(SESSION, &context)).reason, expected, "{told}");
    }
}

#[test]
fn roles_are_assumed_by_whom_they_trust() {
    let target = "arn:aws:iam::123456789012:role/Target";
    let trusts = |principal: Value| json!({"Effect": "Allow", "Action": "sts:AssumeRole"}).with("Principal", principal);
    let external = |id: &str| json!({"StringEquals": {"sts:ExternalId": id}});
    let may = || Some(allow("sts:AssumeRole", target));
    let no_trust = Reason::NotAllowed(PolicyKind::Trust);
    let cases = [
        (SESSION, None, trusts(json!({"AWS": ROLE})), Reason::AllowedByTrustPolicy),
        (SESSION, None, trusts(json!({"AWS": ROOT})), NO_IDENTITY),
        (SESSION, may(), trusts(json!({"AWS": ROOT})), Reason::AllowedByTrustPolicy),
        (SESSION, may(), trusts(json!({"Service": "states.amazonaws.com"})), no_trust),
        (
            SESSION,
            may(),
            trusts(json!({"AWS": ROLE})).with("Condition", external("Machine")),
            Reason::AllowedByTrustPolicy,
        ),
        (SESSION, may(), trusts(json!({"AWS": ROLE})).with("Condition", external("Other")), no_trust),
        (
            SESSION,
            may(),
            trusts(json!({"AWS": ROLE})).with("Effect", json!("Deny")),
            Reason::ExplicitDeny(PolicyKind::Trust),
        ),
        (STRANGER, may(), trusts(json!({"AWS": "000000000002"})), Reason::AllowedByBothSides),
        (STRANGER, None, trusts(json!({"AWS": "000000000002"})), NO_IDENTITY),
        (STRANGER, may(), trusts(json!({"AWS": ROOT})), no_trust),
        (
            "states.amazonaws.com",
            None,
            trusts(json!({"Service": "states.amazonaws.com"})),
            Reason::AllowedByTrustPolicy,
        ),
        ("lambda.amazonaws.com", None, trusts(json!({"Service": "states.amazonaws.com"})), no_trust),
    ];
    let context = Context::new().with("sts:ExternalId", "Machine");
    for (principal_arn, identity, trust, expected) in cases {
        let told = format!("{principal_arn} {identity:?} {trust}");
        let case = Case { identity, trust: Some(trust), ..Case::default() };
        let request = Request { principal_arn, action: "sts:AssumeRole", resource: target, context: &context };
        assert_eq!(case.decide(&request).reason, expected, "{told}");
    }
}

#[test]
fn a_decision_carries_its_reasons() {
    let case = Case {
        identity: Some(json!([
            {"Sid": "Read", "Effect": "Allow", "Action": "sqs:ReceiveMessage", "Resource": "*"},
            {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
            {"Effect": "Allow", "Action": "sqs:*", "Resource": "*", "Condition": {"StringEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-west-2"]}}},
        ])),
        resource: Some(granting(json!({"AWS": "arn:aws:iam::123456789012:role/Other"}))),
        ..Case::default()
    };
    let context = Context::new().with("aws:RequestedRegion", "us-east-1");
    let decision = case.decide(&send(SESSION, &context));
    assert!(!decision.allowed);
    let why: Vec<_> =
        decision.statements.iter().map(|s| (s.kind, s.index, s.why_not.as_deref().unwrap_or_default())).collect();
    assert_eq!(
        why,
        [
            (PolicyKind::Identity, 0, "It is not about the action sqs:SendMessage."),
            (
                PolicyKind::Identity,
                1,
                "Its condition Bool on aws:SecureTransport is not met: the call has no aws:SecureTransport."
            ),
            (
                PolicyKind::Identity,
                2,
                "Its condition StringEquals on aws:RequestedRegion is not met: it wants eu-west-1 or eu-west-2, and the call has us-east-1."
            ),
            (
                PolicyKind::Resource,
                0,
                "It is not about the principal arn:aws:sts::123456789012:assumed-role/Sender/run-1."
            ),
        ]
    );
    assert_eq!(decision.statements[0].sid.as_deref(), Some("Read"));
    assert_eq!((&*decision.action, &*decision.resource), ("sqs:SendMessage", ORDERS));
}

#[test]
fn denials_read_as_on_aws() {
    let with = |principal: &str, action: &str, case: Case| {
        let context = Context::new();
        let request = Request { principal_arn: principal, action, resource: ORDERS, context: &context };
        case.decide(&request).denial_message(&request)
    };
    let user = format!("User: {SESSION} is not authorized to perform:");
    let sends = format!("{user} sqs:sendmessage on resource: {ORDERS}");
    let cases = [
        (Case::default(), format!("{sends} because no identity-based policy allows the sqs:sendmessage action")),
        (
            Case { identity: Some(deny("*", "*")), ..Case::default() },
            format!("{sends} with an explicit deny in an identity-based policy"),
        ),
        (
            Case { resource: Some(refusing(json!("*"))), ..Case::default() },
            format!("{sends} with an explicit deny in a resource-based policy"),
        ),
        (
            Case { identity: Some(allow("*", "*")), boundary: Some(deny("*", "*")), ..Case::default() },
            format!("{sends} with an explicit deny in a permissions boundary"),
        ),
        (
            Case { identity: Some(allow("*", "*")), boundary: Some(allow("s3:*", "*")), ..Case::default() },
            format!("{sends} because no permissions boundary allows the sqs:sendmessage action"),
        ),
    ];
    for (case, expected) in cases {
        assert_eq!(with(SESSION, "sqs:SendMessage", case), expected);
    }
    let foreign = with(STRANGER, "sqs:SendMessage", Case { identity: Some(allow("*", "*")), ..Case::default() });
    assert!(foreign.ends_with("because no resource-based policy allows the sqs:sendmessage action"), "{foreign}");
    assert_eq!(
        with(SESSION, "states:SendTaskSuccess", Case::default()),
        format!(
            "{user} states:SendTaskSuccess on resource: {ORDERS} because no identity-based policy allows the states:SendTaskSuccess action"
        )
    );
    let trust = |effect: &str| {
        Some(json!({"Effect": effect, "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}))
    };
    assert_eq!(
        with(SESSION, "sts:AssumeRole", Case { trust: trust("Allow"), ..Case::default() }),
        format!("{user} sts:AssumeRole because no role trust policy allows the sts:AssumeRole action")
    );
    assert_eq!(
        with("lambda.amazonaws.com", "sts:AssumeRole", Case { trust: trust("Deny"), ..Case::default() }),
        "User: lambda.amazonaws.com is not authorized to perform: sts:AssumeRole with an explicit deny in the role trust policy"
    );
}
