//! The no-code mock of a function: rules that answer instead of its code, in their order.

use aws_protocol::AwsError;
use shared_json::{Value, json};
use views::mocks::{self, Change, RuleRow};
use yew::prelude::*;

use super::FunctionProps;
use super::rule_form::RuleForm;
use crate::bindings::editor::Language;
use crate::components::button::{Button, ButtonKind};
use crate::components::code_editor::CodeEditor;
use crate::components::empty::Empty;
use crate::components::icons::Icon;
use crate::host::files;
use crate::host::session_context::{SessionHandle, use_session};
use crate::places::failures::{FailureMenu, FaultTarget};
use crate::places::parts::Refusal;
use crate::session::{Action, FlashKind};

/// Changes the rules.
pub(super) fn apply(session: &SessionHandle, change: Change) -> Result<(), AwsError> {
    let params = session.read(|s| mocks::changed(s.account(), change));
    session.call("stepyard:SetMockConfig", params).map(drop)
}

#[component]
pub fn Mock(props: &FunctionProps) -> Html {
    let session = use_session();
    let adding = use_state(|| false);
    let error = use_state(|| None::<AwsError>);
    let name = props.function.name.clone();
    let rows = session.read(|s| mocks::of_function(s.account(), &name));
    let open = {
        let adding = adding.clone();
        Callback::from(move |_: MouseEvent| adding.set(true))
    };
    let close = {
        let adding = adding.clone();
        Callback::from(move |()| adding.set(false))
    };
    let on_change = {
        let (session, error) = (session.clone(), error.clone());
        Callback::from(move |change: Change| error.set(apply(&session, change).err()))
    };
    let faults = props.function.faults;
    html! {
        <div class="place-sections">
            <section class="place-sections" aria-label="Mock rules">
                <div class="button-row">
                    <h2>{ "Mock rules" }</h2>
                    if !*adding { <Button label="Add rule" kind={ButtonKind::Primary} onclick={open} /> }
                </div>
                <p>{ "The first rule that fits an event answers it instead of the code. An event that no rule fits runs the code." }</p>
                if rows.is_empty() && !*adding {
                    <Empty icon={Icon::Function} title="No rules yet">
                        <p>{ "Without writing code, let this function succeed, fail, time out, be slow, or answer a task token once, twice or never." }</p>
                    </Empty>
                }
                if !rows.is_empty() {
                    <ol class="fact-list">
                        { for rows.iter().enumerate().map(|(n, row)| {
                            let before = n.checked_sub(1).and_then(|n| rows.get(n)).map(|row| row.index);
                            let after = rows.get(n + 1).map(|row| row.index);
                            html! {
                                <li key={row.index}>
                                    <RuleItem function={name.to_string()} number={n + 1} row={row.clone()} {before} {after} on_change={on_change.clone()} />
                                </li>
                            }
                        }) }
                    </ol>
                }
                if *adding { <RuleForm function={name.to_string()} {close} /> }
                <Refusal error={(*error).clone()} />
            </section>
            <section class="card place-sections" aria-label="Injected failures">
                <h2>{ "Injected failures" }</h2>
                <p>
                    { "A failure takes effect once and stands in the run's log, so that the run replays with it. " }
                    { match (faults.crashes, faults.throttles) {
                        (0, 0) => "Nothing waits.".to_owned(),
                        (crashes, throttles) => format!("Waiting: {crashes} crashes, {throttles} throttles."),
                    } }
                </p>
                <div class="button-row">
                    <FailureMenu label="Inject a failure" target={FaultTarget::Function { name: name.to_string() }} />
                </div>
            </section>
            <Document />
        </div>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct RuleItemProps {
    function: String,
    number: usize,
    row: RuleRow,
    before: Option<usize>,
    after: Option<usize>,
    on_change: Callback<Change>,
}

#[component]
fn RuleItem(props: &RuleItemProps) -> Html {
    let editing = use_state(|| false);
    let row = &props.row;
    let edit = {
        let editing = editing.clone();
        Callback::from(move |_: MouseEvent| editing.set(true))
    };
    let close = {
        let editing = editing.clone();
        Callback::from(move |()| editing.set(false))
    };
    let swap = |other: Option<usize>| {
        let (on_change, index) = (props.on_change.clone(), row.index);
        Callback::from(move |_: MouseEvent| {
            if let Some(other) = other {
                on_change.emit(Change::Swap(index, other));
            }
        })
    };
    let remove = {
        let (on_change, index) = (props.on_change.clone(), row.index);
        Callback::from(move |_: MouseEvent| on_change.emit(Change::Remove(index)))
    };
    let number = props.number;
    html! {
        <div class="card">
            <div class="card-head">
                <span><strong>{ format!("{number}. ") }</strong>{ if row.name.is_empty() { row.summary.clone() } else { row.name.clone() } }</span>
                <div class="button-row">
                    <Button label={format!("Move rule {number} up")} small=true disabled={props.before.is_none()} onclick={swap(props.before)} />
                    <Button label={format!("Move rule {number} down")} small=true disabled={props.after.is_none()} onclick={swap(props.after)} />
                    if !*editing { <Button label={format!("Edit rule {number}")} small=true onclick={edit} /> }
                    <Button label={format!("Delete rule {number}")} small=true kind={ButtonKind::Danger} onclick={remove} />
                </div>
            </div>
            <dl class="key-values">
                <dt>{ "When" }</dt><dd>{ &row.when }</dd>
                <dt>{ "Attempts" }</dt><dd>{ &row.attempts }</dd>
                <dt>{ "Then" }</dt><dd>{ &row.summary }</dd>
            </dl>
            if *editing {
                <RuleForm function={props.function.clone()} index={row.index} draft={row.draft.clone()} {close} />
            }
        </div>
    }
}

/// Where the text of the whole configuration is kept while it is written.
const DRAFT: &str = "mock-config";

/// The whole mock configuration as text: all rules, and the test cases of `MockConfigFile.json`.
#[component]
fn Document() -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let left_out = use_state(Vec::<String>::new);
    let (text, kept) = session.read(|s| {
        let kept = s.account().mock_document().to_pretty();
        (s.draft(DRAFT).map_or_else(|| kept.clone(), str::to_owned), kept)
    });
    let write = |session: &SessionHandle, text: Option<String>| {
        session.dispatch(Action::Write { place: DRAFT.to_owned(), text });
    };
    let on_change = {
        let (session, kept) = (session.clone(), kept.clone());
        Callback::from(move |text: AttrValue| write(&session, (text.as_str() != kept).then(|| text.to_string())))
    };
    let save = {
        let (session, error, text) = (session.clone(), error.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            let params = Value::object([("MockConfig", Value::string(&text))]);
            match session.call("stepyard:SetMockConfig", params) {
                Ok(_) => {
                    write(&session, None);
                    session.say(FlashKind::Success, "The mock configuration was saved.");
                    error.set(None);
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let discard = {
        let (session, error) = (session.clone(), error.clone());
        Callback::from(move |_: MouseEvent| {
            write(&session, None);
            error.set(None);
        })
    };
    let open = {
        let session = session.clone();
        Callback::from(move |_: MouseEvent| {
            let session = session.clone();
            files::pick_text_file(move |text| write(&session, Some(text)));
        })
    };
    let export = {
        let (session, left_out, error) = (session.clone(), left_out.clone(), error.clone());
        Callback::from(move |_: MouseEvent| match session.call("stepyard:ExportMockConfig", json!({})) {
            Ok(answer) => {
                files::download("MockConfigFile.json", "application/json", &answer["MockConfig"].to_pretty());
                let lines = answer["LeftOut"].as_array().unwrap_or_default().iter();
                left_out.set(lines.filter_map(|line| line.as_str().map(str::to_owned)).collect());
            }
            Err(refused) => error.set(Some(refused)),
        })
    };
    let changed = text != kept;
    let cases: Vec<(String, String)> = session.read(|s| {
        let cases = s.account().mock_config().all_test_cases();
        cases.map(|(machine, case)| (machine.to_owned(), case.to_owned())).collect()
    });
    let adopt = |machine: String, case: String| {
        let (session, error) = (session.clone(), error.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"StateMachine": machine, "TestCase": case});
            match session.call("stepyard:AdoptTestCase", params) {
                Ok(_) => {
                    session.say(FlashKind::Success, format!("The responses of {case} hold for every execution now."))
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    html! {
        <details class="card">
            <summary>{ "The whole configuration as JSON" }</summary>
            <div class="place-sections">
                <p>
                    { "All rules, also those for the tasks of state machines (“StateMachine” and “State” instead of “Function”), and the members of Step Functions Local's MockConfigFile.json." }
                </p>
                <div class="test-event">
                    <CodeEditor {text} language={Language::Json} aria_label="Mock configuration" {on_change} />
                </div>
                <Refusal error={(*error).clone()} />
                if !left_out.is_empty() {
                    <p>{ "Not in the file, as its format has no word for it:" }</p>
                    <ul>{ for left_out.iter().map(|line| html! { <li key={line.clone()}>{ line }</li> }) }</ul>
                }
                if !cases.is_empty() {
                    <ul class="fact-list">
                        { for cases.into_iter().map(|(machine, case)| html! {
                            <li key={format!("{machine}#{case}")} class="button-row">
                                <span>{ format!("Test case {case} of {machine}") }</span>
                                <Button label={format!("Always answer as {case}")} small=true onclick={adopt(machine, case)} />
                            </li>
                        }) }
                    </ul>
                }
                <div class="button-row">
                    <Button label="Save configuration" disabled={!changed} onclick={save} />
                    <Button label="Discard changes" disabled={!changed} onclick={discard} />
                    <Button label="Open MockConfigFile.json" onclick={open} />
                    <Button label="Export rules as MockConfigFile.json" onclick={export} />
                </div>
            </div>
        </details>
    }
}
