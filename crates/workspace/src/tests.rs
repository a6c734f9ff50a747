use shared_json::json;
use sim_account::Account;

use super::*;

#[test]
fn a_project_comes_back_as_it_was_written() {
    let mut account = Account::new(AccountOptions::default());
    account.call("sqs:CreateQueue", json!({"QueueName": "Parcels"}));
    account.advance_to(account.now() + virtual_time_of(5), 1_000);
    let drafts = BTreeMap::from([("state-machine:new".to_owned(), "{ half".to_owned())]);
    let mut project = Project::of("Mine", &account, drafts);
    assert_eq!(Project::from_json(&project.to_json()).unwrap(), project);
    project.lesson = Some(LessonMark { id: "fifo".into(), source: None, from: account.position() });
    let read = Project::from_json(&project.to_json()).unwrap();
    assert_eq!(read, project);
    assert_eq!(read.open().unwrap().snapshot().to_string(), account.snapshot().to_string());
}

fn virtual_time_of(seconds: u64) -> virtual_time::Duration {
    virtual_time::Duration::from_secs(seconds)
}

#[test]
fn version_1_is_still_read() {
    let mut old: serde_json::Value = serde_json::from_str(&Project::empty("Old").to_json()).unwrap();
    old["version"] = 1.into();
    old.as_object_mut().unwrap().remove("drafts");
    old["draft"] = "{\"StartAt\":".into();
    let read = Project::from_json(&old.to_string()).unwrap();
    assert_eq!(read.drafts["state-machine:new"], "{\"StartAt\":");
}

#[test]
fn what_is_no_project_is_told_so() {
    let newer = Project::empty("N").to_json().replace("\"version\":2", "\"version\":99");
    let cases = [
        ("{", "This file is not JSON"),
        ("{}", "is not a Stepyard project"),
        ("[1]", "is not a Stepyard project"),
        (&newer, "written by a later Stepyard (format 99"),
        ("{\"format\":\"stepyard-project\",\"version\":2}", "damaged"),
    ];
    for (text, part) in cases {
        let error = Project::from_json(text).unwrap_err().to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
}

#[test]
fn the_tutorial_is_one_click_from_running() {
    let account = tutorial().open().unwrap();
    assert_eq!(account.queues().queues().count(), 1);
    assert_eq!(account.states().machines().len(), 1);
    assert_eq!(account.functions().functions().count(), 1);
    assert_eq!(account.functions().mappings().count(), 1);
    assert!(account.states().executions().is_empty());
}
