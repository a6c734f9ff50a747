//! How a workspace is kept between visits: a small head, and the log in pieces. A long log is never written as a whole
//! again: only what was added since, and after a cut only what lies behind the cut.
//!
//! A piece is written once under a name of its own and never changed, so that a page that dies between two writes leaves
//! what was kept before. The head is written last and says which pieces count. It must not know: what keeps the texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use sim_account::{AccountOptions, LogEntry, Position};

use crate::{LessonMark, Project, ProjectError, VERSION, migrate};

/// A piece is closed when its text is as long as this, or has this many entries.
const PIECE_BYTES: usize = 48 * 1024;
const PIECE_ENTRIES: usize = 512;

const FORMAT: &str = "stepyard-kept";

/// What is to be kept of a workspace now, without a copy of it.
#[derive(Clone, Copy, Debug)]
pub struct Work<'a> {
    pub name: &'a str,
    pub options: &'a AccountOptions,
    pub position: Position,
    pub drafts: &'a BTreeMap<String, String>,
    pub lesson: Option<&'a LessonMark>,
    /// The log in two parts: what the account was told, and what lies ahead of it.
    pub told: &'a [LogEntry],
    pub ahead: &'a [LogEntry],
}

impl<'a> Work<'a> {
    fn entries(&self) -> usize {
        self.told.len() + self.ahead.len()
    }

    fn from(&self, start: usize) -> impl Iterator<Item = &'a LogEntry> {
        let told = self.told.get(start..).unwrap_or_default();
        let ahead = self.ahead.get(start.saturating_sub(self.told.len())..).unwrap_or_default();
        told.iter().chain(ahead)
    }
}

/// A part of the log, kept under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub name: String,
    pub entries: usize,
    bytes: usize,
    /// Nothing is added to it any more.
    closed: bool,
}

/// Where a workspace began: what "reset" goes back to. Its pieces are kept, whatever becomes of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Base {
    position: Position,
    entries: usize,
    pieces: Vec<Piece>,
}

#[derive(Serialize)]
struct HeadOut<'a> {
    format: &'static str,
    version: u32,
    /// The version of the project's own format.
    project: u32,
    name: &'a str,
    options: &'a AccountOptions,
    position: Position,
    drafts: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lesson: Option<&'a LessonMark>,
    pieces: &'a [Piece],
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<&'a Base>,
}

#[derive(Deserialize)]
struct HeadIn {
    format: String,
    project: u32,
    name: serde_json::Value,
    options: serde_json::Value,
    position: serde_json::Value,
    drafts: serde_json::Value,
    #[serde(default)]
    lesson: serde_json::Value,
    pieces: Vec<Piece>,
    #[serde(default)]
    base: Option<Base>,
}

/// The next thing to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    Piece {
        name: String,
        text: String,
    },
    /// The head, with the pieces that it no longer needs. After it everything is kept.
    Head {
        text: String,
        unneeded: Vec<String>,
        bytes: usize,
    },
}

/// Knows what is kept of one workspace, and from that what to write next.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// Begins the names of this writer's pieces; nobody else's begin so.
    writer: String,
    next: u32,
    pieces: Vec<Piece>,
    base: Option<Base>,
    /// Every piece that is there, needed or not.
    stored: BTreeSet<String>,
}

impl Keeper {
    /// For a workspace of which nothing is kept yet. Where it begins is remembered.
    #[must_use]
    pub fn new(writer: &str, project: &Project) -> Keeper {
        let base = Base { position: project.position, entries: project.log.len(), pieces: Vec::new() };
        Keeper { writer: writer.to_owned(), next: 0, pieces: Vec::new(), base: Some(base), stored: BTreeSet::new() }
    }

    /// Everything is to be written again, somewhere else.
    pub fn start_over(&mut self) {
        self.pieces.clear();
        self.stored.clear();
        self.base = None;
    }

    /// The log is another one from this entry on.
    pub fn cut(&mut self, unchanged: usize) {
        let mut end = 0;
        self.pieces.retain(|piece| {
            end += piece.entries;
            end <= unchanged
        });
        // Where the workspace began was not kept yet, and is no more.
        if self.base.as_ref().is_some_and(|base| unchanged < base.entries && !base.is_whole()) {
            self.base = None;
        }
    }

