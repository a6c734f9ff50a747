//! The footer.

use yew::prelude::*;

#[component]
pub fn Footer() -> Html {
    html! {
        <footer class="app-foot">
            <span>{ "A simulation: nothing leaves this browser." }</span>
            <span>{ "Not affiliated with Amazon Web Services." }</span>
        </footer>
    }
}
