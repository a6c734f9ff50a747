//! What happened last, in words that can be read from the last row; screen readers hear it, too.

use views::present::{self, Line};
use views::target::Tone;
use yew::prelude::*;

use crate::host::session_context::use_session;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct CaptionBarProps {
    pub execution: Option<String>,
}

#[component]
pub fn CaptionBar(props: &CaptionBarProps) -> Html {
    let session = use_session();
    let caption = session.read(|session| present::caption(session.account(), props.execution.as_deref()));
    // What the page has to say of a key that did nothing, for one.
    let said = session.flashes().last().map(|flash| flash.text.to_string());
    html! {
        <section class="present-caption" aria-label="What happened" aria-live="polite" aria-atomic="true">
            <p class={classes!("present-main", tone(&caption.main))}>{ caption.main.text.clone() }</p>
            if let Some(because) = &caption.main.because { <p class="present-because">{ because.clone() }</p> }
            if !caption.beside.is_empty() {
                <ul class="present-beside">
                    { for caption.beside.iter().map(|line| html! { <li class={tone(line)}>{ line.text.clone() }</li> }) }
                </ul>
            }
            if let Some(said) = said { <p class="present-said">{ said }</p> }
        </section>
    }
}

fn tone(line: &Line) -> &'static str {
    match line.tone {
        Tone::Plain => "tone-plain",
        Tone::Busy => "tone-busy",
        Tone::Good => "tone-good",
        Tone::Warning => "tone-warning",
        Tone::Bad => "tone-bad",
    }
}
