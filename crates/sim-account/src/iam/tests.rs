use super::*;
use shared_json::json;

const ACCOUNT: &str = "123456789012";

fn now() -> Timestamp {
    Timestamp::from_millis(1_681_884_000_250)
}

fn with_role(name: &str) -> Iam {
    let mut iam = Iam::new(ACCOUNT, 3);
    let trust = iam_eval::trust::states().to_string();
    iam.call(now(), "CreateRole", &json!({"RoleName": name, "AssumeRolePolicyDocument": trust})).unwrap();
    iam
}

fn send_policy(resource: &str) -> String {
    json!({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage"], "Resource": [resource]}],
    })
    .to_string()
}

#[test]
fn a_role_is_made_shown_and_deleted() {
    let mut iam = with_role("Orders-role");
    let role = iam.call(now(), "GetRole", &json!({"RoleName": "Orders-role"})).unwrap()["Role"].clone();
    assert_eq!(role["Arn"], json!("arn:aws:iam::123456789012:role/Orders-role"));
    assert_eq!(role["CreateDate"], json!("2023-04-19T06:00:00+00:00"));
    assert_eq!(role["AssumeRolePolicyDocument"], iam_eval::trust::states());
    assert!(role.get_str("RoleId").is_some_and(|id| id.starts_with("AROA") && id.len() == 21));
    assert_eq!(iam.call(now(), "ListRoles", &json!({})).unwrap()["Roles"].as_array().map(<[Value]>::len), Some(1));
    let found = iam.role_by_arn("arn:aws:iam::123456789012:role/Orders-role").unwrap();
    assert!(found.trusts("states.amazonaws.com") && !found.trusts("lambda.amazonaws.com"));
    iam.call(now(), "DeleteRole", &json!({"RoleName": "Orders-role"})).unwrap();
    assert_eq!(iam.roles().count(), 0);
}

#[test]
fn a_role_with_policies_is_not_deleted() {
    let mut iam = with_role("R");
    let arn = "arn:aws:iam::aws:policy/AmazonSQSFullAccess";
    let mut call = |action: &str, params: Value| iam.call(now(), action, &params.with("RoleName", json!("R")));
    let document = send_policy("*");
    call("AttachRolePolicy", json!({"PolicyArn": arn})).unwrap();
    call("PutRolePolicy", json!({"PolicyName": "Send", "PolicyDocument": document})).unwrap();
    let error = call("DeleteRole", json!({})).unwrap_err();
    assert_eq!(error.to_string(), "DeleteConflict: Cannot delete entity, must detach all policies first.");
    let attached = call("ListAttachedRolePolicies", json!({})).unwrap();
    assert_eq!(attached, json!({"AttachedPolicies": [{"PolicyName": "AmazonSQSFullAccess", "PolicyArn": arn}]}));
    call("DetachRolePolicy", json!({"PolicyArn": arn})).unwrap();
    let error = call("DeleteRole", json!({})).unwrap_err();
    assert_eq!(error.to_string(), "DeleteConflict: Cannot delete entity, must delete policies first.");
    assert_eq!(call("ListRolePolicies", json!({})).unwrap(), json!({"PolicyNames": ["Send"]}));
    let shown = call("GetRolePolicy", json!({"PolicyName": "Send"})).unwrap();
    assert_eq!(shown["PolicyDocument"]["Statement"][0]["Action"][0], json!("sqs:SendMessage"));
    call("DeleteRolePolicy", json!({"PolicyName": "Send"})).unwrap();
    call("DeleteRole", json!({})).unwrap();
}

