//! The lessons and examples that come with the page: one text holds all of them, so that they are fetched at once and
//! only when they are wanted.

use crate::lesson::Lesson;
use crate::read::read;

/// The lesson that comes first.
pub const TUTORIAL: &str = "orders-queue";

/// Lessons in their order: file, title, one sentence. The first page shows them before any file is fetched.
#[must_use]
pub fn lesson_index() -> &'static [(&'static str, &'static str, &'static str)] {
    &LESSONS
}

const LESSONS: [(&str, &str, &str); 13] = [
    (
        "orders-queue",
        "Orders over a queue",
        "Build a workflow that asks a microservice over a queue and waits for its answer.",
    ),
    ("lost-callback", "A callback that never comes", "See a workflow wait for ever, and give it a time limit."),
    ("heartbeats", "Heartbeats", "Notice within a minute that a slow worker has died."),
    ("retries", "Retries and back-off", "Let a task try again, and wait longer each time."),
    ("catch", "Catch an error", "Send a failure down its own way, and keep what was known."),
    ("dead-letters", "Poison messages", "Get a message that nobody can digest out of the way."),
    ("visibility", "Visibility and duplicates", "Find out why a message came twice."),
    ("fifo", "First in, first out", "Keep the order of a customer's messages, and drop doubles."),
    ("human-approval", "A human decides", "Let a workflow wait days for a yes or a no."),
    ("fan-out", "Fan out with Map", "Do the same work for every item of a list, a few at a time."),
    ("saga", "A saga", "Undo what was booked when a later step fails."),
    ("jsonata", "From JSONPath to JSONata", "Say in one expression what took three states."),
    ("least-privilege", "Least privilege", "Be denied, understand why, and allow exactly what is needed."),
];

/// A file of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The file's name without its ending.
    pub id: String,
    /// The file as it is.
    pub source: String,
    pub lesson: Lesson,
}

/// All lessons and examples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    pub lessons: Vec<Listed>,
    /// By category, and by title within.
    pub examples: Vec<Listed>,
}

/// Before each file in the one text.
const HEAD: &str = "\u{1e}";

/// The gallery's categories in their order.
const CATEGORIES: [&str; 7] = ["First steps", "Flow", "Callbacks", "Queues", "Failures", "Data", "Patterns"];

impl Catalogue {
    /// Reads the one text: before each file stands a line with its path after a record separator.
    /// A file that cannot be read is left out: the page goes on with the rest.
    #[must_use]
    pub fn read(text: &str) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for file in text.split(HEAD).skip(1) {
            let Some((path, source)) = file.split_once('\n') else { continue };
            let Some((folder, id)) = path.trim().trim_end_matches(".md").rsplit_once('/') else { continue };
            let Ok(lesson) = read(source) else { continue };
            let listed = Listed { id: id.to_owned(), source: source.to_owned(), lesson };
            match folder {
                "lessons" => catalogue.lessons.push(listed),
                "examples" => catalogue.examples.push(listed),
                _ => {}
            }
        }
        let place = |id: &str| LESSONS.iter().position(|(known, _, _)| *known == id).unwrap_or(LESSONS.len());
        catalogue.lessons.sort_by_key(|listed| place(&listed.id));
        catalogue.examples.sort_by_key(|listed| (category_place(&listed.lesson), listed.lesson.title.clone()));
        catalogue
    }

    #[must_use]
    pub fn lesson(&self, id: &str) -> Option<&Listed> {
        self.lessons.iter().find(|listed| listed.id == id)
    }

    /// The examples that have every word of a text, in their order; all of them for none.
    #[must_use]
    pub fn search(&self, words: &str) -> Vec<&Listed> {
        let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
        let fits = |listed: &&Listed| {
            let text = listed.source.to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        self.examples.iter().filter(fits).collect()
    }

    #[must_use]
    pub fn example(&self, id: &str) -> Option<&Listed> {
        self.examples.iter().find(|listed| listed.id == id)
    }
}

fn category_place(lesson: &Lesson) -> usize {
    let category = lesson.category.as_deref().unwrap_or_default();
    CATEGORIES.iter().position(|known| *known == category).unwrap_or(CATEGORIES.len())
}
