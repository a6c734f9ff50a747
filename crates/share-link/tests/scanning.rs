//! What is found before sharing, and what is not.

mod support;

use share_link::scan::{What, scan};
use shared_json::json;
use sim_account::{Account, AccountOptions};
use workspace::Project;

fn found_in_code(code: &str) -> Vec<String> {
    let mut account = Account::new(AccountOptions::default());
    account.call("lambda:CreateFunction", json!({"Code": {"SourceText": code}}));
    found(&account)
}

fn found(account: &Account) -> Vec<String> {
    scan(&Project::of("N", account, Default::default())).iter().map(ToString::to_string).collect()
}

#[test]
fn the_tutorial_has_nothing_to_warn_of() {
    assert_eq!(scan(&workspace::tutorial()), []);
    assert_eq!(scan(&support::tutorial_run()), []);
}

#[test]
fn account_ids_other_than_samples_are_found_once() {
    let mut account = Account::new(AccountOptions::default());
    let role = "arn:aws:iam::210987654321:role/r";
    account.call("lambda:CreateFunction", json!({"Role": role}));
    account.call(
        "sqs:SendMessage",
        json!({"QueueUrl": "https://sqs.us-east-1.amazonaws.com/345678901234/Q", "MessageBody": role}),
    );
    account.call("987654321098/sqs:CreateQueue", json!({"QueueName": "q"}));
    assert_eq!(
        found(&account),
        [
            "An account id, 210987654321, in lambda:CreateFunction, input 1",
            "An account id, 345678901234, in sqs:SendMessage, input 2",
            "An account id, 987654321098, in 987654321098/sqs:CreateQueue, input 3",
        ]
    );
    let options = AccountOptions { account_id: "210987654321".into(), ..AccountOptions::default() };
    assert_eq!(found(&Account::new(options)), ["An account id, 210987654321, in the account's settings"]);
}

#[test]
fn keys_and_tokens_are_found_by_their_form_and_masked() {
    // In pieces, so that no tool takes this file for a leak.
    let key = format!("AKIA{}", "QWERTYUIOPASDFGH");
    assert_eq!(
        found_in_code(&format!("const key = '{key}';")),
        ["An AWS access key, AKIAQWER…, in lambda:CreateFunction, input 1"]
    );
    for (code, what) in [
        (format!("ASIA{}", "QWERTYUIOPASDFGH"), What::AccessKey),
        (format!("-----BEGIN RSA {} KEY-----\\nMIIE", "PRIVATE"), What::PrivateKey),
        (format!("headers: {{ Authorization: 'Bearer {}' }}", "a1b2c3d4e5f6a7b8c9d0e1f2"), What::Token),
        (format!("ghp_{}", "a1B2".repeat(9)), What::Token),
        (format!("eyJhbGciOiJIUzI1NiJ9.{}.{}", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJl"), What::Token),
        ("const password = 'hunter2222';".into(), What::Secret),
        (r#"{"db": {"DB_PASSWORD": "hunter2222"}}"#.into(), What::Secret),
        (r#"{"nested": "{\"apiKey\": \"k3y-of-the-shop\"}"}"#.into(), What::Secret),
    ] {
        let mut account = Account::new(AccountOptions::default());
        account.call("lambda:CreateFunction", json!({"Code": {"SourceText": code.as_str()}}));
        let findings = scan(&Project::of("N", &account, Default::default()));
        assert_eq!(findings.iter().map(|finding| finding.what).collect::<Vec<_>>(), [what], "{code}");
        assert!(!findings[0].sample.contains("hunter2222"), "{}", findings[0]);
    }
}

#[test]
fn environment_variables_secrets_drafts_and_answers_are_looked_through() {
    let mut account = Account::new(AccountOptions::default());
    account.call(
        "lambda:UpdateFunctionConfiguration",
        json!({"Environment": {"Variables": {"API_KEY": "k3y-of-the-shop", "TABLE": "Orders"}}}),
    );
    account.call("secretsmanager:CreateSecret", json!({"Name": "n", "SecretString": "open sesame"}));
    assert_eq!(
        found(&account),
        [
            "What looks like a secret, API_KEY = k3y-…, in lambda:UpdateFunctionConfiguration, input 1",
            "What looks like a secret, SecretString = open…, in secretsmanager:CreateSecret, input 2",
        ]
    );
    let mut project = Project::empty("N");
    project.drafts.insert("state-machine:new".into(), "\"password\": \"hunter2222\"".into());
    assert_eq!(scan(&project)[0].place, "the draft state-machine:new");
}

#[test]
fn what_only_looks_like_it_is_left_alone() {
    for code in [
        "const password = process.env.DB_PASSWORD;",
        "const password = \"\";",
        "const apiKey = 'YOUR-API-KEY'; const secret = '<secret>'; const pwd = '${PWD}'; const p = 'passwordless';",
        "\"SecretId\": \"arn:aws:secretsmanager:us-east-1:123456789012:secret:db\"",
        "\"SecretArn\": \"arn:aws:secretsmanager:us-east-1:123456789012:secret:db\"",
        "\"password.$\": \"$.password\", \"Password\": \"{% $states.input.password %}\"",
        "\"TaskToken.$\": \"$$.Task.Token\", taskToken: 'AQCsAAAAKgAAAAMAAAAAAAAAAb'",
        "AKIAIOSFODNN7EXAMPLE and arn:aws:iam::111122223333:role/r and arn:aws:iam::999999999999:role/r",
        "Date.now() === 1681891200000; const order = 123412341234; '2024-01-01T12:00:00'",
        "the bearer of good news; Bearer token; Authorization: `Bearer ${token}`",
        "https://hooks.example.org/210987654321",
    ] {
        assert_eq!(found_in_code(code), Vec::<String>::new(), "{code}");
    }
}
