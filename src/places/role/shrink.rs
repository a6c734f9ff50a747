//! "Shrink to what was used": what the role has beside what its recorded calls needed, and the way there and back.

use aws_protocol::AwsError;
use sim_account::shrink::Span;
use views::roles::RoleView;
use views::shrink::{ApiCall, ShrinkView};
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::host::session_context::{SessionHandle, use_session};
use crate::places::parts::{CodeBlock, Refusal};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct ShrinkProps {
    pub role: RoleView,
    /// The calls that undo a shrinking done on this page; none when there was none.
    pub back: Vec<ApiCall>,
    pub on_back: Callback<Vec<ApiCall>>,
}

#[component]
pub fn Shrink(props: &ShrinkProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let found = use_memo((session.clone(), props.role.name.clone()), |(session, name)| {
        session.read(|s| {
            let view = views::shrink::view(s.account(), name, &Span::Kept);
            view.map(|view| (view, views::shrink::calls(s.account(), name, &Span::Kept)))
        })
    });
    let Some((view, calls)) = (*found).clone() else { return Html::default() };
    let nothing_to_do = calls.is_none();
    let apply = {
        let (session, error, on_back) = (session.clone(), error.setter(), props.on_back.clone());
        Callback::from(move |_: MouseEvent| {
            let Some((there, back)) = calls.clone() else { return };
            // Even when a later call is refused, what was done can be put back.
            on_back.emit(back);
            error.set(make(&session, there).err());
        })
    };
    let put_back = {
        let (session, error, props) = (session.clone(), error.setter(), props.clone());
        Callback::from(move |_: MouseEvent| {
            let result = make(&session, props.back.clone());
            if result.is_ok() {
                props.on_back.emit(Vec::new());
            }
            error.set(result.err());
        })
    };
    html! {
        <section class="place-sections" aria-label="Shrink to what was used">
            <h2>{ "Shrink to what was used" }</h2>
            <p>{ format!("{} recorded calls with this role were looked at. What it will need at another time they cannot tell.", view.calls) }</p>
            <Refusal error={(*error).clone()} />
            if !props.back.is_empty() {
                <Banner kind={BannerKind::Success} title="The role was shrunk" actions={html! {
                    <Button label="Put back" small=true onclick={put_back} />
                }}>
                    { "Put back gives it the policies it had. It is offered while this page is open." }
                </Banner>
            } else if view.after.is_none() {
                <p>{ "It used nothing so far: run what uses it, then look here again." }</p>
            } else if nothing_to_do {
                <p>{ "It has just what it used, and nothing else." }</p>
            } else {
                <div class="button-row"><Button label="Apply" kind={ButtonKind::Primary} onclick={apply} /></div>
            }
            { never_used(&view) }
            { beside(&view) }
        </section>
    }
}

fn never_used(view: &ShrinkView) -> Html {
    if view.unused.is_empty() {
        return Html::default();
    }
    html! {
        <>
            <h3>{ "Never used" }</h3>
            <ul>{ for view.unused.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
        </>
    }
}

/// What it has now, and the least policy.
fn beside(view: &ShrinkView) -> Html {
    html! {
        <>
            if let Some(after) = &view.after {
                <h3>{ format!("What it used: the inline policy {}", views::shrink::POLICY_NAME) }</h3>
                <CodeBlock label="The least policy" text={after.clone()} />
            }
            <h3>{ "What it has now" }</h3>
            if view.before.is_empty() { <p>{ "No policies." }</p> }
            { for view.before.iter().map(|(name, text)| html! {
                <details key={name.clone()}>
                    <summary>{ name }</summary>
                    <CodeBlock label={format!("Policy {name}")} text={text.clone()} />
                </details>
            }) }
        </>
    }
}

/// Makes the calls in their order, up to the first that is refused. What was to be deleted and is gone is no refusal.
fn make(session: &SessionHandle, calls: Vec<ApiCall>) -> Result<(), AwsError> {
    for (action, params) in calls {
        match session.call(action, params) {
            Err(refused) if action == "iam:DeleteRolePolicy" && refused.code == "NoSuchEntity" => {}
            result => drop(result?),
        }
    }
    Ok(())
}
