//! Lessons and examples: one text beside the page, fetched when it is first wanted. A page that is a single file has it
//! inside.

use std::cell::RefCell;
use std::rc::Rc;

use lessons::Catalogue;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use yew::platform::spawn_local;
use yew::prelude::*;

/// Beside the page, written by `www/build/finish.mjs`.
const FILE: &str = "./lessons.txt";
/// The element that holds the same text in a page that is a single file.
const INSIDE: &str = "stepyard-lessons";

/// Why there is no catalogue.
pub const NOT_LOADED: &str = "The lessons could not be loaded. Check the connection, and try again.";

thread_local! {
    static LOADED: RefCell<Option<Rc<Catalogue>>> = const { RefCell::new(None) };
}

/// How far loading is.
#[derive(Clone, Debug, PartialEq)]
pub enum Loading {
    Loading,
    Loaded(Rc<Catalogue>),
    Failed,
}

/// Fetches the catalogue, once.
pub async fn load() -> Option<Rc<Catalogue>> {
    if let Some(loaded) = LOADED.with_borrow(Clone::clone) {
        return Some(loaded);
    }
    let text = match inside() {
        Some(text) => text,
        None => fetch().await?,
    };
    let catalogue = Rc::new(Catalogue::read(&text));
    if catalogue.lessons.is_empty() {
        return None;
    }
    LOADED.with_borrow_mut(|loaded| *loaded = Some(Rc::clone(&catalogue)));
    Some(catalogue)
}

fn inside() -> Option<String> {
    gloo_utils::document().get_element_by_id(INSIDE)?.text_content()
}

async fn fetch() -> Option<String> {
    let asked = web_sys::window()?.fetch_with_str(FILE);
    let response: web_sys::Response = JsFuture::from(asked).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.text().ok()?).await.ok()?.as_string()
}

/// The catalogue, loaded when `wanted`.
#[hook]
pub fn use_catalogue(wanted: bool) -> Loading {
    let state = use_state(|| LOADED.with_borrow(Clone::clone).map_or(Loading::Loading, Loading::Loaded));
    {
        let state = state.clone();
        use_effect_with(wanted, move |wanted| {
            if *wanted && !matches!(*state, Loading::Loaded(_)) {
                spawn_local(async move {
                    state.set(load().await.map_or(Loading::Failed, Loading::Loaded));
                });
            }
        });
    }
    (*state).clone()
}
