//! Fields that hold a path.

use spanned_json::Node;
use states_query::{Expression, Path, ReferencePath};

use super::{Checker, Place};
use crate::{DataPath, ResultPath};

impl Checker {
    /// `InputPath`, `OutputPath`: JSONPath only.
    pub(super) fn data_path(&mut self, place: Place, key: &str) -> Option<DataPath> {
        match place.get(key) {
            _ if place.is_jsonata() => Some(DataPath::Whole),
            None => Some(DataPath::Whole),
            Some(node) if node.is_null() => Some(DataPath::Null),
            Some(_) => self.path(place, key).map(DataPath::Path),
        }
    }

    /// A field that must hold a path.
    pub(super) fn path(&mut self, place: Place, key: &str) -> Option<Path> {
        let text = self.text(place, key)?;
        let node = place.get(key)?;
        let parsed = Path::parse(text);
        self.report_path(parsed.map_err(|error| error.message), node, place, key)
    }

    pub(super) fn result_path(&mut self, place: Place) -> Option<ResultPath> {
        if place.is_jsonata() {
            return Some(ResultPath::Whole);
        }
        let Some(node) = place.get("ResultPath") else { return Some(ResultPath::Whole) };
        if node.is_null() {
            return Some(ResultPath::Null);
        }
        let text = self.text(place, "ResultPath")?;
        if text == "$" {
            return Some(ResultPath::Whole);
        }
        if text.starts_with("$$") {
            self.schema(node.span, &place.at("ResultPath"), "Value is not a Reference Path").help =
                Some("Nothing can be written into the context object $$.".to_owned());
            return None;
        }
        let parsed = ReferencePath::parse(text).map_err(|error| error.message);
        self.report_path(parsed, node, place, "ResultPath").map(ResultPath::Path)
    }

    /// `ErrorPath`, `CausePath`.
    pub(super) fn expression(&mut self, place: Place, key: &str) -> Option<Expression> {
        let text = self.text(place, key)?;
        let node = place.get(key)?;
        let parsed = Expression::parse(text).map_err(|error| error.message);
        self.report_path(parsed, node, place, key)
    }

    fn report_path<T>(&mut self, parsed: Result<T, String>, node: &Node, place: Place, key: &str) -> Option<T> {
        parsed
            .map_err(|why| {
                let message = match key {
                    "ResultPath" => "Value is not a Reference Path".to_owned(),
                    "Variable" if !starts_with_dollar(node) => {
                        "Value is not a Reference Path: Reference path didn't start with '$'".to_owned()
                    }
                    _ => "Value must be a valid JSONPath.".to_owned(),
                };
                self.schema(node.span, &place.at(key), message).help = Some(why);
            })
            .ok()
    }
}

fn starts_with_dollar(node: &Node) -> bool {
    node.as_str().is_some_and(|text| text.starts_with('$'))
}
