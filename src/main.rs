//! Starts the page.

fn main() {
    stepyard_app::app::start();
}
