//! Printing an answer: `--output json`, `text`, `table`, `yaml`.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html>

mod json;
mod table;
mod text;
mod yaml;

use shared_json::Value;

/// Columns of the terminal for which tables are laid out.
pub(crate) const WIDTH: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Text,
    Table,
    Yaml,
    YamlStream,
    Off,
}

impl Format {
    pub(crate) fn named(name: &str) -> Option<Format> {
        Some(match name {
            "json" => Format::Json,
            "text" => Format::Text,
            "table" => Format::Table,
            "yaml" => Format::Yaml,
            "yaml-stream" => Format::YamlStream,
            "off" => Format::Off,
            _ => return None,
        })
    }
}

/// The answer of an operation as text.
///
/// # Errors
/// A table cannot show rows of different lengths.
pub(crate) fn print(format: Format, operation: &str, answer: &Value, width: usize) -> Result<String, String> {
    let is_empty = answer.as_object().is_some_and(|members| members.is_empty());
    match format {
        Format::Off => Ok(String::new()),
        Format::Json | Format::Yaml | Format::YamlStream if is_empty => Ok(String::new()),
        Format::Json => Ok(json::print(answer)),
        Format::Text => Ok(text::print(answer)),
        Format::Table => table::print(operation, answer, width),
        Format::Yaml => Ok(yaml::print(answer)),
        Format::YamlStream => Ok(yaml::print(&Value::array(vec![answer.clone()]))),
    }
}