#[test]
fn wrong_calls_get_the_texts_of_aws() {
    let check = |action: &str, params: Value, expected: &str| {
        let error = with_role("R").call(now(), action, &params).unwrap_err();
        assert_eq!(error.to_string(), expected);
    };
    let trust = iam_eval::trust::lambda().to_string();
    let create = |name: &str| json!({"RoleName": name, "AssumeRolePolicyDocument": trust.clone()});
    check("CreateRole", create("R"), "EntityAlreadyExists: Role with name R already exists.");
    check(
        "CreateRole",
        create("a b"),
        "ValidationError: The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-",
    );
    let long = "r".repeat(65);
    check(
        "CreateRole",
        create(&long),
        &format!(
            "ValidationError: 1 validation error detected: Value '{long}' at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64"
        ),
    );
    check(
        "CreateRole",
        json!({"RoleName": "N"}),
        "ValidationError: 1 validation error detected: Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null",
    );
    check(
        "CreateRole",
        json!({"RoleName": "N", "AssumeRolePolicyDocument": "{"}),
        "MalformedPolicyDocument: This policy contains invalid Json",
    );
    check(
        "CreateRole",
        json!({"RoleName": "N", "AssumeRolePolicyDocument": send_policy("*")}),
        "MalformedPolicyDocument: Has prohibited field Resource",
    );
    check("GetRole", json!({"RoleName": "No"}), "NoSuchEntity: The role with name No cannot be found.");
    check(
        "AttachRolePolicy",
        json!({"RoleName": "R", "PolicyArn": "arn:aws:iam::aws:policy/No"}),
        "NoSuchEntity: Policy arn:aws:iam::aws:policy/No does not exist or is not attachable.",
    );
    check("AttachRolePolicy", json!({"RoleName": "R", "PolicyArn": "No"}), "InvalidInput: ARN No is not valid.");
    check(
        "DetachRolePolicy",
        json!({"RoleName": "R", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}),
        "NoSuchEntity: Policy arn:aws:iam::aws:policy/ReadOnlyAccess was not found.",
    );
    check(
        "GetRolePolicy",
        json!({"RoleName": "R", "PolicyName": "No"}),
        "NoSuchEntity: The role policy with name No cannot be found.",
    );
    check(
        "PutRolePolicy",
        json!({"RoleName": "R", "PolicyName": "P", "PolicyDocument": trust}),
        "MalformedPolicyDocument: Policy document should not specify a principal.",
    );
    let huge = send_policy(&format!("arn:aws:sqs:::{}", "q".repeat(10_240)));
    check(
        "PutRolePolicy",
        json!({"RoleName": "R", "PolicyName": "P", "PolicyDocument": huge}),
        "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role R",
    );
}

#[test]
fn a_role_takes_ten_managed_policies() {
    let mut iam = with_role("R");
    let mut results = Vec::new();
    for policy in iam_eval::managed::all().iter().take(11) {
        results.push(iam.call(now(), "AttachRolePolicy", &json!({"RoleName": "R", "PolicyArn": policy.arn})));
    }
    let last = results.pop().unwrap().unwrap_err();
    assert_eq!(last.to_string(), "LimitExceeded: Cannot exceed quota for PoliciesPerRole: 10");
    assert!(results.iter().all(Result::is_ok));
}

#[test]
fn managed_policies_are_found_and_shown() {
    let mut iam = with_role("R");
    let arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";
    let policy = iam.call(now(), "GetPolicy", &json!({"PolicyArn": arn})).unwrap()["Policy"].clone();
    assert_eq!(policy["Path"], json!("/service-role/"));
    let version = json!({"PolicyArn": arn, "VersionId": policy["DefaultVersionId"].as_str()});
    let document = iam.call(now(), "GetPolicyVersion", &version).unwrap()["PolicyVersion"]["Document"].clone();
    assert_eq!(document["Statement"][0]["Action"][2], json!("logs:PutLogEvents"));
    let all = iam.call(now(), "ListPolicies", &json!({"Scope": "AWS"})).unwrap();
    assert_eq!(all["Policies"].as_array().map(<[Value]>::len), Some(iam_eval::managed::all().len()));
}

#[test]
fn a_session_may_what_its_role_may() {
    let mut iam = with_role("R");
    let orders = "arn:aws:sqs:eu-west-1:123456789012:Orders";
    let params = json!({"RoleName": "R", "PolicyName": "Send", "PolicyDocument": send_policy(orders)});
    iam.call(now(), "PutRolePolicy", &params).unwrap();
    let role = "arn:aws:iam::123456789012:role/R";
    assert!(iam.authorize(role, "run", "sqs:SendMessage", orders).0.allowed);
    let (decision, denial) = iam.authorize(role, "run", "sqs:ReceiveMessage", orders);
    assert!(!decision.allowed);
    assert_eq!(
        denial,
        "User: arn:aws:sts::123456789012:assumed-role/R/run is not authorized to perform: sqs:receivemessage on resource: arn:aws:sqs:eu-west-1:123456789012:Orders because no identity-based policy allows the sqs:receivemessage action"
    );
    assert!(!iam.authorize("arn:aws:iam::123456789012:role/Gone", "run", "sqs:SendMessage", orders).0.allowed);
}

