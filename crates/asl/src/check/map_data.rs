//! What a distributed Map reads, batches and writes.

use std::rc::Rc;

use spanned_json::Node;

use super::computed::Pair;
use super::{Checker, Place};
use crate::{
    CsvHeaderLocation, InputType, ItemBatcher, ItemReader, ReaderConfig, ResultWriter, Transformation,
    WriterOutputType, to_value,
};

const READER_CONFIG_FIELDS: &[&str] = &[
    "InputType",
    "CSVHeaderLocation",
    "CSVHeaders",
    "CSVDelimiter",
    "MaxItems",
    "MaxItemsPath",
    "ItemsPointer",
    "ManifestType",
    "Transformation",
];
const WRITER_CONFIG_FIELDS: &[&str] = &["OutputType", "Transformation"];

const MAX_ITEMS: Pair = Pair { fixed: "MaxItems", path: "MaxItemsPath" };
const BATCH_ITEMS: Pair = Pair { fixed: "MaxItemsPerBatch", path: "MaxItemsPerBatchPath" };
const BATCH_BYTES: Pair = Pair { fixed: "MaxInputBytesPerBatch", path: "MaxInputBytesPerBatchPath" };

/// The most items AWS reads.
const MAX_READ_ITEMS: u64 = 100_000_000;

const MAX_BATCH_BYTES: u64 = 262_144;
const MAX_BATCH_ITEMS: u64 = 100_000_000;

const DELIMITERS: &[(&str, char)] = &[("COMMA", ','), ("PIPE", '|'), ("SEMICOLON", ';'), ("SPACE", ' '), ("TAB", '\t')];

impl Checker {
    pub(super) fn item_reader(&mut self, state: Place) -> Option<Option<ItemReader>> {
        let Some(node) = state.get("ItemReader") else { return Some(None) };
        let path = state.at("ItemReader");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = state.inner(node, &path);
        self.known_fields(place, &["Resource", arguments_key(place), "ReaderConfig"]);
        let resource = self.bucket_resource(place, &["s3:getObject", "s3:listObjectsV2"]);
        let arguments = self.arguments(place);
        let config = self.reader_config(place);
        Some(Some(ItemReader { resource: resource?, arguments: arguments?, config: config? }))
    }

    fn reader_config(&mut self, reader: Place) -> Option<ReaderConfig> {
        let Some(node) = reader.get("ReaderConfig") else { return Some(ReaderConfig::default()) };
        let path = reader.at("ReaderConfig");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = reader.inner(node, &path);
        self.reader_config_fields(place);
        let input_type = self.choose(
            place,
            "InputType",
            &[
                ("CSV", InputType::Csv),
                ("JSON", InputType::Json),
                ("JSONL", InputType::JsonL),
                ("MANIFEST", InputType::Manifest),
                ("PARQUET", InputType::Parquet),
            ],
        );
        let csv_header_location = self.choose(
            place,
            "CSVHeaderLocation",
            &[("FIRST_ROW", CsvHeaderLocation::FirstRow), ("GIVEN", CsvHeaderLocation::Given)],
        );
        let csv_delimiter = self.choose(place, "CSVDelimiter", DELIMITERS);
        let csv_headers = self.csv_headers(place);
        let max_items = self.computed(place, &MAX_ITEMS, |checker| checker.max_items(place));
        let items_pointer = self.text(place, "ItemsPointer").map(Rc::from);
        Some(ReaderConfig {
            input_type: input_type?,
            csv_header_location: csv_header_location?,
            csv_headers: csv_headers?,
            csv_delimiter: csv_delimiter?,
            max_items: max_items?,
            items_pointer,
            source: to_value(node),
        })
    }

    fn reader_config_fields(&mut self, place: Place) {
        let csv = !matches!(place.get("InputType").and_then(Node::as_str), Some("JSON" | "JSONL" | "PARQUET"));
        let known = |key: &str| {
            let kind = if key.starts_with("CSV") { csv } else { key != MAX_ITEMS.path || !place.is_jsonata() };
            READER_CONFIG_FIELDS.contains(&key) && kind
        };
        self.fields(place, known, &[READER_CONFIG_FIELDS], &[MAX_ITEMS.path]);
        let text = |key: &str| place.get(key).and_then(Node::as_str);
        if text("InputType") == Some("CSV") && !place.has("CSVHeaderLocation") {
            self.schema(place.head, place.path, "The field 'CSVHeaderLocation' is required but was missing");
        }
        if text("CSVHeaderLocation") == Some("GIVEN") && !place.has("CSVHeaders") {
            self.missing(place, &["CSVHeaders"]);
        }
    }

