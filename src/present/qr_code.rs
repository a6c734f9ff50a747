//! "Follow me": a link to this moment as a QR code, for the phones in the room.

use qrcodegen::{QrCode as Code, QrCodeEcc};
use share_link::{Shared, View};
use yew::prelude::*;

use crate::host::session_context::use_session;
use crate::host::ui::{Ui, use_ui};
use crate::session::Session;

/// White around the code, in modules: the standard asks for four.
const QUIET: i32 = 4;

#[component]
pub fn QrCode() -> Html {
    let (session, ui) = (use_session(), use_ui());
    let link = session.read(|session| link_of_moment(session, &ui));
    let code = use_memo(link, |link| {
        let link = link.as_ref()?;
        Code::encode_text(link, QrCodeEcc::Low).ok().map(|code| (code, link.len()))
    });
    match &*code {
        Some((code, characters)) => {
            let side = code.size() + 2 * QUIET;
            html! {
                <figure class="present-code">
                    <svg viewBox={format!("0 0 {side} {side}")} role="img" aria-label="QR code of a link to this moment">
                        <rect class="qr-light" width={side.to_string()} height={side.to_string()} />
                        <path class="qr-dark" d={modules(code)} />
                    </svg>
                    <figcaption>{ format!("This moment, to open on your own screen ({characters} characters)") }</figcaption>
                </figure>
            }
        }
        None => html! {
            <p class="present-code" role="status">
                { "This run is too long for a QR code. Share it as a file instead." }
            </p>
        },
    }
}

/// `None` when the run is too large for a link.
fn link_of_moment(session: &Session, ui: &Ui) -> Option<String> {
    let place = serde_json::to_value(&ui.place).ok()?;
    let view = Some(View { place, state: ui.selected_state.clone() });
    let fragment = share_link::encode(&Shared::Moment { project: session.project(), view }).ok()?;
    let location = gloo_utils::window().location();
    Some(format!("{}{}#{fragment}", location.origin().ok()?, location.pathname().ok()?))
}

/// All dark modules as one path, one run of a row at a time.
fn modules(code: &Code) -> String {
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                path.push_str(&format!("M{} {}h{}v1h-{}z", start + QUIET, y + QUIET, x - start, x - start));
            }
            x += 1;
        }
    }
    path
}
