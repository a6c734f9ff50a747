//! What a graph's picture menu does: files of the drawing as it is shown, and a text with a link for where people write.

use std::collections::BTreeMap;
use std::rc::Rc;

use views::graph::{Sentence, markdown};
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::bindings::picture;
use crate::components::graph_view::Picture;
use crate::host::files::download;
use crate::host::session_context::use_session;
use crate::host::sharing::{What, make};
use crate::host::ui::use_ui;
use crate::session::FlashKind;

/// In a text a longer link is only in the way.
const MOST_OF_A_LINK: usize = 8_000;

/// Performs the menu's deeds for a graph of this name. `became` tells what became of states in the run that is shown.
#[hook]
pub fn use_pictures(
    label: &AttrValue,
    twin: &Rc<[Sentence]>,
    became: BTreeMap<String, String>,
) -> Callback<(Picture, Element)> {
    let (session, ui) = (use_session(), use_ui());
    let (title, twin) = (label.trim_start_matches("Graph of ").to_owned(), twin.clone());
    Callback::from(move |(picture, drawing): (Picture, Element)| {
        let stem = file_stem(&title);
        let session = session.clone();
        match picture {
            Picture::Svg => {
                download(&format!("{stem}.svg"), "image/svg+xml", &picture::svg(&drawing, &title));
                session.say(FlashKind::Success, format!("The picture {stem}.svg was made."));
            }
            Picture::Png => {
                let (svg, name) = (picture::svg(&drawing, &title), format!("{stem}.png"));
                spawn_local(async move {
                    match picture::save_png(&name, &svg).await {
                        Ok(()) => session.say(FlashKind::Success, format!("The picture {name} was made.")),
                        Err(_) => {
                            let text = "The browser could not draw the picture in pixels. Download it as SVG instead.";
                            session.say(FlashKind::Error, text);
                        }
                    }
                });
            }
            Picture::Markdown => {
                let link = make(&session, &ui, What::Moment).link.ok().filter(|link| link.len() <= MOST_OF_A_LINK);
                let text = markdown(&title, &twin, &became, &format!("{stem}.svg"), link.as_deref());
                let copying = gloo_utils::window().navigator().clipboard().write_text(&text);
                spawn_local(async move {
                    if JsFuture::from(copying).await.is_err() {
                        let text =
                            "The browser did not allow copying. Allow the clipboard for this page, and try again.";
                        return session.say(FlashKind::Error, text);
                    }
                    let text = format!("Copied. Where the text names {stem}.svg, put the picture: download it as SVG.");
                    session.say(FlashKind::Success, text);
                });
            }
        }
    })
}

/// A name that every file system takes.
fn file_stem(title: &str) -> String {
    const LONGEST: usize = 60;
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_".contains(c) { c } else { '-' };
    let stem: String = title.chars().map(plain).take(LONGEST).collect();
    let stem = stem.trim_matches('-');
    if stem.is_empty() { "graph".to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::file_stem;

    #[test]
    fn files_have_plain_names() {
        assert_eq!(file_stem("InventoryStateMachine"), "InventoryStateMachine");
        assert_eq!(file_stem("../../<b>é</b>"), "b----b");
        assert_eq!(file_stem("…"), "graph");
    }
}