fn call(iam: &mut Iam, action: &str, params: Value) -> Value {
    iam.call(now(), action, &params).unwrap_or_else(|error| panic!("{action}: {error}"))
}

#[test]
fn customer_managed_policies_live_in_versions() {
    let mut iam = with_role("R");
    let orders = "arn:aws:sqs:eu-west-1:123456789012:Orders";
    let create =
        json!({"PolicyName": "Send", "Path": "/shop/", "Description": "Sends", "PolicyDocument": send_policy(orders)});
    let made = call(&mut iam, "CreatePolicy", create.clone())["Policy"].clone();
    let arn = "arn:aws:iam::123456789012:policy/shop/Send";
    assert_eq!((made.get_str("Arn"), made.get_str("DefaultVersionId")), (Some(arn), Some("v1")));
    assert!(made.get_str("PolicyId").is_some_and(|id| id.starts_with("ANPA") && id.len() == 21));
    let again = iam.call(now(), "CreatePolicy", &create.with("Path", json!("/"))).unwrap_err();
    assert_eq!(
        again.to_string(),
        "EntityAlreadyExists: A policy called Send already exists. Duplicate names are not allowed."
    );
    call(&mut iam, "AttachRolePolicy", json!({"RoleName": "R", "PolicyArn": arn}));
    let role = "arn:aws:iam::123456789012:role/R";
    let may = |iam: &Iam, action: &str| iam.authorize(role, "run", action, orders).0.allowed;
    assert!(may(&iam, "sqs:SendMessage") && !may(&iam, "sqs:ReceiveMessage"));

    // A new version counts when it is the default one.
    let wider = send_policy(orders).replace("sqs:SendMessage", "sqs:*");
    let version = json!({"PolicyArn": arn, "PolicyDocument": wider});
    assert_eq!(call(&mut iam, "CreatePolicyVersion", version.clone())["PolicyVersion"]["VersionId"], json!("v2"));
    assert!(!may(&iam, "sqs:ReceiveMessage"));
    call(&mut iam, "SetDefaultPolicyVersion", json!({"PolicyArn": arn, "VersionId": "v2"}));
    assert!(may(&iam, "sqs:ReceiveMessage"));
    for _ in 3..=5 {
        call(&mut iam, "CreatePolicyVersion", version.clone());
    }
    let shown = call(&mut iam, "ListPolicyVersions", json!({"PolicyArn": arn}))["Versions"].clone();
    let ids: Vec<_> = shown
        .as_array()
        .unwrap()
        .iter()
        .map(|v| (v.get_str("VersionId").unwrap(), v["IsDefaultVersion"] == json!(true)))
        .collect();
    assert_eq!(ids, [("v5", false), ("v4", false), ("v3", false), ("v2", true), ("v1", false)]);
    let document = call(&mut iam, "GetPolicyVersion", json!({"PolicyArn": arn, "VersionId": "v1"}));
    assert_eq!(document["PolicyVersion"]["Document"], Value::parse(&send_policy(orders)).unwrap());

    let refuse = |iam: &mut Iam, action: &str, params: Value, expected: &str| {
        assert_eq!(iam.call(now(), action, &params).unwrap_err().to_string(), expected);
    };
    refuse(
        &mut iam,
        "CreatePolicyVersion",
        version,
        "LimitExceeded: A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.",
    );
    let second = json!({"PolicyArn": arn, "VersionId": "v2"});
    refuse(&mut iam, "DeletePolicyVersion", second, "DeleteConflict: Cannot delete the default version of a policy.");
    let ninth = json!({"PolicyArn": arn, "VersionId": "v9"});
    let missing = format!("NoSuchEntity: Policy {arn} version v9 does not exist or is not attachable.");
    refuse(&mut iam, "DeletePolicyVersion", ninth.clone(), &missing);
    refuse(&mut iam, "SetDefaultPolicyVersion", ninth.clone(), &missing);
    refuse(&mut iam, "GetPolicyVersion", ninth, &missing);
    let whole = json!({"PolicyArn": arn});
    refuse(&mut iam, "DeletePolicy", whole.clone(), "DeleteConflict: Cannot delete a policy attached to entities.");
    let entities = call(&mut iam, "ListEntitiesForPolicy", whole.clone());
    assert_eq!(entities["PolicyRoles"][0].get_str("RoleName"), Some("R"));
    call(&mut iam, "DetachRolePolicy", json!({"RoleName": "R", "PolicyArn": arn}));
    assert!(iam.call(now(), "DeletePolicy", &whole).unwrap_err().message.starts_with("This policy has more than one"));
    for id in ["v1", "v3", "v4", "v5"] {
        call(&mut iam, "DeletePolicyVersion", json!({"PolicyArn": arn, "VersionId": id}));
    }
    call(&mut iam, "DeletePolicy", whole.clone());
    refuse(&mut iam, "GetPolicy", whole, &format!("NoSuchEntity: Policy {arn} was not found."));
}

