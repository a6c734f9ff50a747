//! The recorded run gives the same bytes as wasm as it does natively.

#![cfg(target_arch = "wasm32")]

mod replay;

use wasm_bindgen_test::wasm_bindgen_test;

#[wasm_bindgen_test]
fn a_recorded_run_gives_the_same_bytes_as_natively() {
    replay::check();
}
