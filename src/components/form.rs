//! Form fields: a label above, help and error below, both tied to the control by `aria-describedby`.

use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

use super::dialog::{input_value, next_id};
use super::icons::Icon;

#[derive(Debug, Clone, PartialEq, Properties)]
struct FieldProps {
    /// The control's id; help and error hang `-help` and `-error` on it.
    id: AttrValue,
    label: AttrValue,
    help: Option<AttrValue>,
    error: Option<AttrValue>,
    optional: bool,
    children: Html,
}

#[component]
fn Field(props: &FieldProps) -> Html {
    html! {
        <div class="field">
            <label class="field-label" for={props.id.clone()}>
                { &props.label }
                if props.optional { <span class="field-optional">{ " – optional" }</span> }
            </label>
            if let Some(help) = &props.help {
                <div class="field-help" id={format!("{}-help", props.id)}>{ help }</div>
            }
            { props.children.clone() }
            <FieldError id={props.id.clone()} error={props.error.clone()} />
        </div>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
struct FieldErrorProps {
    id: AttrValue,
    error: Option<AttrValue>,
}

#[component]
fn FieldError(props: &FieldErrorProps) -> Html {
    html! {
        if let Some(error) = &props.error {
            <div class="field-error" id={format!("{}-error", props.id)}>{ Icon::Warning }{ error }</div>
        }
    }
}

fn described_by(id: &AttrValue, help: bool, error: bool) -> Option<AttrValue> {
    let parts: Vec<String> = [(help, "help"), (error, "error")]
        .iter()
        .filter(|part| part.0)
        .map(|part| format!("{id}-{}", part.1))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" ").into())
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TextFieldProps {
    pub label: AttrValue,
    pub value: AttrValue,
    pub on_input: Callback<AttrValue>,
    #[prop_or_default]
    pub help: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    /// `text`, `number`, `search`.
    #[prop_or(AttrValue::Static("text"))]
    pub input_type: AttrValue,
    #[prop_or_default]
    pub min: Option<AttrValue>,
    #[prop_or_default]
    pub max: Option<AttrValue>,
    #[prop_or_default]
    pub mono: bool,
    #[prop_or_default]
    pub disabled: bool,
}

#[component]
pub fn TextField(props: &TextFieldProps) -> Html {
    let id = use_memo((), |()| next_id("field"));
    let id = (*id).clone();
    html! {
        <Field
            id={id.clone()}
            label={props.label.clone()}
            help={props.help.clone()}
            error={props.error.clone()}
            optional={props.optional}
        >
            <input
                id={id.clone()}
                class={classes!("input", props.mono.then_some("mono"))}
                type={props.input_type.clone()}
                value={props.value.clone()}
                placeholder={props.placeholder.clone()}
                min={props.min.clone()}
                max={props.max.clone()}
                disabled={props.disabled}
                autocomplete="off"
                spellcheck="false"
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={described_by(&id, props.help.is_some(), props.error.is_some())}
                oninput={props.on_input.reform(|event: InputEvent| input_value(&event))}
            />
        </Field>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TextAreaProps {
    pub label: AttrValue,
    pub value: AttrValue,
    pub on_input: Callback<AttrValue>,
    #[prop_or_default]
    pub help: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    #[prop_or(6)]
    pub rows: u32,
    /// For JSON and code.
    #[prop_or(true)]
    pub mono: bool,
    #[prop_or_default]
    pub read_only: bool,
}

#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let id = use_memo((), |()| next_id("field"));
    let id = (*id).clone();
    let oninput = props.on_input.reform(|event: InputEvent| {
        AttrValue::from(event.target_dyn_into::<HtmlTextAreaElement>().map(|area| area.value()).unwrap_or_default())
    });
    html! {
        <Field
            id={id.clone()}
            label={props.label.clone()}
            help={props.help.clone()}
            error={props.error.clone()}
            optional={props.optional}
        >
            <textarea
                id={id.clone()}
                class={classes!("textarea", props.mono.then_some("mono"))}
                rows={props.rows.to_string()}
                value={props.value.clone()}
                readonly={props.read_only}
                spellcheck="false"
                aria-invalid={props.error.is_some().then_some("true")}
                aria-describedby={described_by(&id, props.help.is_some(), props.error.is_some())}
                {oninput}
            />
        </Field>
    }
}

/// One of the values a choice is made from.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    pub value: AttrValue,
    pub label: AttrValue,
    pub help: Option<AttrValue>,
}

impl Choice {
    pub fn new(value: impl Into<AttrValue>, label: impl Into<AttrValue>) -> Choice {
        Choice { value: value.into(), label: label.into(), help: None }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct SelectProps {
    pub label: AttrValue,
    pub choices: Vec<Choice>,
    pub selected: AttrValue,
    pub on_select: Callback<AttrValue>,
    #[prop_or_default]
    pub help: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
    /// Only the control; the label is its name for screen readers.
    #[prop_or_default]
    pub compact: bool,
}

#[component]
pub fn Select(props: &SelectProps) -> Html {
    let id = use_memo((), |()| next_id("field"));
    let id = (*id).clone();
    let onchange = props.on_select.reform(|event: Event| {
        AttrValue::from(event.target_dyn_into::<HtmlSelectElement>().map(|select| select.value()).unwrap_or_default())
    });
    let control = html! {
        <select
            id={id.clone()}
            class="select"
            disabled={props.disabled}
            aria-label={props.compact.then(|| props.label.clone())}
            aria-invalid={props.error.is_some().then_some("true")}
            aria-describedby={described_by(&id, props.help.is_some(), props.error.is_some())}
            {onchange}
        >
            { for props.choices.iter().map(|choice| html! {
                <option value={choice.value.clone()} selected={choice.value == props.selected}>{ &choice.label }</option>
            }) }
        </select>
    };
    if props.compact {
        return control;
    }
    html! {
        <Field {id} label={props.label.clone()} help={props.help.clone()} error={props.error.clone()} optional={false}>
            { control }
        </Field>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct RadioGroupProps {
    pub label: AttrValue,
    pub choices: Vec<Choice>,
    pub selected: AttrValue,
    pub on_select: Callback<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    /// As cards beside each other.
    #[prop_or_default]
    pub cards: bool,
}

#[component]
pub fn RadioGroup(props: &RadioGroupProps) -> Html {
    let id = use_memo((), |()| next_id("radio"));
    let id = (*id).clone();
    html! {
        <fieldset class="field" aria-describedby={described_by(&id, false, props.error.is_some())}>
            <legend class="field-label">{ &props.label }</legend>
            <div class={if props.cards { "choice-cards" } else { "choice-group" }}>
                { for props.choices.iter().map(|choice| {
                    let (value, on_select) = (choice.value.clone(), props.on_select.clone());
                    html! {
                        <label class="choice">
                            <input
                                type="radio"
                                name={id.clone()}
                                value={choice.value.clone()}
                                checked={choice.value == props.selected}
                                onchange={move |_| on_select.emit(value.clone())}
                            />
                            <span class="choice-label">{ &choice.label }</span>
                            if let Some(help) = &choice.help { <span class="field-help">{ help }</span> }
                        </label>
                    }
                }) }
            </div>
            <FieldError {id} error={props.error.clone()} />
        </fieldset>
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct CheckProps {
    pub label: AttrValue,
    pub checked: bool,
    pub on_change: Callback<bool>,
    #[prop_or_default]
    pub help: Option<AttrValue>,
    #[prop_or_default]
    pub disabled: bool,
}

#[component]
pub fn Checkbox(props: &CheckProps) -> Html {
    html! {
        <label class="choice">
            <input type="checkbox" checked={props.checked} disabled={props.disabled} onchange={changed(props)} />
            <span class="choice-label">{ &props.label }</span>
            if let Some(help) = &props.help { <span class="field-help">{ help }</span> }
        </label>
    }
}

/// A switch: what it sets takes effect at once.
#[component]
pub fn Toggle(props: &CheckProps) -> Html {
    html! {
        <label class="toggle">
            <input
                type="checkbox"
                role="switch"
                checked={props.checked}
                disabled={props.disabled}
                onchange={changed(props)}
            />
            <span>
                { &props.label }
                if let Some(help) = &props.help { <span class="field-help">{ " " }{ help }</span> }
            </span>
        </label>
    }
}

fn changed(props: &CheckProps) -> Callback<Event> {
    props
        .on_change
        .reform(|event: Event| event.target_dyn_into::<HtmlInputElement>().is_some_and(|input| input.checked()))
}
