//! The gallery: ready workspaces with their pictures.

use std::rc::Rc;

use lessons::{Catalogue, Listed};
use yew::prelude::*;

use crate::components::banner::{Banner, BannerKind};
use crate::components::button::Button;
use crate::components::form::TextField;
use crate::components::graph_picture::GraphPicture;
use crate::host::catalogue::{Loading, NOT_LOADED, use_catalogue};
use crate::side::use_lesson_opener;

#[component]
pub fn Examples() -> Html {
    let loading = use_catalogue(true);
    html! {
        <div class="place">
            <div class="pane-body" tabindex="0" role="group" aria-label="Examples">
                <div class="examples">
                    <h1>{ "Examples" }</h1>
                    <p>{ "Each opens as a workspace of its own, with one click to run it. Read it, change it, break it." }</p>
                    { match loading {
                        Loading::Loading => html! { <p role="status">{ "Loading the examples…" }</p> },
                        Loading::Failed => html! { <Banner kind={BannerKind::Error}>{ NOT_LOADED }</Banner> },
                        Loading::Loaded(catalogue) => html! { <Gallery {catalogue} /> },
                    } }
                </div>
            </div>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct GalleryProps {
    catalogue: Rc<Catalogue>,
}

#[component]
fn Gallery(props: &GalleryProps) -> Html {
    let wanted = use_state(AttrValue::default);
    let found = props.catalogue.search(&wanted);
    let on_input = {
        let wanted = wanted.clone();
        Callback::from(move |text: AttrValue| wanted.set(text))
    };
    let count = match found.len() {
        0 => "No example has all of these words.".to_owned(),
        1 => "1 example".to_owned(),
        count => format!("{count} examples"),
    };
    html! {
        <>
            <TextField
                label="Search examples" input_type="search" value={(*wanted).clone()} {on_input}
                help="A word of the text or of a definition: Retry, JSONata, dynamodb."
            />
            <p role="status">{ count }</p>
            { for found.chunk_by(|a, b| a.lesson.category == b.lesson.category).map(|group| {
                let category = group.first().and_then(|listed| listed.lesson.category.clone()).unwrap_or_default();
                html! {
                    <section key={category.clone()} aria-label={category.clone()}>
                        <h2>{ category }</h2>
                        <ul class="example-grid">
                            { for group.iter().map(|listed| html! { <Card key={listed.id.clone()} listed={(*listed).clone()} /> }) }
                        </ul>
                    </section>
                }
            }) }
        </>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct CardProps {
    listed: Listed,
}

#[component]
fn Card(props: &CardProps) -> Html {
    let opener = use_lesson_opener();
    let lesson = &props.listed.lesson;
    let definition = lesson.definitions().next().unwrap_or_default().to_owned();
    let open = {
        let listed = props.listed.clone();
        Callback::from(move |_: MouseEvent| opener.open(&listed.id, &listed.lesson))
    };
    html! {
        <li class="card example">
            <div class="example-picture"><GraphPicture {definition} /></div>
            <h3>{ &lesson.title }</h3>
            <p>{ &lesson.sentence }</p>
            <Button label={format!("Open {}", lesson.title)} small=true onclick={open} />
        </li>
    }
}