    /// What to write next. Ends with the head.
    pub fn next(&mut self, work: &Work<'_>) -> Write {
        let total = work.entries();
        if self.covered() > total {
            self.cut(total);
        }
        if self.covered() == total {
            return self.head(work);
        }
        if self.pieces.last().is_some_and(|last| !last.closed) {
            self.pieces.pop();
        }
        self.piece(work)
    }

    /// The write is done.
    pub fn done(&mut self, write: &Write) {
        match write {
            Write::Piece { name, .. } => {
                self.stored.insert(name.clone());
            }
            Write::Head { unneeded, .. } => self.stored.retain(|name| !unneeded.contains(name)),
        }
    }

    /// The write failed: the piece is not there.
    pub fn failed(&mut self, write: &Write) {
        let Write::Piece { name, .. } = write else { return };
        let is_it = |piece: &Piece| piece.name == *name;
        if let Some(at) = self.pieces.iter().position(is_it) {
            self.pieces.truncate(at);
        }
        if let Some(base) = &mut self.base
            && let Some(at) = base.pieces.iter().position(is_it)
        {
            base.pieces.truncate(at);
        }
    }

    fn covered(&self) -> usize {
        self.pieces.iter().map(|piece| piece.entries).sum()
    }

    fn piece(&mut self, work: &Work<'_>) -> Write {
        let start = self.covered();
        let base_end = self.base.as_ref().filter(|base| !base.is_whole()).map(|base| base.entries);
        let (mut text, mut entries) = (String::from("["), 0);
        let mut closed = false;
        for entry in work.from(start) {
            if entries > 0 {
                text.push(',');
            }
            text.push_str(&serde_json::to_string(entry).unwrap_or_default());
            entries += 1;
            closed = text.len() >= PIECE_BYTES || entries == PIECE_ENTRIES || base_end == Some(start + entries);
            if closed {
                break;
            }
        }
        text.push(']');
        let name = format!("{}-{}", self.writer, self.next);
        self.next += 1;
        let piece = Piece { name: name.clone(), entries, bytes: text.len(), closed };
        if let Some(base) = &mut self.base
            && base_end.is_some_and(|end| start + entries <= end)
        {
            base.pieces.push(piece.clone());
        }
        self.pieces.push(piece);
        Write::Piece { name, text }
    }

    fn head(&self, work: &Work<'_>) -> Write {
        let base = self.base.as_ref().filter(|base| base.is_whole());
        let head = HeadOut {
            format: FORMAT,
            version: 1,
            project: VERSION,
            name: work.name,
            options: work.options,
            position: work.position,
            drafts: work.drafts,
            lesson: work.lesson,
            pieces: &self.pieces,
            base,
        };
        let text = serde_json::to_string(&head).unwrap_or_default();
        let needed: BTreeSet<&str> = self
            .pieces
            .iter()
            .chain(base.map_or(&[][..], |base| &base.pieces))
            .map(|piece| piece.name.as_str())
            .collect();
        let unneeded = self.stored.iter().filter(|name| !needed.contains(name.as_str())).cloned().collect();
        let bytes = text.len() + self.pieces.iter().map(|piece| piece.bytes).sum::<usize>();
        Write::Head { text, unneeded, bytes }
    }
}

impl Base {
    fn is_whole(&self) -> bool {
        self.pieces.iter().map(|piece| piece.entries).sum::<usize>() == self.entries
    }
}

/// A kept workspace as it lies there, readable or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// A project's file as one text: how earlier versions kept it, and how a file is taken in.
    pub whole: Option<String>,
    pub head: Option<String>,
    pub pieces: BTreeMap<String, String>,
}

/// Why a kept workspace cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptError {
    /// There is nothing of this name.
    Missing,
    HeadDamaged {
        detail: String,
    },
    PieceMissing {
        number: usize,
        of: usize,
    },
    /// The texts are there and do not fit together.
    Project(ProjectError),
    /// What "reset" goes back to was not kept.
    NoBeginning,
}

