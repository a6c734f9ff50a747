//! Every lesson is done from start to end by its own "do it for me": each step is not done before and done after.

mod support;

use lessons::{Catalogue, Progress};
use support::{World, files, lesson};

#[test]
fn every_lesson_can_be_done_step_by_step() {
    let mut wrong = Vec::new();
    for (name, source) in files("lessons") {
        let mut world = World::open(lesson(&name, &source));
        if world.progress.done() > 0 {
            wrong.push(format!("{name}: the first step is done before anybody did anything"));
        }
        for step in 0..world.lesson.steps.len() {
            let title = world.lesson.steps[step].title.clone();
            if world.progress.done() != step {
                wrong.push(format!("{name}, “{title}”: {} steps are done before it", world.progress.done()));
                break;
            }
            if let Err(why) = world.do_step(step) {
                wrong.push(format!("{name}, “{title}”: {why}"));
                break;
            }
            if world.progress.done() != step + 1 {
                wrong.push(format!("{name}, “{title}”: {} steps are done after it", world.progress.done()));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What a teacher sees who gets a student's log is what the student saw.
#[test]
fn ticks_are_a_fold_of_the_log() {
    for (name, source) in files("lessons") {
        let mut world = World::open(lesson(&name, &source));
        for step in 0..world.lesson.steps.len() {
            world.do_step(step).unwrap();
        }
        let account = &world.account;
        let derive = |end| {
            let from = world.progress.from();
            Progress::derive(&world.lesson, account.options(), account.log(), from, end).expect("the log fits")
        };
        let derived = derive(account.position());
        assert_eq!(derived, world.progress, "{name}");

        // Going back to where a step began takes its tick away, and those after it.
        let step = world.lesson.steps.len() / 2;
        let began = world.progress.began(step).expect("it began");
        let mut back = world.progress.clone();
        back.back_to(began);
        assert_eq!(back.done(), step, "{name}");
        assert_eq!(back, derive(began), "{name}");
    }
}

#[test]
fn the_index_is_the_files() {
    let found = files("lessons");
    let mut index = lessons::lesson_index().to_vec();
    assert_eq!(index[0].0, lessons::TUTORIAL);
    index.sort_unstable();
    let of_files: Vec<(String, String, String)> = found
        .iter()
        .map(|(name, source)| {
            let lesson = lesson(name, source);
            (name.clone(), lesson.title, lesson.sentence)
        })
        .collect();
    let of_index: Vec<_> =
        index.iter().map(|(id, title, about)| (id.to_string(), title.to_string(), about.to_string())).collect();
    assert_eq!(of_index, of_files);
}

#[test]
fn lessons_are_whole() {
    for (name, source) in files("lessons") {
        let lesson = lesson(&name, &source);
        assert!(!lesson.about.is_empty(), "{name}: what is it about?");
        assert!(lesson.minutes.is_some(), "{name}: how long does it take?");
        for step in &lesson.steps {
            assert!(!step.deed.is_empty(), "{name}, “{}”: who does it for me?", step.title);
            assert!(!step.text.is_empty(), "{name}, “{}”: what is to be done?", step.title);
            assert!(step.show.is_some(), "{name}, “{}”: where?", step.title);
        }
    }
}

#[test]
fn one_text_holds_all() {
    let mut text = String::new();
    for folder in ["lessons", "examples"] {
        for (name, source) in files(folder) {
            text.push_str(&format!("\u{1e}{folder}/{name}.md\n{source}"));
        }
    }
    let catalogue = Catalogue::read(&text);
    assert_eq!(catalogue.lessons.len(), files("lessons").len());
    assert_eq!(catalogue.examples.len(), files("examples").len());
    let order: Vec<&str> = catalogue.lessons.iter().map(|listed| listed.id.as_str()).collect();
    let index: Vec<&str> = lessons::lesson_index().iter().map(|(id, _, _)| *id).collect();
    assert_eq!(order, index);
    assert!(catalogue.lesson(lessons::TUTORIAL).is_some());
    assert!(Catalogue::read("no files").lessons.is_empty());
}
