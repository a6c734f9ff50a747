//! The function's one file in an editor. What is typed is a draft until it is deployed.

use aws_protocol::AwsError;
use shared_json::json;
use yew::prelude::*;

use super::FunctionProps;
use crate::bindings::editor::Language;
use crate::components::banner::{Banner, BannerKind};
use crate::components::button::{Button, ButtonKind};
use crate::components::code_editor::CodeEditor;
use crate::components::status::{Badge, Tone};
use crate::host::session_context::use_session;
use crate::places::parts::Refusal;
use crate::session::{Action, FlashKind};

/// Where the draft of a function's code is kept.
#[must_use]
pub fn draft_of(name: &str) -> String {
    format!("function:{name}")
}

#[component]
pub fn Code(props: &FunctionProps) -> Html {
    let session = use_session();
    let error = use_state(|| None::<AwsError>);
    let function = &props.function;
    let draft = session.read(|s| s.draft(&draft_of(&function.name)).map(str::to_owned));
    let changed = draft.as_deref().is_some_and(|draft| draft != &*function.source);
    let text = draft.unwrap_or_else(|| function.source.to_string());
    let on_change = {
        let (session, name, source) = (session.clone(), function.name.clone(), function.source.clone());
        Callback::from(move |text: AttrValue| {
            let text = (text.as_str() != &*source).then(|| text.to_string());
            session.dispatch(Action::Write { place: draft_of(&name), text });
        })
    };
    let update = |file_name: String| {
        let (session, error, name, text) = (session.clone(), error.clone(), function.name.clone(), text.clone());
        Callback::from(move |_: MouseEvent| {
            let params = json!({"FunctionName": &*name, "SourceText": text, "FileName": file_name});
            match session.call("lambda:UpdateFunctionCode", params) {
                Ok(_) => {
                    session.dispatch(Action::Write { place: draft_of(&name), text: None });
                    session.say(FlashKind::Success, format!("Successfully updated the function “{name}”."));
                    error.set(None);
                }
                Err(refused) => error.set(Some(refused)),
            }
        })
    };
    let revert = {
        let (session, name) = (session.clone(), function.name.clone());
        Callback::from(move |_: MouseEvent| session.dispatch(Action::Write { place: draft_of(&name), text: None }))
    };
    let strict = {
        let (session, error, name, strict) =
            (session.clone(), error.clone(), function.name.clone(), function.strict_modules);
        Callback::from(move |_: MouseEvent| {
            let params = json!({"FunctionName": &*name, "StrictModules": !strict});
            error.set(session.call("lambda:UpdateFunctionConfiguration", params).err());
        })
    };
    let to_commonjs = function.file_name.ends_with(".mjs").then(|| update(function.file_name.replace(".mjs", ".js")));
    html! {
        <div class="code-pane">
            <div class="code-bar">
                <strong class="mono-text">{ &function.file_name }</strong>
                if changed {
                    <Badge label="Changes not deployed" tone={Tone::Warning} />
                } else {
                    <Badge label="Changes deployed" tone={Tone::Success} />
                }
                <Button label="Deploy" kind={ButtonKind::Primary} disabled={!changed} onclick={update(function.file_name.clone())} />
                if changed { <Button label="Discard changes" onclick={revert} /> }
                <Button
                    label="Strict ES modules"
                    pressed={Some(function.strict_modules)} small=true onclick={strict.clone()}
                />
            </div>
            if error.is_some() || !function.notices.is_empty() {
                <div class="banners">
                    <Refusal error={(*error).clone()} />
                    { for function.notices.iter().map(|notice| {
                        let modules = notice.code == "require-in-es-module";
                        let actions = if modules {
                            html! {
                                <>
                                    <Button label="Behave as AWS" small=true onclick={strict.clone()} />
                                    if let Some(rename) = to_commonjs.clone() {
                                        <Button label="Rename to .js" small=true onclick={rename} />
                                    }
                                </>
                            }
                        } else {
                            Html::default()
                        };
                        html! {
                            <Banner key={notice.code.clone()} kind={BannerKind::Warning} title="On AWS this would differ" {actions}>
                                <p>{ &notice.message }</p>
                                if modules {
                                    <p>{ "It runs here all the same, so that tutorials work as written. On AWS, rename the file to .js or .cjs, or use import and export." }</p>
                                }
                            </Banner>
                        }
                    }) }
                </div>
            }
            <CodeEditor {text} language={Language::JavaScript} aria_label={format!("Code of {}", function.name)} {on_change} />
        </div>
    }
}
