//! Files from and to the person.

use gloo_events::EventListener;
use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, HtmlInputElement, Url};
use yew::platform::spawn_local;

/// Offers `text` as a download. Where the browser forbids downloads nothing happens.
pub fn download(name: &str, media_type: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options) else { return };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    let link = gloo_utils::document().create_element("a").ok().and_then(|e| e.dyn_into::<HtmlAnchorElement>().ok());
    if let Some(link) = link {
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    let _ = Url::revoke_object_url(&url);
}

/// A larger file is no project of ours.
const MOST_BYTES: f64 = 64.0 * 1024.0 * 1024.0;

/// Asks for a project's file and hands over its text. Nothing happens when the person chooses none.
pub fn pick_text_file(on_text: impl Fn(String) + 'static) {
    pick_text_file_of(".json,application/json", on_text);
}

/// The same, of certain kinds.
pub fn pick_text_file_of(kinds: &str, on_text: impl Fn(String) + 'static) {
    let input = gloo_utils::document().create_element("input").ok().and_then(|e| e.dyn_into::<HtmlInputElement>().ok());
    let Some(input) = input else { return };
    input.set_type("file");
    input.set_accept(kinds);
    let picked = input.clone();
    EventListener::once(&input, "change", move |_| {
        if let Some(file) = picked.files().and_then(|files| files.get(0)) {
            text_of(&file, on_text);
        }
    })
    .forget();
    input.click();
}

/// Hands over the text of a file that was chosen or dropped; nothing of one that is too large.
pub fn text_of(file: &File, on_text: impl Fn(String) + 'static) {
    if file.size() > MOST_BYTES {
        return;
    }
    let text = file.text();
    spawn_local(async move {
        if let Ok(text) = JsFuture::from(text).await {
            on_text(text.as_string().unwrap_or_default());
        }
    });
}
