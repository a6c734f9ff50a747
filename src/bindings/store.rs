//! Where workspaces are kept: `www/js/store.js`, in IndexedDB or in the page's memory.

use std::collections::BTreeMap;
use std::fmt;

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use workspace::collection::Summary;
use workspace::kept::Kept;

#[wasm_bindgen(module = "/www/js/store.js")]
extern "C" {
    #[wasm_bindgen(js_name = open)]
    fn js_open() -> Promise;
    #[wasm_bindgen(js_name = lastsAsThePage)]
    fn js_lasts_as_the_page(id: &str) -> bool;
    #[wasm_bindgen(js_name = list)]
    fn js_list() -> Promise;
    #[wasm_bindgen(js_name = read)]
    fn js_read(id: &str) -> Promise;
    #[wasm_bindgen(js_name = put)]
    fn js_put(id: &str, expected: &JsValue, pieces: &Array, head: &JsValue, summary: &str, unneeded: &Array)
    -> Promise;
    #[wasm_bindgen(js_name = putWhole)]
    fn js_put_whole(id: &str, text: &str, summary: &str) -> Promise;
    #[wasm_bindgen(js_name = putSummary)]
    fn js_put_summary(id: &str, summary: &str) -> Promise;
    #[wasm_bindgen(js_name = remove)]
    fn js_remove(id: &str) -> Promise;
    #[wasm_bindgen(js_name = moveToMemory)]
    fn js_move_to_memory(id: &str, summary: &str);
    #[wasm_bindgen(js_name = room)]
    fn js_room() -> Promise;
    #[wasm_bindgen(js_name = persist)]
    fn js_persist() -> Promise;
    #[wasm_bindgen(js_name = unlisted)]
    fn js_unlisted() -> Promise;
}

/// Why something could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// Another tab has kept something since.
    Conflict,
    /// The browser has no room left.
    Full,
    /// Anything else, in the browser's words.
    Browser { words: String },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Conflict => f.write_str("another tab has kept something since"),
            StoreError::Full => f.write_str("this browser has no room left"),
            StoreError::Browser { words } => f.write_str(words),
        }
    }
}

impl From<JsValue> for StoreError {
    fn from(thrown: JsValue) -> StoreError {
        let text = |member: &str| {
            let value = js_sys::Reflect::get(&thrown, &member.into()).ok();
            value.and_then(|value| value.as_string()).unwrap_or_default()
        };
        let (name, message) = (text("name"), text("message"));
        match (name.as_str(), message.as_str()) {
            (_, "conflict") => StoreError::Conflict,
            ("QuotaExceededError", _) => StoreError::Full,
            _ => StoreError::Browser { words: format!("{name}: {message}") },
        }
    }
}

type Done<T = ()> = Result<T, StoreError>;

async fn done(promise: Promise) -> Done<JsValue> {
    Ok(JsFuture::from(promise).await?)
}

fn texts(value: JsValue) -> Vec<String> {
    Array::from(&value).iter().map(|text| text.as_string().unwrap_or_default()).collect()
}

fn pairs(value: JsValue) -> Vec<(String, String)> {
    let mut texts = texts(value).into_iter();
    std::iter::from_fn(|| Some((texts.next()?, texts.next()?))).collect()
}

fn json(summary: &Summary) -> String {
    serde_json::to_string(summary).unwrap_or_default()
}

/// A head that is kept, as the browser holds it: to compare, not to read.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptHead(JsValue);

impl KeptHead {
    #[must_use]
    pub fn of(text: &str) -> KeptHead {
        KeptHead(text.into())
    }
}

/// Opens what the browser keeps. After an error everything goes to memory.
///
/// # Errors
/// No storage in this mode.
pub async fn open() -> Done {
    done(js_open()).await.map(drop)
}

/// True where a workspace is only in the page's memory.
#[must_use]
pub fn lasts_as_the_page(id: &str) -> bool {
    js_lasts_as_the_page(id)
}

