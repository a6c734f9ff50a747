//! The page's bindings in a real browser.

#![cfg(target_arch = "wasm32")]

use stepyard_app::bindings::editor::Completions;
use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn plain_data_crosses_to_javascript() {
    let empty = serde_wasm_bindgen::to_value(&Completions::default()).expect("plain data");
    let back: serde_json::Value = serde_wasm_bindgen::from_value(empty).expect("plain data");
    assert_eq!(back, serde_json::json!({ "from": 0, "options": [] }));
}

#[wasm_bindgen_test]
async fn the_page_mounts_where_there_is_a_place_for_it() {
    let document = web_sys::window().and_then(|window| window.document()).expect("a browser");
    let place = document.create_element("div").expect("an element");
    place.set_id("app");
    document.body().expect("a body").append_child(&place).expect("it can be added");
    stepyard_app::app::start();
    let heading = || place.query_selector("h1").expect("a selector");
    for _ in 0..100 {
        if heading().is_some() {
            return;
        }
        yew::platform::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("no heading after a second");
}
