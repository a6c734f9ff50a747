//! A queue: its messages, sending and polling, who is triggered by it, dead letters, metrics, and its settings.

mod access_policy;
mod dead_letters;
mod details;
mod groups;
pub mod lanes;
mod monitoring;
pub mod parts;
mod receive;
mod received;
mod redrive;
pub mod sections;
mod send;
pub mod settings_form;
mod triggers;

use aws_protocol::AwsError;
use shared_json::json;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::ConfirmDialog;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::components::status::{Badge, Tone};
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::{CopyLine, PlaceLink, Refusal};
use crate::session::{Place, QueueTab};
use lanes::Lanes;
use send::QueueProps;

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct QueuePageProps {
    pub name: String,
    pub tab: QueueTab,
}

const TABS: [(QueueTab, &str, &str); 7] = [
    (QueueTab::Messages, "queue-messages", "Messages"),
    (QueueTab::SendReceive, "queue-send", "Send and receive messages"),
    (QueueTab::Triggers, "queue-triggers", "Lambda triggers"),
    (QueueTab::DeadLetters, "queue-dead-letters", "Dead-letter queue"),
    (QueueTab::Monitoring, "queue-monitoring", "Monitoring"),
    (QueueTab::AccessPolicy, "queue-policy", "Access policy"),
    (QueueTab::Details, "queue-details", "Details"),
];

