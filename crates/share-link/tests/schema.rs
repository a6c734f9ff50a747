//! The project files that `www/build/project-schema.test.mjs` holds against the published JSON Schema are what is written.
//! (The crates that know JSON Schema do not build here: they need more of `regex` than what stands in for it has.)
//!
//! `STEPYARD_WRITE_FILES=1 cargo test -p share-link --test schema` writes them anew.

mod support;

use std::fs;
use std::path::Path;

use sim_account::LimitProfile;
use workspace::Project;

#[test]
#[expect(clippy::disallowed_methods, reason = "asked for by the environment")]
fn the_example_files_are_what_is_written() {
    let mut drafts = Project::empty_with("Drafts", LimitProfile::Aws2023);
    drafts.drafts.insert("state-machine:new".into(), "{ \"StartAt\":".into());
    let files = [("tutorial", workspace::tutorial()), ("tutorial-run", support::tutorial_run()), ("drafts", drafts)];
    for (name, project) in files {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/files/{name}.stepyard.json"));
        let text = project.to_json() + "\n";
        if std::env::var_os("STEPYARD_WRITE_FILES").is_some() {
            fs::write(&file, &text).unwrap();
        }
        assert_eq!(fs::read_to_string(&file).unwrap(), text, "{name}");
    }
}
