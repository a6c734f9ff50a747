//! Every example of the gallery is run to its end, and its definitions are linted.

mod support;

use std::collections::BTreeSet;

use asl::Severity;
use support::{World, files, lesson};

#[test]
fn every_example_runs_to_the_end_that_it_names() {
    let mut wrong = Vec::new();
    for (name, source) in files("examples") {
        let mut world = World::open(lesson(&name, &source));
        if world.progress.done() > 0 {
            wrong.push(format!("{name}: it ended before it ran"));
            continue;
        }
        if let Err(why) = world.do_step(0) {
            wrong.push(format!("{name}: {why}"));
        } else if world.progress.done() != 1 {
            wrong.push(format!("{name}: it does not end as it says"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn facts(world: &World) -> asl_lint::Facts {
    let (queues, functions) = (world.account.queues().queues(), world.account.functions().functions());
    asl_lint::Facts {
        queues: queues.map(|queue| (queue.name().to_owned(), queue.url().to_owned())).collect(),
        functions: functions.map(|function| (function.name.to_string(), function.arn.to_string())).collect(),
    }
}

#[test]
fn every_definition_is_sound() {
    let mut wrong = Vec::new();
    for folder in ["lessons", "examples"] {
        for (name, source) in files(folder) {
            let world = World::open(lesson(&name, &source));
            for machine in world.account.states().machines() {
                let express = machine.machine_type.name() == "EXPRESS";
                let kind = if express { asl::MachineType::Express } else { asl::MachineType::Standard };
                let parsed = asl::parse_as(&machine.definition, kind);
                let advice = asl_lint::lint(&machine.definition, &parsed, &facts(&world));
                let bad = parsed.diagnostics.iter().chain(&advice).filter(|found| found.severity == Severity::Error);
                wrong.extend(bad.map(|found| format!("{name}, {}: {}", machine.name, found.message)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn examples_are_whole() {
    let mut titles = BTreeSet::new();
    for (name, source) in files("examples") {
        let lesson = lesson(&name, &source);
        assert_eq!(lesson.steps.len(), 1, "{name}: an example has one step, its run");
        assert!(!lesson.steps[0].deed.is_empty(), "{name}: what runs?");
        assert!(!lesson.sentence.is_empty(), "{name}: what is it about?");
        assert!(lesson.category.is_some(), "{name}: where does it belong?");
        assert!(World::open(lesson.clone()).account.states().machines().len() > 0, "{name}: what is drawn?");
        assert!(titles.insert(lesson.title.clone()), "{name}: another has its title");
    }
}
