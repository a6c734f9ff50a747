//! What a tab shows when another one has the workspace: nothing is written by two, so the person chooses.

use yew::platform::spawn_local;
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::host::driver::OpenedCell;
use crate::host::opening::{self, Opened, Refused};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct TakenProps {
    pub id: AttrValue,
    pub name: AttrValue,
    pub on_opened: Callback<OpenedCell>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Copy,
    TakeOver,
    Empty,
}

#[component]
pub fn Taken(props: &TakenProps) -> Html {
    let error = use_state(|| None::<AttrValue>);
    let go = |way: Way| {
        let (id, on_opened, error) = (props.id.clone(), props.on_opened.clone(), error.setter());
        Callback::from(move |_: MouseEvent| {
            let (id, on_opened, error) = (id.clone(), on_opened.clone(), error.clone());
            spawn_local(async move {
                match open(&id, way).await {
                    Ok(opened) => on_opened.emit(OpenedCell::new(opened)),
                    Err(why) => error.set(Some(why.into())),
                }
            });
        })
    };
    html! {
        <main class="taken">
            <h1>{ format!("“{}” is open in another tab", props.name) }</h1>
            <p>{ "One tab at a time keeps a workspace, so that neither loses the other's work." }</p>
            <div class="button-row">
                <Button label="Open a copy here" kind={ButtonKind::Primary} onclick={go(Way::Copy)} />
                <Button label="Take it over" onclick={go(Way::TakeOver)} />
                <Button label="Start with an empty workspace" onclick={go(Way::Empty)} />
            </div>
            <p>
                { "Taking it over goes on here from what is saved. The other tab stays as it is and keeps nothing more, \
                   unless its work becomes a copy." }
            </p>
            if let Some(error) = &*error {
                <Banner kind={BannerKind::Error}>{ error }</Banner>
            }
        </main>
    }
}

async fn open(id: &str, way: Way) -> Result<Opened, String> {
    match way {
        Way::Copy => opening::copy(id).await,
        Way::Empty => opening::make(workspace::Project::empty("My workspace")).await,
        Way::TakeOver => opening::open(id, true).await.map(|opened| *opened).map_err(|refused| match refused {
            Refused::Taken => "The other tab still has it. Try again, or close that tab.".to_owned(),
            Refused::Damaged(why) => format!("It could not be opened, and is kept as it is. {why}"),
        }),
    }
}
