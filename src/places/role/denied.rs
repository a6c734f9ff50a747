//! The last calls that IAM denied the role, each with what every statement said to it.

use yew::prelude::*;

use super::RoleProps;
use crate::components::banner::{Banner, BannerKind};
use crate::places::parts::{CodeBlock, PlaceLink, time_of_day};

#[component]
pub fn Denied(props: &RoleProps) -> Html {
    html! {
        <section class="place-sections" aria-label="Denied calls">
            <h2>{ "Denied calls" }</h2>
            if props.role.denied.is_empty() { <p>{ "No call with this role was denied." }</p> }
            { for props.role.denied.iter().map(|call| html! {
                <Banner kind={BannerKind::Warning} title={format!("{} · {}", time_of_day(call.at), call.action)}>
                    <p><PlaceLink target={call.target.clone()} text={call.who.clone()} />{ ": " }{ &call.message }</p>
                    <ul>{ for call.statements.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
                    <details>
                        <summary>{ "A statement that would allow it" }</summary>
                        <CodeBlock label="Statement" text={call.remedy.clone()} />
                    </details>
                </Banner>
            }) }
        </section>
    }
}
