//! All that this browser keeps: every workspace, what can be done with it, and how safe it is.

mod row;
mod safety;

use workspace::Project;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::host::files::pick_text_file;
use crate::host::session_context::use_session;
use crate::host::workspaces::{Listed, use_workspaces};
use row::{Deed, Row};
use safety::Safety;

#[component]
pub fn WorkspacesPage() -> Html {
    let session = use_session();
    let workspaces = use_workspaces();
    let list = use_state(|| None::<Vec<Listed>>);
    let refresh = use_callback((workspaces.clone(), list.setter()), |(), (workspaces, list)| {
        let (workspaces, list) = (workspaces.clone(), list.clone());
        spawn_local(async move { list.set(Some(workspaces.list().await)) });
    });
    {
        // What is open, what it is called, what a message's button did: each says something, which counts.
        let seen = session.read(|session| {
            (session.name().to_owned(), session.flashes().iter().map(|flash| flash.id).collect::<Vec<_>>())
        });
        let refresh = refresh.clone();
        use_effect_with(seen, move |_| refresh.emit(()));
    }
    {
        // Another tab may have done something while this one was not looked at.
        let refresh = refresh.clone();
        use_effect_with((), move |()| {
            let window = gloo_utils::window();
            let focus = gloo_events::EventListener::new(&window, "focus", move |_| refresh.emit(()));
            move || drop(focus)
        });
    }
    let on_deed = {
        let (workspaces, refresh) = (workspaces.clone(), refresh.clone());
        Callback::from(move |(id, deed): (AttrValue, Deed)| {
            let (workspaces, refresh) = (workspaces.clone(), refresh.clone());
            spawn_local(async move {
                deed.perform(&workspaces, &id).await;
                refresh.emit(());
            });
        })
    };
    let new = |project: fn() -> Project, said: &'static str| {
        let workspaces = workspaces.clone();
        Callback::from(move |_: MouseEvent| workspaces.open_new(project(), said, true))
    };
    let take_in = {
        let (workspaces, refresh) = (workspaces.clone(), refresh.clone());
        Callback::from(move |_: MouseEvent| {
            let (workspaces, refresh) = (workspaces.clone(), refresh.clone());
            pick_text_file(move |text| {
                let (workspaces, refresh) = (workspaces.clone(), refresh.clone());
                spawn_local(async move {
                    workspaces.take_in(&text).await;
                    refresh.emit(());
                });
            });
        })
    };
    let download_all = {
        let workspaces = workspaces.clone();
        Callback::from(move |_: MouseEvent| {
            let workspaces = workspaces.clone();
            spawn_local(async move { workspaces.download_all().await });
        })
    };
    let reset = {
        let workspaces = workspaces.clone();
        Callback::from(move |_: MouseEvent| {
            let workspaces = workspaces.clone();
            spawn_local(async move { workspaces.reset().await });
        })
    };
    let all = (*list).clone().unwrap_or_default();
    let (deleted, kept): (Vec<Listed>, Vec<Listed>) =
        all.into_iter().partition(|listed| listed.summary.deleted.is_some());
    html! {
        <div class="place">
            <div class="pane-body" tabindex="0" role="group" aria-label="Workspaces">
                <div class="workspaces">
                    <h1>{ "Workspaces" }</h1>
                    <p>{ "Each is an account of its own. They are kept in this browser and nowhere else." }</p>
                    <div class="button-row">
                        <Button
                            label="New empty workspace" kind={ButtonKind::Primary}
                            onclick={new(|| Project::empty("My workspace"), "An empty workspace is open.")}
                        />
                        <Button
                            label="New from the tutorial"
                            onclick={new(workspace::tutorial, "The tutorial's workspace is open.")}
                        />
                        <Button label="Open a file…" onclick={take_in} />
                        <Button label="Download all" onclick={download_all} />
                        <Button label="Reset the open workspace" onclick={reset} />
                    </div>
                    <div class="table-scroll" tabindex="0" role="group" aria-label="List of workspaces">
                        <table class="table">
                            <thead>
                                <tr>
                                    <th scope="col">{ "Name" }</th>
                                    <th scope="col">{ "Last change" }</th>
                                    <th scope="col" class="number">{ "Size" }</th>
                                    <th scope="col">{ "State" }</th>
                                    <th scope="col">{ "Actions" }</th>
                                </tr>
                            </thead>
                            <tbody>
                                { for kept.iter().map(|listed| html! {
                                    <Row key={listed.id.clone()} listed={listed.clone()} on_deed={&on_deed} on_change={&refresh} />
                                }) }
                            </tbody>
                        </table>
                    </div>
                    if !deleted.is_empty() {
                        <h2>{ "Deleted" }</h2>
                        <p>{ "They can be brought back for thirty days." }</p>
                        <ul class="deleted-workspaces">
                            { for deleted.into_iter().map(|listed| row::deleted(&listed, &on_deed)) }
                        </ul>
                    }
                    <Safety />
                </div>
            </div>
        </div>
    }
}
