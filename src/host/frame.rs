//! Animation frames: the browser calls only while the page is shown, so a background tab stands still.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

type FrameClosure = Closure<dyn FnMut(f64)>;

/// Calls back before every frame with the browser's time in milliseconds, until dropped.
pub struct Frames {
    running: Rc<RefCell<bool>>,
}

impl std::fmt::Debug for Frames {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frames").finish_non_exhaustive()
    }
}

impl Frames {
    #[must_use]
    pub fn start(mut on_frame: impl FnMut(f64) + 'static) -> Frames {
        let running = Rc::new(RefCell::new(true));
        let closure: Rc<RefCell<Option<FrameClosure>>> = Rc::default();
        let next = {
            let (running, closure) = (Rc::clone(&running), Rc::clone(&closure));
            move |time| {
                if !*running.borrow() {
                    // Nobody asks for a further frame: the closure goes.
                    closure.take();
                    return;
                }
                on_frame(time);
                request(&closure);
            }
        };
        *closure.borrow_mut() = Some(Closure::new(next));
        request(&closure);
        Frames { running }
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        *self.running.borrow_mut() = false;
    }
}

fn request(closure: &RefCell<Option<FrameClosure>>) {
    if let (Some(window), Some(closure)) = (web_sys::window(), closure.borrow().as_ref()) {
        let _ = window.request_animation_frame(closure.as_ref().unchecked_ref());
    }
}
