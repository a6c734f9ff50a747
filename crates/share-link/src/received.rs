//! Text that somebody pasted or dropped: a link, an address with one, or a project file.

use workspace::Project;

use crate::{LinkError, Shared, decode, envelope, limits};

/// Whether a pasted text is meant for us. Anything else belongs to the field or the page where it was pasted.
#[must_use]
pub fn is_meant(text: &str) -> bool {
    let text = text.trim();
    let fragment = text.rsplit_once('#').map_or(text, |(_, fragment)| fragment);
    let link = envelope::is_link(fragment) && fragment.contains('.') && !text.contains(char::is_whitespace);
    link || (text.starts_with('{') && text.contains("\"stepyard-project\""))
}

/// What the text holds. A project file opens where its clock stands.
///
/// # Errors
/// A [`LinkError`] that says what is wrong with it.
pub fn read(text: &str) -> Result<Shared, LinkError> {
    if !text.trim_start().starts_with(['{', '[']) {
        return decode(text);
    }
    let project = Project::from_json(text)?;
    limits::check_file(&project)?;
    Ok(Shared::Moment { project, view: None })
}
