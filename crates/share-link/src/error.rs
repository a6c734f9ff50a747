//! What can be wrong with a link, in words for who received it.

use std::fmt;

use workspace::ProjectError;

/// Why a text is no link that can be opened, or why something does not go into one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Nothing in it looks like one of our links.
    NotALink,
    /// A whole beginning, and less after it than it announces.
    CutOff {
        there: usize,
        announced: Option<usize>,
    },
    /// As long as it should be, and not what was sent.
    Damaged {
        what: &'static str,
    },
    /// Written by a later version than this one.
    Newer {
        version: u32,
    },
    UnknownKind {
        kind: String,
    },
    /// Larger than anything we write or read.
    TooLarge {
        what: &'static str,
        most: u64,
    },
    /// The same of a project file.
    FileTooLarge {
        what: &'static str,
        most: u64,
    },
    /// The checksum is right, and what is inside makes no sense: Stepyard did not write it.
    Foreign {
        detail: String,
    },
    /// The project inside cannot be read.
    Project(ProjectError),
}

impl LinkError {
    /// In a few words, for a heading.
    #[must_use]
    pub fn title(&self) -> &'static str {
        match self {
            LinkError::NotALink => "This is not a Stepyard link",
            LinkError::CutOff { .. } => "The link is cut off",
            LinkError::Damaged { .. } => "The link is damaged",
            LinkError::Newer { .. } => "The link is from a later Stepyard",
            LinkError::UnknownKind { .. } => "The link is of an unknown kind",
            LinkError::TooLarge { .. } => "Too large for a link",
            LinkError::FileTooLarge { .. } => "The project is too large to open",
            LinkError::Foreign { .. } => "The link holds something else",
            LinkError::Project(_) => "The project cannot be read",
        }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LinkError::NotALink => f.write_str(
                "A Stepyard link has a part that begins with “#y1.”. Copy the whole link, or the whole text of a project file.",
            ),
            LinkError::CutOff { there, announced: Some(announced) } => write!(
                f,
                "{there} of its {announced} characters are there; the end is missing, as when a chat or a mail program \
                 shortens long links. Ask for it again as a file, or in a message that takes its whole length."
            ),
            LinkError::CutOff { there, announced: None } => write!(
                f,
                "It ends after {there} characters, before it says what it holds. Copy the whole link again."
            ),
            LinkError::Damaged { what } => write!(
                f,
                "It has its full length, but {what}: something between the sender and you changed it. Copy the link again \
                 from where it was sent, or ask for a file."
            ),
            LinkError::Newer { version } => write!(
                f,
                "Its format is {version}; this page reads up to {}. Reload the page to get the latest version, and open the \
                 link again.",
                crate::VERSION
            ),
            LinkError::UnknownKind { kind } => write!(
                f,
                "It says that it holds a “{kind}”; this page knows projects, runs, moments and lessons. Reload the page to \
                 get the latest version, or ask the sender what it is."
            ),
            LinkError::TooLarge { what, most } => {
                write!(f, "{what} is over the limit of {most}. A project file holds more than a link.")
            }
            LinkError::FileTooLarge { what, most } => write!(
                f,
                "{what} is over the limit of {most}, beyond which opening it would keep the page busy for long. Ask for the \
                 project without its runs."
            ),
            LinkError::Foreign { detail } => write!(
                f,
                "It is whole, but what is inside was not written by Stepyard: {detail}. Nothing of it was opened."
            ),
            LinkError::Project(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for LinkError {}

impl From<ProjectError> for LinkError {
    fn from(error: ProjectError) -> Self {
        LinkError::Project(error)
    }
}
