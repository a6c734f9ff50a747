//! What stands after an option, as the parameter that it is: text, numbers, JSON, shorthand, `file://` and `fileb://`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared_json::Value;

use crate::said::Said;
use crate::table::{Kind, Service};
use crate::{Surroundings, json_text, python, shorthand};

/// How bytes are written on the command line (`--cli-binary-format`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryFormat {
    Base64,
    Raw,
}

pub(crate) struct Values<'a> {
    pub(crate) service: &'a Service,
    pub(crate) place: &'a dyn Surroundings,
    pub(crate) format: BinaryFormat,
}

impl Values<'_> {
    /// The value of a parameter whose option `flag` was followed by these words.
    pub(crate) fn parameter(&self, flag: &str, kind: Kind, words: &[String]) -> Result<Value, Said> {
        let words = match words {
            [one] => vec![self.loaded(flag, one)?],
            many => many.to_vec(),
        };
        match kind {
            Kind::List { of, .. } => self.list(flag, Kind::read(of), &words),
            Kind::Map(_) | Kind::Structure(_) => self.complex(flag, kind, &words.concat()),
            _ => self.scalar(flag, kind, &words.concat()),
        }
    }

    /// A document's text where `file://` or `fileb://` names one.
    pub(crate) fn loaded(&self, flag: &str, word: &str) -> Result<String, Said> {
        let Some(name) = word.strip_prefix("file://").or_else(|| word.strip_prefix("fileb://")) else {
            return Ok(word.to_owned());
        };
        self.place.document(name).ok_or_else(|| {
            let what = format!(
                "Unable to load paramfile {word}: [Errno 2] No such file or directory: {}",
                python::quoted(name)
            );
            Said::parameter(flag, &what).with_hint(no_document(self.place))
        })
    }

    fn list(&self, flag: &str, of: Kind, words: &[String]) -> Result<Value, Said> {
        match words {
            [one] if one.trim_start().starts_with('[') => return self.json(flag, one),
            [first, ..] if !of.is_scalar() && !first.trim_start().starts_with('{') => {
                let items = words.iter().map(|word| {
                    let value = shorthand::parse(word).map_err(|error| Said::parameter(flag, &error.0))?;
                    self.typed(of, &value)
                });
                return Ok(Value::array(items.collect::<Result<_, _>>()?));
            }
            _ => {}
        }
        let item = |word: &String| match of {
            Kind::Any | Kind::Map(_) | Kind::Structure(_) => self.complex(flag, of, word),
            Kind::List { of: inner, .. } => self.list(flag, Kind::read(inner), std::slice::from_ref(word)),
            _ => self.scalar(flag, of, word),
        };
        Ok(Value::array(words.iter().map(item).collect::<Result<_, _>>()?))
    }

    /// A structure or a map: JSON or shorthand.
    fn complex(&self, flag: &str, kind: Kind, word: &str) -> Result<Value, Said> {
        if word.trim_start().starts_with(['{', '[']) || kind == Kind::Any {
            return self.json(flag, word);
        }
        let value = shorthand::parse(word).map_err(|error| Said::parameter(flag, &error.0))?;
        self.typed(kind, &value)
    }

    pub(crate) fn json(&self, flag: &str, word: &str) -> Result<Value, Said> {
        json_text::parse(word).map_err(|error| {
            let said = Said::parameter(flag, &format!("Invalid JSON: {error}\nJSON received: {word}"));
            if word.contains(['"', '\'']) {
                return said;
            }
            said.with_hint(
                "A shell takes double quotes away. Put single quotes around the JSON: '{\"Key\": \"value\"}'.",
            )
        })
    }

    fn scalar(&self, flag: &str, kind: Kind, word: &str) -> Result<Value, Said> {
        match kind {
            Kind::Whole { .. } => whole(word),
            Kind::Number => number(word),
            Kind::Any => self.json(flag, word),
            Kind::Bytes { streaming: true } => self.place.document(word).map(Value::string).ok_or_else(|| {
                Said::parameter(flag, "Blob values must be a path to a file.").with_hint(no_document(self.place))
            }),
            Kind::Bytes { streaming: false } => Ok(Value::string(word)),
            _ => Ok(Value::string(word)),
        }
    }

    /// Shorthand knows only texts: what the API wants as a number, a boolean or a list becomes one.
    fn typed(&self, kind: Kind, value: &Value) -> Result<Value, Said> {
        match (kind, value) {
            (Kind::Structure(structure), Value::Object(members)) => {
                let kind_of = |key: &str| self.service.members(structure).find(|member| member.name == key);
                let typed = members.iter().map(|(key, value)| {
                    let kind = kind_of(key).map_or(Kind::Text { least: None }, |member| member.kind);
                    Ok((key.to_string(), self.typed(kind, value)?))
                });
                Ok(Value::object(typed.collect::<Result<Vec<_>, Said>>()?))
            }
            (Kind::Map(of), Value::Object(members)) => {
                let of = Kind::read(of);
                let typed = members.iter().map(|(key, value)| Ok((key.to_string(), self.typed(of, value)?)));
                Ok(Value::object(typed.collect::<Result<Vec<_>, Said>>()?))
            }
            (Kind::List { of, .. }, Value::Array(items)) => {
                let of = Kind::read(of);
                let typed = items.iter().map(|item| self.typed(of, item));
                Ok(Value::array(typed.collect::<Result<_, _>>()?))
            }
            (Kind::List { .. }, value) => Ok(Value::array(vec![value.clone()])),
            (Kind::Whole { .. }, Value::String(text)) => whole(text),
            (Kind::Number, Value::String(text)) => number(text),
            (Kind::Boolean, Value::String(text)) => Ok(match text.to_lowercase().as_str() {
                "true" => Value::Bool(true),
                "false" => Value::Bool(false),
                _ => value.clone(),
            }),
            _ => Ok(value.clone()),
        }
    }

    /// Bytes as text: they come in base64, unless the binary format says otherwise.
    pub(crate) fn bytes(&self, word: &str, raw: bool) -> Result<String, Said> {
        if raw || self.format == BinaryFormat::Raw {
            return Ok(word.to_owned());
        }
        // Like Python's decoder: what is not of the alphabet is passed over.
        let letters: String =
            word.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')).collect();
        let hint = "Version 2 of the AWS CLI reads this value as base64. Add --cli-binary-format raw-in-base64-out to give \
                    it as it is.";
        match STANDARD.decode(&letters) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(_) => Err(Said::failed(&format!("Invalid base64: \"{word}\"")).with_hint(hint)),
        }
    }
}

pub(crate) fn whole(word: &str) -> Result<Value, Said> {
    let wrong = || Said::failed(&format!("invalid literal for int() with base 10: {}", python::quoted(word)));
    word.trim().parse::<i64>().map(Value::from).map_err(|_| wrong())
}

fn number(word: &str) -> Result<Value, Said> {
    let wrong = || Said::failed(&format!("could not convert string to float: {}", python::quoted(word)));
    let number: f64 = word.trim().parse().map_err(|_| wrong())?;
    if number.is_finite() { Ok(Value::from(number)) } else { Err(wrong()) }
}

fn no_document(place: &dyn Surroundings) -> String {
    let names = place.document_names();
    let known =
        if names.is_empty() { "There are none yet.".to_owned() } else { format!("There are {}.", names.join(", ")) };
    format!("Files are the documents of this workspace: ls lists them, Documents adds one. {known}")
}
