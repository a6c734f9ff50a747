//! What can be sent to somebody: a project, a run, a moment of a run, a lesson with its progress. As a link, all of it in
//! the part after `#`, which browsers send to no server; or as a project file.
//!
//! A link is text: `y1.run.1234.…`. Version, kind and length can be read by anyone, the end is a checksum of all before
//! it. The version says how the rest is packed; the decoder of every version that was ever written stays (`v1`).
//!
//! Everything that is read here was made by somebody else: sizes are limited while reading, and whatever is wrong is
//! told as a [`LinkError`]. Reading makes data, it runs nothing.

mod envelope;
mod error;
pub mod fits;
mod limits;
pub mod received;
pub mod scan;
pub mod setup;
mod v1;

use serde_json::Value;
use workspace::Project;

pub use envelope::is_link;
pub use error::LinkError;
pub use limits::{MOST_CHARACTERS, MOST_ENTRIES, MOST_STEPS};

/// The version that this code writes.
pub const VERSION: u32 = 1;

/// Something that was or can be shared.
#[derive(Clone, Debug, PartialEq)]
pub enum Shared {
    /// What is set up, without what was run.
    Project(Project),
    /// With everything that was done and answered, up to where the clock stands: it replays identically.
    Run(Project),
    /// A whole run that opens at the project's position and shows a place.
    Moment {
        project: Project,
        view: Option<View>,
    },
    Lesson(Lesson),
}

/// Where somebody looked. Opaque here; the page knows its places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    pub place: Value,
    /// The selected state, by name.
    pub state: Option<String>,
}

/// A built-in lesson by its id, how far somebody came in it, and what they did.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    pub id: String,
    /// Opaque here; the lessons know it.
    pub progress: Value,
    pub run: Option<Project>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Project,
    Run,
    Moment,
    Lesson,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Project, Kind::Run, Kind::Moment, Kind::Lesson];

    /// As it stands in links.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Project => "project",
            Kind::Run => "run",
            Kind::Moment => "moment",
            Kind::Lesson => "lesson",
        }
    }
}

impl Shared {
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Shared::Project(_) => Kind::Project,
            Shared::Run(_) => Kind::Run,
            Shared::Moment { .. } => Kind::Moment,
            Shared::Lesson(_) => Kind::Lesson,
        }
    }

    /// The project in it.
    #[must_use]
    pub fn project(&self) -> Option<&Project> {
        match self {
            Shared::Project(project) | Shared::Run(project) | Shared::Moment { project, .. } => Some(project),
            Shared::Lesson(lesson) => lesson.run.as_ref(),
        }
    }
}

/// The link's text, to be put after `#`.
///
/// # Errors
/// When it is larger than a link may be: then a file must do.
pub fn encode(shared: &Shared) -> Result<String, LinkError> {
    if let Some(project) = shared.project() {
        limits::check(project)?;
    }
    envelope::seal(VERSION, shared.kind(), &v1::pack(shared)?)
}

/// What a link holds. Takes the text after `#`, with or without it, or a whole address.
///
/// # Errors
/// A [`LinkError`] that says what is wrong with the link and how to get a whole one.
pub fn decode(text: &str) -> Result<Shared, LinkError> {
    let opened = envelope::open(text)?;
    let shared = v1::unpack(opened.kind, &opened.packed)?;
    if let Some(project) = shared.project() {
        limits::check(project)?;
    }
    Ok(shared)
}
