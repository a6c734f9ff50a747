//! Links go there and back, are as short as promised, and hold what their kind says.

mod support;

use serde_json::json;
use share_link::setup::{self, Setup};
use share_link::{Kind, Lesson, Shared, View, decode, encode, is_link, received};
use support::{play, tutorial_run};
use workspace::Project;

fn there_and_back(shared: &Shared) -> String {
    let link = encode(shared).unwrap();
    assert_eq!(&decode(&link).unwrap(), shared);
    link
}

#[test]
fn every_kind_comes_back_as_it_was() {
    let run = tutorial_run();
    let view = View { place: json!({"at": "execution", "arn": "a"}), state: Some("Check Inventory".into()) };
    let lesson = Lesson { id: "lost-callback".into(), progress: json!({"done": [1, 2]}), run: Some(run.clone()) };
    let all = [
        Shared::Project(workspace::tutorial()),
        Shared::Run(run.clone()),
        Shared::Moment { project: run.clone(), view: Some(view.clone()) },
        Shared::Moment { project: run.clone(), view: Some(View { state: None, ..view }) },
        Shared::Moment { project: run, view: None },
        Shared::Lesson(lesson.clone()),
        Shared::Lesson(Lesson { run: None, ..lesson }),
    ];
    for shared in all {
        let link = there_and_back(&shared);
        assert!(is_link(&link));
        assert!(link.starts_with(&format!("y1.{}.", shared.kind().name())), "{link}");
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        assert!(link.chars().all(plain) && link.ends_with(|c: char| c.is_ascii_alphanumeric()), "{link}");
    }
}

#[test]
fn the_tutorials_links_are_short() {
    let project = there_and_back(&Shared::Project(workspace::tutorial()));
    assert!(project.len() < 1_000, "{}", project.len());
    let run = there_and_back(&Shared::Run(tutorial_run()));
    assert!(run.len() < 1_500, "{}", run.len());
}

#[test]
fn a_run_replays_identically() {
    let run = tutorial_run();
    let Shared::Run(received) = decode(&encode(&Shared::Run(run.clone())).unwrap()).unwrap() else { panic!("a run") };
    let (here, there) = (run.open().unwrap(), received.open().unwrap());
    assert_eq!(here.states().executions()[0].execution.status().name(), "SUCCEEDED");
    assert_eq!(there.snapshot().to_string(), here.snapshot().to_string());
}

#[test]
fn a_moment_in_the_middle_keeps_the_whole_run() {
    let mut project = tutorial_run();
    project.position = project.log[11].at;
    let link = there_and_back(&Shared::Moment { project: project.clone(), view: None });
    let Shared::Moment { project: received, .. } = decode(&link).unwrap() else { panic!("a moment") };
    assert_eq!(received.log.len(), project.log.len());
    assert_eq!(received.open().unwrap().position(), project.position);
}

#[test]
fn what_is_not_usual_comes_along() {
    let mut project = Project::empty_with("Ünï \u{1}\u{2} “quoted”", sim_account::LimitProfile::Aws2023);
    project.options.account_id = "210987654321".into();
    project.options.seed = u64::MAX;
    project.drafts.insert("state-machine:new".into(), "{ \"half\": \"\\u0001\"".into());
    there_and_back(&Shared::Run(project));
}

#[test]
fn a_project_leaves_out_what_was_run() {
    let run = tutorial_run();
    let Setup::Clean(project) = setup::of(&run.name, &run.open().unwrap(), run.drafts) else { panic!("with runs") };
    assert_eq!(project.log, workspace::tutorial().log);
    let mut account = project.open().unwrap();
    assert!(account.states().executions().is_empty());
    play(&mut account, 30);
    assert_eq!(account.functions().mappings().count(), 1);
}

#[test]
fn a_project_that_needs_its_runs_keeps_them() {
    let mut account = tutorial_run().open().unwrap();
    account.call("sqs:CreateQueue", shared_json::json!({"QueueName": "Second"}));
    let made = account.call(
        "lambda:CreateEventSourceMapping",
        shared_json::json!({"FunctionName": "Inventory", "EventSourceArn": "arn:aws:sqs:us-east-1:123456789012:Second"}),
    );
    play(&mut account, 60);
    assert!(matches!(setup::of("N", &account, Default::default()), Setup::Clean(_)));

    // Its id was drawn after the run drew others: without the run there would be no trigger of this id to change.
    let id = made.result.unwrap().unwrap()["UUID"].clone();
    account.call("lambda:UpdateEventSourceMapping", shared_json::json!({"UUID": id, "Enabled": false}));
    let Setup::WithRuns(project) = setup::of("N", &account, Default::default()) else {
        panic!("the trigger is another")
    };
    assert_eq!(project.log, account.log());
}

#[test]
fn links_are_found_in_what_people_paste() {
    let link = encode(&Shared::Project(workspace::tutorial())).unwrap();
    let address = format!("https://example.org/stepyard/#{link}");
    let file = workspace::tutorial().to_json();
    for text in [&link, &format!("#{link}"), &address, &format!("  {address}\n"), &file] {
        assert!(received::is_meant(text), "{text}");
        let shared = received::read(text).unwrap();
        assert_eq!(shared.project().unwrap(), &workspace::tutorial());
    }
    for text in ["", "y", "yes", "#centre", "https://example.org/#top", "{\"StartAt\": \"A\"}", "y1 is a name"] {
        assert!(!received::is_meant(text), "{text}");
    }
}

#[test]
fn a_sentence_around_a_link_does_not_break_it() {
    let link = encode(&Shared::Project(workspace::tutorial())).unwrap();
    let (start, end) = link.split_at(300);
    for text in [format!("{link}."), format!("{link})"), format!("{link}>, see above"), format!("{start}\r\n  {end}")] {
        assert_eq!(decode(&text).unwrap().kind(), Kind::Project, "{text}");
    }
}

/// Links that were sent stay readable: these were written when version 1 was new, and are never written again.
#[test]
fn links_of_version_1_are_still_read() {
    let project = decode(include_str!("links/v1-project.txt")).unwrap();
    assert_eq!(project.kind(), Kind::Project);
    let account = project.project().unwrap().open().unwrap();
    assert_eq!(account.states().machines().next().unwrap().name.to_string(), "InventoryStateMachine");
    assert_eq!(account.functions().mappings().count(), 1);

    let run = decode(include_str!("links/v1-run.txt")).unwrap();
    assert_eq!(run.kind(), Kind::Run);
    let account = run.project().unwrap().open().unwrap();
    assert_eq!(account.states().executions()[0].execution.status().name(), "SUCCEEDED");

    let Shared::Moment { project, view } = decode(include_str!("links/v1-moment.txt")).unwrap() else { panic!() };
    assert_eq!(project.open().unwrap().states().executions()[0].execution.status().name(), "RUNNING");
    assert_eq!(view.unwrap().state.as_deref(), Some("Check Inventory"));

    let Shared::Lesson(lesson) = decode(include_str!("links/v1-lesson.txt")).unwrap() else { panic!() };
    assert_eq!((lesson.id.as_str(), &lesson.progress), ("lost-callback", &json!({"done": [1, 2]})));
}