#[component]
pub fn QueuePage(props: &QueuePageProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let view = use_memo((session.clone(), props.name.clone()), |(session, name)| {
        session.read(|s| views::queue::view(s.account(), name))
    });
    let Some(queue) = (*view).clone() else {
        return html! {
            <div class="place">
                <div class="centre-head"><h1>{ &props.name }</h1></div>
                <div class="pane-body"><Empty icon={Icon::Queue} title="There is no queue of this name">
                    <p>{ "It was deleted, or it does not exist at this moment of the run." }</p>
                </Empty></div>
            </div>
        };
    };
    let tabs = TABS.map(|(tab, id, label)| match tab {
        QueueTab::Messages => Tab::new(id, label).with_count(queue.counts.all()),
        QueueTab::Triggers => Tab::new(id, label).with_count(queue.triggers.len()),
        _ => Tab::new(id, label),
    });
    let selected = TABS.iter().find(|(tab, _, _)| *tab == props.tab).map_or("queue-messages", |(_, id, _)| id);
    let on_select = {
        let (ui, name) = (ui.clone(), props.name.clone());
        Callback::from(move |id: AttrValue| {
            if let Some((tab, _, _)) = TABS.iter().find(|(_, each, _)| *each == id.as_str()) {
                ui.go(Place::Queue { name: name.clone(), tab: *tab });
            }
        })
    };
    let name = AttrValue::from(queue.name.clone());
    html! {
        <div class="place">
            <Head queue={queue.clone()} />
            <Tabs label="Queue" tabs={tabs.to_vec()} {selected} {on_select} />
            <TabPanel key={selected} id={selected} class={classes!((props.tab != QueueTab::Messages).then_some("pane-padded"))}>
                { match props.tab {
                    QueueTab::Messages => html! { <><Lanes name={name.clone()} /><Gone {name} /></> },
                    QueueTab::SendReceive => html! {
                        <>
                            <div class="send-receive">
                                <div class="place-sections"><send::SendForm queue={queue.clone()} /><send::Generate queue={queue.clone()} /></div>
                                <receive::Poll {queue} />
                            </div>
                            <h2 class="peek-title">{ "What is in the queue: looking changes nothing" }</h2>
                            <Lanes {name} />
                        </>
                    },
                    QueueTab::Triggers => html! { <triggers::Triggers {queue} /> },
                    QueueTab::DeadLetters => html! { <dead_letters::DeadLetters {queue} /> },
                    QueueTab::Monitoring => html! { <monitoring::MonitoringTab {queue} /> },
                    QueueTab::AccessPolicy => html! { <access_policy::AccessPolicy {queue} /> },
                    QueueTab::Details => html! { <details::Details {queue} /> },
                } }
            </TabPanel>
        </div>
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Nothing,
    Purge,
    Delete,
}

#[component]
fn Head(props: &QueueProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let asked = use_state(|| Asked::Nothing);
    let error = use_state(|| None::<AwsError>);
    let queue = &props.queue;
    let ask = |what: Asked| {
        let asked = asked.clone();
        Callback::from(move |_: MouseEvent| asked.set(what))
    };
    let close = {
        let asked = asked.clone();
        Callback::from(move |()| asked.set(Asked::Nothing))
    };
    let purge = {
        let (session, asked, error, queue) = (session.clone(), asked.clone(), error.clone(), queue.clone());
        Callback::from(move |()| {
            asked.set(Asked::Nothing);
            let result = session.call("sqs:PurgeQueue", json!({"QueueUrl": queue.url}));
            error.set(result.err());
        })
    };
    let delete = {
        let (session, ui, asked, error, queue) =
            (session.clone(), ui.clone(), asked.clone(), error.clone(), queue.clone());
        Callback::from(move |()| {
            asked.set(Asked::Nothing);
            match session.call("sqs:DeleteQueue", json!({"QueueUrl": queue.url})) {
                Ok(_) => ui.go(Place::Welcome),
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let messages = queue.counts.all();
    html! {
        <>
            <div class="centre-head">
                <h1>{ &queue.name }</h1>
                <Badge label={if queue.fifo.is_some() { "FIFO" } else { "Standard" }} tone={Tone::Info} />
                if queue.sources > 0 { <Badge label="Dead-letter queue" tone={Tone::Warning} /> }
                <div class="actions">
                    <Button label="Purge" onclick={ask(Asked::Purge)} />
                    <Button label="Delete" kind={ButtonKind::Danger} onclick={ask(Asked::Delete)} />
                </div>
            </div>
            <div class="place-lines">
                <CopyLine what="URL" text={queue.url.clone()} />
                <CopyLine what="ARN" text={queue.arn.clone()} />
                <span>{ &queue.summary }</span>
            </div>
            <Refusal error={(*error).clone()} />
            <ConfirmDialog
                title={format!("Purge queue {}", queue.name)} open={*asked == Asked::Purge} typed_word="purge" action="Purge"
                on_confirm={purge} on_close={close.clone()}
            >
                <p>{ format!("All {messages} messages of this queue will be deleted. On AWS this cannot be undone; here it can.") }</p>
            </ConfirmDialog>
            <ConfirmDialog
                title={format!("Delete queue {}", queue.name)} open={*asked == Asked::Delete} typed_word="delete" action="Delete"
                on_confirm={delete} on_close={close}
            >
                <p>{ format!("The queue and its {messages} messages will be deleted. A queue of the same name can be created 60 seconds later.") }</p>
            </ConfirmDialog>
        </>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct GoneProps {
    name: AttrValue,
}

#[component]
fn Gone(props: &GoneProps) -> Html {
    let session = use_session();
    let gone = use_memo((session, props.name.clone()), |(session, name)| {
        session.read(|s| views::queue::lanes::gone(s.account(), name))
    });
    if gone.is_empty() {
        return Html::default();
    }
    html! {
        <section class="pane-padded table-scroll" aria-label="Recently gone" tabindex="0">
            <table class="table">
                <caption>{ "Recently gone" }</caption>
                <thead><tr><th scope="col">{ "Message" }</th><th scope="col">{ "How" }</th><th scope="col">{ "When" }</th>
                    <th scope="col">{ "Sent by" }</th><th scope="col">{ "Body" }</th></tr></thead>
                <tbody>
                    { for gone.iter().map(|gone| html! {
                        <tr key={format!("{}-{}", gone.message_id, gone.at)}>
                            <th scope="row" class="mono-text">{ views::words::short_uuid(&gone.message_id).to_owned() }</th>
                            <td>{ gone.how }</td>
                            <td><time>{ crate::places::parts::time_of_day(gone.at) }</time></td>
                            <td>if let Some(sender) = &gone.sender { <PlaceLink target={sender.target.clone()} text={sender.text.clone()} /> }</td>
                            <td class="mono-text">{ &gone.short_body }</td>
                        </tr>
                    }) }
                </tbody>
            </table>
        </section>
    }
}
