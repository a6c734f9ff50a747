//! Pictures of a drawing, made by `www/js/picture.js`: it asks the browser how each shape looks.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen(module = "/www/js/picture.js")]
extern "C" {
    #[wasm_bindgen(js_name = svgOf)]
    fn svg_of(drawing: &web_sys::Element, title: &str) -> String;
    #[wasm_bindgen(js_name = pngOf)]
    fn png_of(svg: &str) -> js_sys::Promise;
    #[wasm_bindgen(js_name = saveBlob)]
    fn save_blob(name: &str, blob: &JsValue);
}

/// The text of an SVG file that needs nothing else, in the colours that the page has now.
#[must_use]
pub fn svg(drawing: &web_sys::Element, title: &str) -> String {
    svg_of(drawing, title)
}

/// Offers the picture as a PNG file.
///
/// # Errors
/// When the browser cannot draw it, as with a canvas that is too large for it.
pub async fn save_png(name: &str, svg: &str) -> Result<(), JsValue> {
    let blob = JsFuture::from(png_of(svg)).await?;
    save_blob(name, &blob);
    Ok(())
}