impl fmt::Display for KeptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeptError::Missing => f.write_str("Nothing is kept under this name."),
            KeptError::HeadDamaged { detail } => write!(f, "What says how it was kept is damaged: {detail}."),
            KeptError::PieceMissing { number, of } => {
                write!(f, "Part {number} of the {of} that its log was kept in is missing.")
            }
            KeptError::Project(error) => error.fmt(f),
            KeptError::NoBeginning => f.write_str("How this workspace began is not kept any more."),
        }
    }
}

impl std::error::Error for KeptError {}

impl Kept {
    /// The workspace, and who goes on keeping it.
    ///
    /// # Errors
    /// What is wrong with what is kept.
    pub fn read(&self, writer: &str) -> Result<(Project, Keeper), KeptError> {
        let Some(head) = self.head()? else {
            let text = self.whole.as_deref().ok_or(KeptError::Missing)?;
            let project = Project::from_json(text).map_err(KeptError::Project)?;
            let keeper = Keeper::new(writer, &project);
            return Ok((project, keeper));
        };
        let project = self.project(&head, &head.pieces, &head.position)?;
        let stored = self.pieces.keys().cloned().collect();
        let keeper = Keeper { writer: writer.to_owned(), next: 0, pieces: head.pieces, base: head.base, stored };
        Ok((project, keeper))
    }

    /// The workspace as it began.
    ///
    /// # Errors
    /// When that was not kept or is damaged.
    pub fn beginning(&self) -> Result<Project, KeptError> {
        let Some(head) = self.head()? else {
            let text = self.whole.as_deref().ok_or(KeptError::Missing)?;
            return Project::from_json(text).map_err(KeptError::Project);
        };
        let base = head.base.as_ref().ok_or(KeptError::NoBeginning)?;
        let position = serde_json::to_value(base.position).unwrap_or_default();
        self.project(&head, &base.pieces, &position)
    }

    /// All that is there as one text, for a workspace that cannot be read.
    #[must_use]
    pub fn salvage(&self) -> String {
        match (&self.head, &self.whole) {
            (None, Some(whole)) => whole.clone(),
            (head, _) => serde_json::json!({
                "format": "stepyard-damaged-workspace", "head": head, "pieces": self.pieces,
            })
            .to_string(),
        }
    }

    /// The characters that are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let texts = self.whole.iter().chain(&self.head).chain(self.pieces.values());
        texts.map(String::len).sum()
    }

    fn head(&self) -> Result<Option<HeadIn>, KeptError> {
        let Some(text) = &self.head else { return Ok(None) };
        let head: HeadIn =
            serde_json::from_str(text).map_err(|error| KeptError::HeadDamaged { detail: error.to_string() })?;
        if head.format != FORMAT {
            return Err(KeptError::HeadDamaged { detail: format!("its format is \"{}\"", head.format) });
        }
        Ok(Some(head))
    }

    /// Put together as a project's file and read as one: one reader, with every migration, for all that comes in.
    fn project(&self, head: &HeadIn, pieces: &[Piece], position: &serde_json::Value) -> Result<Project, KeptError> {
        let HeadIn { project: version, name, options, drafts, lesson, .. } = head;
        let mut text = format!(
            "{{\"format\":\"{}\",\"version\":{version},\"name\":{name},\"options\":{options},\"position\":{position},\
             \"drafts\":{drafts},\"lesson\":{lesson},\"log\":[",
            migrate::FORMAT
        );
        let mut entries = 0;
        for (number, piece) in pieces.iter().enumerate() {
            let kept = self.pieces.get(&piece.name);
            let inner = kept.and_then(|text| text.strip_prefix('[')?.strip_suffix(']'));
            let inner = inner.ok_or(KeptError::PieceMissing { number: number + 1, of: pieces.len() })?;
            if entries > 0 {
                text.push(',');
            }
            text.push_str(inner);
            entries += piece.entries;
        }
        text.push_str("]}");
        let project = Project::from_json(&text).map_err(KeptError::Project)?;
        if project.log.len() != entries {
            let detail = format!("its log has {} entries where {entries} were kept", project.log.len());
            return Err(KeptError::Project(ProjectError::Damaged { detail }));
        }
        Ok(project)
    }
}

#[cfg(test)]
mod tests;
