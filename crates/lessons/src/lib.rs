//! Lessons and examples: files that a person writes (`docs/lessons.md`), what they watch in the account, and what they
//! do to it.
//!
//! ```
//! let lesson = lessons::read("# A queue\n\nMake a queue.\n\n## Make it\n\n```done\nqueue Orders\n```\n").unwrap();
//! let mut account = sim_account::Account::new(Default::default());
//! let mut progress = lessons::Progress::new(account.position());
//! assert_eq!(progress.observe(&lesson, &account), 0);
//! account.call("sqs:CreateQueue", shared_json::json!({"QueueName": "Orders"}));
//! assert_eq!(progress.observe(&lesson, &account), 1);
//! ```
//!
//! Lessons come from anybody: everything that they may do is a call of the account's API, what they say is text, and
//! their size and depth have bounds. It must not know: the page, where files come from.

mod catalogue;
mod condition;
mod lesson;
mod markdown;
mod path;
mod placeholders;
mod pointer;
mod prepare;
mod progress;
mod read;
mod run;
mod script;
mod things;
mod words;

pub use catalogue::{Catalogue, Listed, TUTORIAL, lesson_index};
pub use condition::Condition;
pub use lesson::{Lesson, Mistake, Step};
pub use markdown::{Block, Inline};
pub use placeholders::Source;
pub use pointer::{Control, Pointer, Spot};
pub use prepare::prepare;
pub use progress::{Mark, Progress};
pub use read::read;
pub use run::{Hands, Outcome, Run, Trouble};
pub use script::{Deed, Line, Script};
