//! A link's outside: `y` and the version, the kind, how many characters follow, the packed bytes as base64url, and a
//! checksum of everything before it.
//!
//! Only letters, digits, `-`, `_` and `.` occur, and the last character is a letter or digit, so that programs that
//! find links in text find all of it. The length tells a link that was cut off from one that was changed, and lets us
//! leave away what a sentence put behind it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::limits::MOST_CHARACTERS;
use crate::{Kind, LinkError};

const CHECKSUM: usize = 8;

pub(crate) struct Opened {
    pub kind: Kind,
    pub packed: Vec<u8>,
}

/// Whether the text after an address's `#` is one of our links, whole or not: others name a part of the page.
#[must_use]
pub fn is_link(fragment: &str) -> bool {
    let rest = fragment.strip_prefix('#').unwrap_or(fragment).strip_prefix('y');
    rest.is_some_and(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        digits > 0 && rest.as_bytes().get(digits).is_none_or(|byte| *byte == b'.')
    })
}

pub(crate) fn seal(version: u32, kind: Kind, packed: &[u8]) -> Result<String, LinkError> {
    let data = URL_SAFE_NO_PAD.encode(packed);
    let body = data.len() + CHECKSUM;
    let before = format!("y{version}.{}.{body}.{data}", kind.name());
    if before.len() + CHECKSUM > MOST_CHARACTERS {
        return Err(LinkError::TooLarge { what: "The link's length", most: MOST_CHARACTERS as u64 });
    }
    let checksum = checksum(&before);
    Ok(before + &checksum)
}

pub(crate) fn open(text: &str) -> Result<Opened, LinkError> {
    if text.len() > 2 * MOST_CHARACTERS {
        return Err(LinkError::TooLarge { what: "The link's length", most: MOST_CHARACTERS as u64 });
    }
    // Mail programs break long lines.
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let link = text.rsplit_once('#').map_or(text.as_str(), |(_, fragment)| fragment);
    if !is_link(link) {
        return Err(LinkError::NotALink);
    }
    let cut = || LinkError::CutOff { there: link.chars().count(), announced: None };
    let mut parts = link.splitn(4, '.');
    let version = parts.next().and_then(|part| part.get(1..)).unwrap_or_default();
    // A number that no number holds is later than all we know.
    let version = version.parse::<u32>().unwrap_or(u32::MAX);
    // Only what is followed by a dot is whole.
    let (Some(kind), Some(length)) = (parts.next(), parts.next()) else { return Err(cut()) };
    if version > crate::VERSION {
        return Err(LinkError::Newer { version });
    }
    if version == 0 {
        return Err(LinkError::Damaged { what: "its version is none" });
    }
    let kind = Kind::ALL.into_iter().find(|known| known.name() == kind).ok_or_else(|| unknown(kind))?;
    let Some(body) = parts.next() else { return Err(cut()) };
    let length = length.parse::<usize>().map_err(|_| LinkError::Damaged { what: "its length is no number" })?;
    if length > MOST_CHARACTERS {
        return Err(LinkError::TooLarge { what: "The link's length", most: MOST_CHARACTERS as u64 });
    }
    let there = body.chars().count();
    if there < length {
        let head = link.len() - body.len();
        return Err(LinkError::CutOff { there: head + there, announced: Some(head + length) });
    }
    // What stands behind it belongs to the sentence around the link.
    let end = body.char_indices().nth(length).map_or(body.len(), |(at, _)| at);
    let whole = &link[..link.len() - body.len() + end];
    let split = whole.len().checked_sub(CHECKSUM).filter(|at| length >= CHECKSUM && whole.is_char_boundary(*at));
    let (before, sum) = whole.split_at(split.ok_or(LinkError::Damaged { what: "its checksum is missing" })?);
    if checksum(before) != sum {
        return Err(LinkError::Damaged { what: "its checksum does not fit" });
    }
    let data = before.rsplit('.').next().unwrap_or_default();
    let packed = URL_SAFE_NO_PAD
        .decode(data)
        .map_err(|_| LinkError::Foreign { detail: "it holds characters that links do not have".into() })?;
    Ok(Opened { kind, packed })
}

fn unknown(kind: &str) -> LinkError {
    const SHOWN: usize = 40;
    LinkError::UnknownKind { kind: kind.chars().take(SHOWN).collect() }
}

fn checksum(text: &str) -> String {
    let sum = Sha256::digest(text.as_bytes());
    sum.iter().take(CHECKSUM / 2).map(|byte| format!("{byte:02x}")).collect()
}