/// All workspaces, the one that was changed last first.
///
/// # Errors
/// The browser's own.
pub async fn list() -> Done<Vec<(String, Summary)>> {
    let kept = pairs(done(js_list()).await?);
    let mut all: Vec<(String, Summary)> = kept
        .into_iter()
        .map(|(id, text)| {
            let damaged = |error: serde_json::Error| Summary {
                name: "Workspace".to_owned(),
                damaged: Some(format!("Its entry in the list is damaged: {error}.")),
                ..Summary::default()
            };
            (id, serde_json::from_str(&text).unwrap_or_else(damaged))
        })
        .collect();
    all.sort_by(|one, other| other.1.changed.cmp(&one.1.changed).then_with(|| one.0.cmp(&other.0)));
    Ok(all)
}

/// Projects that an earlier version of the page kept, by their names.
///
/// # Errors
/// The browser's own.
pub async fn unlisted() -> Done<Vec<(String, String)>> {
    done(js_unlisted()).await.map(pairs)
}

/// What is kept of a workspace.
///
/// # Errors
/// The browser's own.
pub async fn read(id: &str) -> Done<Kept> {
    let mut texts = texts(done(js_read(id)).await?).into_iter();
    let mut next = || texts.next().filter(|text| !text.is_empty());
    let (whole, head) = (next(), next());
    let pieces: BTreeMap<String, String> = std::iter::from_fn(|| Some((texts.next()?, texts.next()?))).collect();
    Ok(Kept { whole, head, pieces })
}

/// A head to be kept, and what follows from it.
#[derive(Clone, Debug)]
pub struct NewHead {
    pub head: KeptHead,
    pub summary: Summary,
    /// Pieces that it does not refer to.
    pub unneeded: Vec<String>,
}

/// Keeps pieces of the log, and a head in place of the expected one, in one go.
///
/// # Errors
/// [`StoreError::Conflict`] when there is another one.
pub async fn put(id: &str, expected: &KeptHead, pieces: &[(String, String)], head: Option<&NewHead>) -> Done {
    let pieces = pieces.iter().flat_map(|(name, text)| [JsValue::from(name), JsValue::from(text)]).collect::<Array>();
    let unneeded = head.map_or(&[][..], |new| &new.unneeded).iter().map(JsValue::from).collect::<Array>();
    let summary = head.map_or_else(String::new, |new| json(&new.summary));
    let head = head.map_or(JsValue::NULL, |new| new.head.0.clone());
    done(js_put(id, &expected.0, &pieces, &head, &summary, &unneeded)).await.map(drop)
}

/// Keeps a project as one text.
///
/// # Errors
/// The browser's own.
pub async fn put_whole(id: &str, text: &str, summary: &Summary) -> Done {
    done(js_put_whole(id, text, &json(summary))).await.map(drop)
}

/// Changes what the list shows.
///
/// # Errors
/// The browser's own.
pub async fn put_summary(id: &str, summary: &Summary) -> Done {
    done(js_put_summary(id, &json(summary))).await.map(drop)
}

/// Forgets a workspace.
///
/// # Errors
/// The browser's own.
pub async fn remove(id: &str) -> Done {
    done(js_remove(id)).await.map(drop)
}

/// From now on a workspace is kept in the page's memory.
pub fn move_to_memory(id: &str, summary: &Summary) {
    js_move_to_memory(id, &json(summary));
}

/// How much room the browser gives this page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    pub used: f64,
    pub quota: f64,
    /// The browser does not clear it away when it needs room.
    pub lasting: bool,
}

/// How much room there is, where the browser says so.
pub async fn room() -> Option<Room> {
    let told = Array::from(&done(js_room()).await.ok()?);
    let number = |at: u32| told.get(at).as_f64();
    Some(Room { used: number(0)?, quota: number(1)?, lasting: told.get(2).as_bool()? })
}

/// Asks the browser to keep what is kept even when it needs room. It may ask the person.
pub async fn persist() -> bool {
    done(js_persist()).await.ok().and_then(|answer| answer.as_bool()).unwrap_or(false)
}