#[test]
fn lists_tell_own_policies_from_those_of_aws() {
    let mut iam = with_role("R");
    call(&mut iam, "CreatePolicy", json!({"PolicyName": "Own", "PolicyDocument": send_policy("*")}));
    let names = |iam: &mut Iam, params: Value| -> Vec<String> {
        let listed = call(iam, "ListPolicies", params)["Policies"].clone();
        listed.as_array().unwrap().iter().map(|policy| policy.get_str("PolicyName").unwrap().to_owned()).collect()
    };
    let of_aws = iam_eval::managed::all().len();
    assert_eq!(names(&mut iam, json!({"Scope": "Local"})), ["Own"]);
    assert_eq!(names(&mut iam, json!({"Scope": "AWS"})).len(), of_aws);
    assert_eq!(names(&mut iam, json!({})).len(), of_aws + 1);
    let attached = json!({"OnlyAttached": true});
    assert!(names(&mut iam, attached.clone()).is_empty());
    call(&mut iam, "AttachRolePolicy", json!({"RoleName": "R", "PolicyArn": "arn:aws:iam::123456789012:policy/Own"}));
    assert_eq!(names(&mut iam, attached), ["Own"]);
    let foreign =
        json!({"PolicyArn": "arn:aws:iam::aws:policy/AmazonSQSFullAccess", "PolicyDocument": send_policy("*")});
    let error = iam.call(now(), "CreatePolicyVersion", &foreign).unwrap_err();
    assert_eq!(error.to_string(), "AccessDenied: Policy is outside your own account.");
    let long = send_policy(&format!("arn:aws:sqs:::{}", "q".repeat(6_144)));
    let error = iam.call(now(), "CreatePolicy", &json!({"PolicyName": "Long", "PolicyDocument": long})).unwrap_err();
    assert_eq!(error.to_string(), "LimitExceeded: Cannot exceed quota for PolicySize: 6144");
}

#[test]
fn roles_have_boundaries_tags_and_descriptions() {
    let mut iam = with_role("R");
    let role = |iam: &mut Iam| call(iam, "GetRole", json!({"RoleName": "R"}))["Role"].clone();
    let boundary = json!({"RoleName": "R", "PermissionsBoundary": "arn:aws:iam::aws:policy/AmazonSQSFullAccess"});
    call(&mut iam, "PutRolePermissionsBoundary", boundary.clone());
    assert_eq!(
        role(&mut iam)["PermissionsBoundary"].get_str("PermissionsBoundaryArn"),
        boundary.get_str("PermissionsBoundary")
    );
    call(&mut iam, "DeleteRolePermissionsBoundary", json!({"RoleName": "R"}));
    assert!(role(&mut iam).get("PermissionsBoundary").is_none());
    let gone = "arn:aws:iam::123456789012:policy/Gone";
    let error = iam.call(now(), "PutRolePermissionsBoundary", &boundary.with("PermissionsBoundary", json!(gone)));
    assert_eq!(
        error.unwrap_err().to_string(),
        format!("NoSuchEntity: Scope ARN: {gone} does not exist or is not attachable.")
    );
    call(
        &mut iam,
        "TagRole",
        json!({"RoleName": "R", "Tags": [{"Key": "team", "Value": "shop"}, {"Key": "a", "Value": ""}]}),
    );
    call(&mut iam, "UntagRole", json!({"RoleName": "R", "TagKeys": ["a"]}));
    let tags = call(&mut iam, "ListRoleTags", json!({"RoleName": "R"}));
    assert_eq!(tags, json!({"Tags": [{"Key": "team", "Value": "shop"}]}));
    call(&mut iam, "UpdateRole", json!({"RoleName": "R", "Description": "Sends", "MaxSessionDuration": 7_200}));
    let shown = role(&mut iam);
    assert_eq!((shown.get_str("Description"), shown["MaxSessionDuration"].as_i64()), (Some("Sends"), Some(7_200)));
}