    fn max_items(&mut self, place: Place) -> Option<i64> {
        self.whole(place, MAX_ITEMS.fixed, 0, MAX_READ_ITEMS).and_then(|number| i64::try_from(number).ok())
    }

    fn csv_headers(&mut self, place: Place) -> Option<Vec<Rc<str>>> {
        if !place.has("CSVHeaders") {
            return Some(Vec::new());
        }
        let items = self.items(place, "CSVHeaders")?;
        let mut headers = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item.as_str() {
                Some(text) => headers.push(text.into()),
                None => {
                    let path = format!("{}[{index}]", place.at("CSVHeaders"));
                    self.schema(item.span, &path, "Expected value of type String");
                }
            }
        }
        (headers.len() == items.len()).then_some(headers)
    }

    pub(super) fn item_batcher(&mut self, state: Place) -> Option<Option<ItemBatcher>> {
        let Some(node) = state.get("ItemBatcher") else { return Some(None) };
        let path = state.at("ItemBatcher");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = state.inner(node, &path);
        let fixed = [BATCH_ITEMS.fixed, BATCH_BYTES.fixed, "BatchInput"];
        let paths = [BATCH_ITEMS.path, BATCH_BYTES.path];
        let known = |key: &str| fixed.contains(&key) || (!place.is_jsonata() && paths.contains(&key));
        self.fields(place, known, &[&fixed], &paths);
        let max_items_per_batch = self.computed_whole(place, &BATCH_ITEMS, 0, MAX_BATCH_ITEMS);
        let max_input_bytes_per_batch = self.computed_whole(place, &BATCH_BYTES, 0, MAX_BATCH_BYTES);
        let batch_input = self.template(place, "BatchInput");
        Some(Some(ItemBatcher {
            max_items_per_batch: max_items_per_batch?,
            max_input_bytes_per_batch: max_input_bytes_per_batch?,
            batch_input: batch_input?,
        }))
    }

    pub(super) fn result_writer(&mut self, state: Place) -> Option<Option<ResultWriter>> {
        let Some(node) = state.get("ResultWriter") else { return Some(None) };
        let path = state.at("ResultWriter");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = state.inner(node, &path);
        self.known_fields(place, &["Resource", arguments_key(place), "WriterConfig"]);
        let resource = match place.has("Resource") {
            true => self.bucket_resource(place, &["s3:putObject"]).map(Some),
            false => Some(None),
        };
        let arguments = self.arguments(place);
        let config = self.writer_config(place);
        let (output_type, transformation) = config?;
        Some(Some(ResultWriter { resource: resource?, arguments: arguments?, output_type, transformation }))
    }

    /// The `Resource` of a reader or writer.
    fn bucket_resource(&mut self, place: Place, actions: &[&str]) -> Option<Rc<str>> {
        let text = self.required_text(place, "Resource")?;
        let is_one = |action: &&str| text.ends_with(&format!(":states:::{action}"));
        if !text.contains("${") && !actions.iter().any(is_one) {
            let span = place.get("Resource").map_or(place.head, |node| node.span);
            let message = "The field 'Resource' does not match any of the allowed values";
            self.schema(span, &place.at("Resource"), message);
            return None;
        }
        Some(text.into())
    }

    fn writer_config(&mut self, writer: Place) -> Option<(WriterOutputType, Transformation)> {
        let Some(node) = writer.get("WriterConfig") else { return Some(Default::default()) };
        let path = writer.at("WriterConfig");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = writer.inner(node, &path);
        self.known_fields(place, WRITER_CONFIG_FIELDS);
        let output_type =
            self.choose(place, "OutputType", &[("JSON", WriterOutputType::Json), ("JSONL", WriterOutputType::JsonL)]);
        let transformation = self.choose(
            place,
            "Transformation",
            &[
                ("NONE", Transformation::None),
                ("COMPACT", Transformation::Compact),
                ("FLATTEN", Transformation::Flatten),
            ],
        );
        Some((output_type?.unwrap_or_default(), transformation?.unwrap_or_default()))
    }

    /// What a text field names; `None` inside when it is absent.
    fn choose<T: Copy>(&mut self, place: Place, key: &str, values: &[(&str, T)]) -> Option<Option<T>> {
        if !place.has(key) {
            return Some(None);
        }
        let names: Vec<&str> = values.iter().map(|(name, _)| *name).collect();
        let text = self.one_of(place, key, &names)?;
        values.iter().find(|(name, _)| *name == text).map(|(_, value)| Some(*value))
    }
}

fn arguments_key(place: Place) -> &'static str {
    if place.is_jsonata() { "Arguments" } else { "Parameters" }
}
