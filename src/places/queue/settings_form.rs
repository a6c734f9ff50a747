//! The fields of a queue's configuration, each with its unit. What is wrong is SQS's to say.

use shared_json::Value;
use views::queue::QueueSettings;
use yew::prelude::*;

use crate::components::form::{Choice, Select, TextField};

/// A number as it is typed, and its unit in seconds or bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Amount {
    pub number: AttrValue,
    pub unit: u64,
}

impl Amount {
    /// In the largest unit that leaves no rest.
    fn of(total: u64, units: &[(&str, u64)]) -> Amount {
        let fitting = units.iter().map(|(_, unit)| *unit).filter(|unit| total > 0 && total.is_multiple_of(*unit)).max();
        let unit = fitting.or(units.first().map(|(_, unit)| *unit)).unwrap_or(1);
        Amount { number: (total / unit).to_string().into(), unit }
    }

    /// In the base unit; what is no number goes as it is, so that SQS refuses it.
    fn text(&self) -> String {
        match self.number.trim().parse::<u64>() {
            Ok(number) => number.saturating_mul(self.unit).to_string(),
            Err(_) => self.number.trim().to_owned(),
        }
    }
}

const TIMES: [(&str, u64); 4] = [("Seconds", 1), ("Minutes", 60), ("Hours", 3_600), ("Days", 86_400)];
const SIZES: [(&str, u64); 2] = [("Bytes", 1), ("KiB", 1_024)];

/// The whole configuration as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct SettingsText {
    amounts: [Amount; 5],
}

/// Attribute, label, help, units: in the order of the console.
type Field = (&'static str, &'static str, &'static str, &'static [(&'static str, u64)]);

const FIELDS: [Field; 5] = [
    (
        "VisibilityTimeout",
        "Visibility timeout",
        "Between 0 seconds and 12 hours. At least the timeout of a function that is triggered.",
        &TIMES,
    ),
    ("MessageRetentionPeriod", "Message retention period", "Between 1 minute and 14 days.", &TIMES),
    ("DelaySeconds", "Delivery delay", "Between 0 seconds and 15 minutes.", &TIMES),
    ("MaximumMessageSize", "Maximum message size", "From 1 KiB.", &SIZES),
    (
        "ReceiveMessageWaitTimeSeconds",
        "Receive message wait time",
        "Between 0 and 20 seconds: how long a poll waits for a message.",
        &TIMES,
    ),
];

impl SettingsText {
    #[must_use]
    pub fn of(settings: QueueSettings) -> SettingsText {
        let values = [
            settings.visibility_timeout,
            settings.message_retention_period,
            settings.delay_seconds,
            settings.maximum_message_size,
            settings.receive_message_wait_time_seconds,
        ];
        let mut index = 0;
        SettingsText {
            amounts: values.map(|value| {
                let units = FIELDS.get(index).map_or(&TIMES[..], |field| field.3);
                index += 1;
                Amount::of(value, units)
            }),
        }
    }

    /// As `Attributes` of CreateQueue and SetQueueAttributes.
    #[must_use]
    pub fn attributes(&self) -> Value {
        Value::object(FIELDS.iter().zip(&self.amounts).map(|(field, amount)| (field.0, Value::string(amount.text()))))
    }

    fn with(&self, index: usize, change: impl FnOnce(&mut Amount)) -> SettingsText {
        let mut changed = self.clone();
        if let Some(amount) = changed.amounts.get_mut(index) {
            change(amount);
        }
        changed
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct SettingsFieldsProps {
    pub text: SettingsText,
    pub on_change: Callback<SettingsText>,
}

#[component]
pub fn SettingsFields(props: &SettingsFieldsProps) -> Html {
    html! {
        { for FIELDS.iter().zip(&props.text.amounts).enumerate().map(|(index, (field, amount))| {
            let (attribute, label, help, units) = *field;
            let on_input = {
                let props = props.clone();
                Callback::from(move |number: AttrValue| props.on_change.emit(props.text.with(index, |a| a.number = number)))
            };
            let on_unit = {
                let props = props.clone();
                Callback::from(move |unit: AttrValue| {
                    let unit = unit.parse().unwrap_or(1);
                    props.on_change.emit(props.text.with(index, |a| a.unit = unit));
                })
            };
            let choices: Vec<Choice> = units.iter().map(|(name, unit)| Choice::new(unit.to_string(), *name)).collect();
            html! {
                <div class="amount-row" key={attribute}>
                    <TextField {label} {help} value={amount.number.clone()} {on_input} input_type="number" min="0" />
                    <Select label={format!("Unit of {}", label.to_lowercase())} {choices} selected={amount.unit.to_string()} on_select={on_unit} compact=true />
                </div>
            }
        }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_their_value_in_a_readable_unit() {
        let cases = [(30, "30", 1), (345_600, "4", 86_400), (0, "0", 1), (90, "90", 1), (7_200, "2", 3_600)];
        for (total, number, unit) in cases {
            let amount = Amount::of(total, &TIMES);
            assert_eq!((&*amount.number, amount.unit), (number, unit), "{total}");
            assert_eq!(amount.text(), total.to_string());
        }
        assert_eq!(Amount { number: "x".into(), unit: 60 }.text(), "x");
    }
}
