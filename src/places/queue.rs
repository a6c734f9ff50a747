//! A queue: its messages, sending and polling, who is triggered by it, and its attributes.

pub mod lanes;
mod send_receive;
pub mod settings_form;

use aws_protocol::AwsError;
use shared_json::json;
use views::queue::QueueView;
use views::target::Target;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::dialog::ConfirmDialog;
use crate::components::empty::Empty;
use crate::components::form::{Choice, Select, TextField};
use crate::components::icons::Icon;
use crate::components::status::Badge;
use crate::components::tabs::{Tab, TabPanel, Tabs};
use crate::host::session_context::use_session;
use crate::host::ui::{UiActions, use_ui};
use crate::places::parts::{CopyLine, PlaceLink, Refusal, trigger_tone};
use crate::session::{FlashKind, FunctionTab, Place};
use lanes::Lanes;
use send_receive::{Poll, SendForm};
use settings_form::{SettingsFields, SettingsText};

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct QueuePageProps {
    pub name: String,
}

#[component]
pub fn QueuePage(props: &QueuePageProps) -> Html {
    let session = use_session();
    let tab = use_state(|| AttrValue::Static("queue-messages"));
    let view = use_memo((session.clone(), props.name.clone()), |(session, name)| {
        session.read(|s| views::queue::view(s.account(), name))
    });
    let Some(view) = (*view).clone() else {
        return html! {
            <div class="place">
                <div class="centre-head"><h1>{ &props.name }</h1></div>
                <div class="pane-body"><Empty icon={Icon::Queue} title="There is no queue of this name">
                    <p>{ "It was deleted, or it does not exist at this moment of the run." }</p>
                </Empty></div>
            </div>
        };
    };
    let tabs = vec![
        Tab::new("queue-messages", "Messages").with_count(view.lanes.iter().map(|lane| lane.count).sum()),
        Tab::new("queue-send", "Send and receive messages"),
        Tab::new("queue-triggers", "Lambda triggers").with_count(view.triggers.len()),
        Tab::new("queue-details", "Details"),
    ];
    let on_select = {
        let tab = tab.clone();
        Callback::from(move |id| tab.set(id))
    };
    html! {
        <div class="place">
            <Head queue={view.clone()} />
            <Tabs label="Queue" {tabs} selected={(*tab).clone()} {on_select} />
            <TabPanel id={(*tab).clone()} class={classes!((*tab != "queue-messages").then_some("pane-padded"))}>
                { match tab.as_str() {
                    "queue-send" => html! {
                        <>
                            <div class="send-receive"><SendForm queue={view.clone()} /><Poll queue={view.clone()} /></div>
                            <Lanes queue={view.clone()} />
                        </>
                    },
                    "queue-triggers" => html! { <Triggers queue={view.clone()} /> },
                    "queue-details" => html! { <Details queue={view.clone()} key={view.name.clone()} /> },
                    _ => html! { <><Lanes queue={view.clone()} /><Gone queue={view.clone()} /></> },
                } }
            </TabPanel>
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct QueueProps {
    queue: QueueView,
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
    let messages: usize = queue.lanes.iter().take(3).map(|lane| lane.count).sum();
    html! {
        <>
            <div class="centre-head">
                <h1>{ &queue.name }</h1>
                <Badge label="Standard" tone={crate::components::status::Tone::Info} />
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

#[component]
fn Gone(props: &QueueProps) -> Html {
    if props.queue.gone.is_empty() {
        return Html::default();
    }
    html! {
        <section class="pane-padded table-scroll" aria-label="Recently gone" tabindex="0">
            <table class="table">
                <caption>{ "Recently gone" }</caption>
                <thead><tr><th scope="col">{ "Message" }</th><th scope="col">{ "How" }</th><th scope="col">{ "When" }</th>
                    <th scope="col">{ "Sent by" }</th><th scope="col">{ "Body" }</th></tr></thead>
                <tbody>
                    { for props.queue.gone.iter().map(|gone| html! {
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

#[component]
fn Triggers(props: &QueueProps) -> Html {
    let session = use_session();
    let ui = use_ui();
    let chosen = use_state(AttrValue::default);
    let functions: Vec<String> =
        session.read(|s| s.account().functions().functions().map(|function| function.name.to_string()).collect());
    let choose = {
        let chosen = chosen.clone();
        Callback::from(move |name| chosen.set(name))
    };
    let selected = if chosen.is_empty() { functions.first().cloned().unwrap_or_default() } else { chosen.to_string() };
    let go = {
        let (ui, selected) = (ui.clone(), selected.clone());
        Callback::from(move |_: MouseEvent| {
            ui.go(Place::Function { name: selected.clone(), tab: FunctionTab::Configuration });
        })
    };
    let new = {
        let ui = ui.clone();
        Callback::from(move |_: MouseEvent| ui.go(Place::NewFunction))
    };
    html! {
        <div class="place-sections">
            if props.queue.triggers.is_empty() {
                <p>{ "No function is triggered by this queue." }</p>
            } else {
                <div class="table-scroll">
                    <table class="table">
                        <caption>{ "Functions that this queue triggers" }</caption>
                        <thead><tr><th scope="col">{ "Function" }</th><th scope="col">{ "State" }</th><th scope="col">{ "Batch size" }</th><th scope="col">{ "UUID" }</th></tr></thead>
                        <tbody>
                            { for props.queue.triggers.iter().map(|trigger| html! {
                                <tr key={trigger.uuid.to_string()}>
                                    <th scope="row"><PlaceLink target={Some(Target::function(&trigger.function_name))} text={trigger.function_name.clone()} /></th>
                                    <td><Badge label={trigger.state} tone={trigger_tone(trigger.state)} /></td>
                                    <td>{ trigger.batch_size }</td>
                                    <td class="mono-text">{ trigger.uuid.to_string() }</td>
                                </tr>
                            }) }
                        </tbody>
                    </table>
                </div>
            }
            if functions.is_empty() {
                <div class="button-row"><Button label="Create function" onclick={new} /></div>
            } else {
                <div class="button-row">
                    <Select label="Function" choices={functions.iter().map(|name| Choice::new(name.clone(), name.clone())).collect::<Vec<_>>()} selected={selected} on_select={choose} />
                    <Button label="Configure its triggers" onclick={go} />
                </div>
            }
        </div>
    }
}

#[component]
fn Details(props: &QueueProps) -> Html {
    let session = use_session();
    let queue = &props.queue;
    let text = use_state(|| SettingsText::of(queue.settings));
    let error = use_state(|| None::<AwsError>);
    let dead =
        use_state(|| AttrValue::from(queue.dead_letter_queue.as_ref().map_or(String::new(), |(name, _)| name.clone())));
    let count =
        use_state(|| AttrValue::from(queue.dead_letter_queue.as_ref().map_or(3, |(_, count)| *count).to_string()));
    let others: Vec<(String, String)> = session.read(|s| {
        let others = s.account().queues().queues().filter(|other| other.name() != queue.name);
        others.map(|other| (other.name().to_owned(), other.arn().to_owned())).collect()
    });
    let save = {
        let (session, text, error, dead, count, others, queue) =
            (session.clone(), text.clone(), error.clone(), dead.clone(), count.clone(), others.clone(), queue.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let target = others.iter().find(|(name, _)| *name == dead.as_str()).map(|(_, arn)| arn);
            let redrive = target.map_or(String::new(), |arn| {
                json!({"deadLetterTargetArn": arn, "maxReceiveCount": count.as_str()}).to_string()
            });
            let attributes = text.attributes().with("RedrivePolicy", redrive.into());
            let params = json!({"QueueUrl": queue.url}).with("Attributes", attributes);
            let result = session.call("sqs:SetQueueAttributes", params);
            if result.is_ok() {
                session.say(FlashKind::Success, format!("Queue “{}” was changed.", queue.name));
            }
            error.set(result.err());
        })
    };
    let on_change = {
        let text = text.clone();
        Callback::from(move |changed| text.set(changed))
    };
    let on_dead = {
        let dead = dead.clone();
        Callback::from(move |name| dead.set(name))
    };
    let on_count = {
        let count = count.clone();
        Callback::from(move |text| count.set(text))
    };
    let mut choices = vec![Choice::new("", "None")];
    choices.extend(others.iter().map(|(name, _)| Choice::new(name.clone(), name.clone())));
    html! {
        <form class="form" onsubmit={save}>
            <p>{ format!("Created {}", queue.created_at) }</p>
            <SettingsFields text={(*text).clone()} {on_change} />
            <Select label="Dead-letter queue" help="Where messages go that were received too often." {choices} selected={(*dead).clone()} on_select={on_dead} />
            if !dead.is_empty() {
                <TextField label="Maximum receives" value={(*count).clone()} on_input={on_count} input_type="number" min="1" max="1000" />
            }
            <Refusal error={(*error).clone()} />
            <div class="button-row"><Button label="Save" kind={ButtonKind::Primary} submit=true /></div>
        </form>
    }
}
