//! The root component.

use yew::prelude::*;

use crate::bindings::editor::Language;
use crate::components::code_editor::CodeEditor;

/// Mounts the app into the page's `#app`.
pub fn start() {
    let place = web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id("app"));
    if let Some(place) = place {
        yew::Renderer::<App>::with_root(place).render();
    }
}

/// The whole page.
#[component]
pub fn App() -> Html {
    let text = use_state(|| AttrValue::from("{\n  \"StartAt\": \"Say hello\"\n}\n"));
    let on_change = {
        let text = text.clone();
        Callback::from(move |new: AttrValue| text.set(new))
    };
    html! {
        <div class="page">
            <header class="top-bar">
                <h1>{ "Stepyard" }</h1>
            </header>
            <main>
                <p>{ "A cloud account small enough to live in a browser tab." }</p>
                <CodeEditor
                    text={(*text).clone()}
                    language={Language::Json}
                    aria_label="State machine definition"
                    {on_change}
                />
                <p aria-live="polite">{ format!("{} characters", text.encode_utf16().count()) }</p>
            </main>
            <footer>{ "Not affiliated with Amazon Web Services." }</footer>
        </div>
    }
}
