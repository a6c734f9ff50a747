//! Malformed policy documents, and what AWS says of them.

use iam_eval::{PolicyDocument, PolicyError};
use shared_json::{Value, json};

fn refusal(
    document: &Value,
    check: fn(&PolicyDocument) -> Result<(), PolicyError>,
) -> Option<(String, Option<String>)> {
    let result = PolicyDocument::parse(document).and_then(|parsed| check(&parsed));
    result.err().map(|error| (error.message, error.detail))
}

fn with_statement(statement: &Value) -> Value {
    json!({"Version": "2012-10-17"}).with("Statement", Value::array(vec![statement.clone()]))
}

const SYNTAX: &str = "Syntax errors in policy.";
const LEGACY: &str = "The policy failed legacy parsing";
const VENDOR: &str = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

#[test]
fn malformed_statements_of_identity_based_policies() {
    let allow = || json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let cases = [
        (json!("Allow"), SYNTAX),
        (json!({"Action": "sqs:*", "Resource": "*"}), SYNTAX),
        (allow().with("Effect", json!("allow")), LEGACY),
        (allow().with("Effect", json!("Permit")), SYNTAX),
        (allow().with("Sid", json!(1)), SYNTAX),
        (allow().with("Acton", json!("sqs:*")), SYNTAX),
        (allow().with("NotAction", json!("sqs:*")), SYNTAX),
        (allow().with("NotResource", json!("*")), SYNTAX),
        (allow().with("Action", json!({"a": 1})), SYNTAX),
        (allow().with("Action", json!(["sqs:*", 1])), SYNTAX),
        (allow().with("Condition", json!([])), SYNTAX),
        (allow().with("Condition", json!({"StringSame": {"aws:SourceArn": "a"}})), SYNTAX),
        (allow().with("Condition", json!({"StringEquals": "a"})), SYNTAX),
        (allow().with("Condition", json!({"StringEquals": {"aws:SourceArn": {}}})), SYNTAX),
        (allow().with("Condition", json!({"DateLessThan": {"aws:CurrentTime": "soon"}})), LEGACY),
        (allow().with("Condition", json!({"StringEquals": {"SourceArn": "a"}})), VENDOR),
        (allow().with("Principal", json!("*")), "Policy document should not specify a principal."),
        (allow().with("Principal", json!({"Role": "R"})), SYNTAX),
        (json!({"Effect": "Allow", "Resource": "*"}), "Policy statement must contain actions."),
        (allow().with("Action", json!([])), "Policy statement must contain actions."),
        (json!({"Effect": "Allow", "Action": "sqs:*"}), "Policy statement must contain resources."),
        (allow().with("Resource", json!([])), "Policy statement must contain resources."),
        (allow().with("Action", json!("SendMessage")), VENDOR),
        (allow().with("Action", json!("a:b:c")), "Actions/Condition can contain only one colon."),
        (allow().with("Action", json!("s q s:Send")), "Vendor s q s is not valid"),
        (allow().with("Resource", json!("Orders")), "Resource Orders must be in ARN format or \"*\"."),
        (allow().with("Resource", json!("a:Orders")), "Resource a:Orders must be in ARN format or \"*\"."),
        (
            allow().with("Resource", json!("arn:azure:sqs:r:1:Orders")),
            "Partition \"azure\" is not valid for resource \"arn:azure:sqs:r:1:Orders\".",
        ),
        (
            allow().with("Resource", json!("arn:azure:sqs")),
            "Partition \"azure\" is not valid for resource \"arn:azure:sqs:*:*:*\".",
        ),
        (
            allow().with("Resource", json!("arn:aws")),
            "Resource vendor must be fully qualified and cannot contain regexes.",
        ),
        (allow().with("Resource", json!("arn:aws:s3::b")), LEGACY),
        (allow().with("Resource", json!("arn:aws::a:b:c")), LEGACY),
        (
            allow().with("Resource", json!("arn:aws:iam:us-east-1:1:role/R")),
            "IAM resource arn:aws:iam:us-east-1:1:role/R cannot contain region information.",
        ),
        (
            allow().with("Resource", json!("arn:aws:s3:us-east-1:1:b")),
            "Resource arn:aws:s3:us-east-1:1:b can not contain region information.",
        ),
        (
            allow().with("Resource", json!("arn:aws:iam::1:roles/R")),
            "IAM resource path must either be \"*\" or start with user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.",
        ),
    ];
    for (statement, message) in cases {
        let told = refusal(&with_statement(&statement), PolicyDocument::check_identity_based);
        assert_eq!(told.map(|(message, _)| message).as_deref(), Some(message), "{statement}");
    }
    let numbers = allow()
        .with("Condition", json!({"Bool": {"aws:SecureTransport": true}, "NumericLessThan": {"s3:max-keys": 10}}));
    assert_eq!(refusal(&with_statement(&numbers), PolicyDocument::check_identity_based), None);
}

#[test]
fn malformed_documents() {
    let allow = json!({"Sid": "A", "Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let cases = [
        (json!([]), SYNTAX),
        (json!({"Version": "2012-10-17"}), SYNTAX),
        (json!({"Version": "2012-10-17", "Statement": []}), SYNTAX),
        (json!({"Version": "2012-10-17", "Statement": "all"}), SYNTAX),
        (json!({"Version": "2020-01-01"}).with("Statement", allow.clone()), SYNTAX),
        (json!({"Version": "2012-10-17", "Id": 1}).with("Statement", allow.clone()), SYNTAX),
        (json!({"Version": "2012-10-17", "Statements": []}).with("Statement", allow.clone()), SYNTAX),
        (Value::object([("Statement", allow.clone())]), "Policy document must be version 2012-10-17 or greater."),
        (
            json!({"Version": "2008-10-17"}).with("Statement", allow.clone()),
            "Policy document must be version 2012-10-17 or greater.",
        ),
        (
            json!({"Version": "2012-10-17"}).with("Statement", Value::array(vec![allow.clone(), allow.clone()])),
            "Statement IDs (SID) in a single policy must be unique.",
        ),
    ];
    for (document, message) in cases {
        let told = refusal(&document, PolicyDocument::check_identity_based);
        assert_eq!(told.map(|(message, _)| message).as_deref(), Some(message), "{document}");
    }
    let text = PolicyDocument::parse_text("{").unwrap_err();
    assert_eq!(text.message, SYNTAX);
    assert!(text.detail.is_some_and(|detail| detail.starts_with("It is not JSON: ")));
}

#[test]
fn a_refusal_tells_which_statement_is_meant() {
    let good = json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"});
    let check = |bad: Value, detail: &str| {
        let document = json!({"Version": "2012-10-17"}).with("Statement", Value::array(vec![good.clone(), bad]));
        let (_, told) = refusal(&document, PolicyDocument::check_identity_based).unwrap();
        assert_eq!(told.as_deref(), Some(detail));
    };
    check(good.with("Acton", json!("a")), "Statement 2: A statement has no element Acton.");
    check(good.with("Action", json!([])), "It is statement 2 that is meant.");
    check(good.with("Action", json!("Send")), "Statement 2: The action is Send.");
    check(
        good.with("Effect", json!("deny")),
        "Statement 2: Effect is Allow or Deny, with a capital letter, and not deny.",
    );
}

#[test]
fn trust_policies_have_their_own_rules() {
    let statement =
        |principal: Value| json!({"Effect": "Allow", "Action": "sts:AssumeRole"}).with("Principal", principal);
    let star = || statement(json!("*"));
    let cases = [
        (statement(json!({"Service": "lambda.amazonaws.com"})), None),
        (statement(json!({"Service": ["lambda.amazonaws.com", "states.us-east-1.amazonaws.com"]})), None),
        (statement(json!({"AWS": "123456789012"})), None),
        (statement(json!({"AWS": "*"})), None),
        (star().with("Action", json!("sts:Assume*")), None),
        (statement(json!({"Service": "lambda"})), Some("Invalid principal in policy: \"SERVICE\":\"lambda\"")),
        (statement(json!({"AWS": "1234"})), Some("Invalid principal in policy: \"AWS\":\"1234\"")),
        (
            statement(json!({"AWS": "arn:aws:iam::123456789012:role/*"})),
            Some("Invalid principal in policy: \"AWS\":\"arn:aws:iam::123456789012:role/*\""),
        ),
        (json!({"Effect": "Allow", "Action": "sts:AssumeRole"}), Some("Missing required field Principal")),
        (json!({"Effect": "Allow", "Principal": "*"}), Some("Missing required field Action")),
        (star().with("Resource", json!("*")), Some("Has prohibited field Resource")),
        (star().with("NotResource", json!("*")), Some("Has prohibited field NotResource")),
        (
            json!({"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": {"AWS": "123456789012"}}),
            Some("Has prohibited field NotPrincipal"),
        ),
        (star().with("Action", json!("sqs:*")), Some("AssumeRole policy may only specify STS AssumeRole actions.")),
    ];
    for (statement, message) in cases {
        let told = refusal(&with_statement(&statement), PolicyDocument::check_trust);
        assert_eq!(told.map(|(message, _)| message).as_deref(), message, "{statement}");
    }
}

#[test]
fn resource_policies_name_principals_and_resources() {
    let whole = json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:*", "Resource": "*"});
    let cases = [
        (whole.clone(), None),
        (json!({"Effect": "Allow", "Action": "sqs:*", "Resource": "*"}), Some("Missing required field Principal")),
        (json!({"Effect": "Allow", "Principal": "*", "Resource": "*"}), Some("Missing required field Action")),
        (json!({"Effect": "Allow", "Principal": "*", "Action": "sqs:*"}), Some("Missing required field Resource")),
        (whole.with("Principal", json!({"AWS": "Bob"})), Some("Invalid principal in policy: \"AWS\":\"Bob\"")),
    ];
    for (statement, message) in cases {
        // The version that old queue policies have is allowed here.
        let document = json!({"Version": "2008-10-17"}).with("Statement", statement.clone());
        let told = refusal(&document, PolicyDocument::check_resource_based);
        assert_eq!(told.map(|(message, _)| message).as_deref(), message, "{statement}");
    }
}
