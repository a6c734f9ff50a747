//! Map states: one processor over many items.

use std::rc::Rc;

use shared_json::Value;
use states_query::{JsonataTemplate, Path, PayloadTemplate, Template};

use super::{Catcher, Computed, Level, ResultPath, Retrier, Transition};

#[derive(Clone, Debug)]
pub struct MapState {
    /// `ItemProcessor`, or `Iterator` of older definitions.
    pub processor: Rc<Level>,
    pub mode: MapMode,
    pub items: Items,
    /// `ItemSelector`, or `Parameters` of older definitions.
    pub item_selector: Option<Template>,
    /// 0 or absent: as many as AWS runs at a time.
    pub max_concurrency: Option<Computed<u64>>,
    /// What follows is for distributed Maps only.
    pub item_reader: Option<ItemReader>,
    pub item_batcher: Option<ItemBatcher>,
    pub result_writer: Option<ResultWriter>,
    pub tolerated_failure_count: Option<Computed<u64>>,
    /// 0 to 100.
    pub tolerated_failure_percentage: Option<Computed<f64>>,
    pub label: Option<Rc<str>>,
    pub result_selector: Option<PayloadTemplate>,
    pub result_path: ResultPath,
    pub retry: Vec<Retrier>,
    pub catch: Vec<Catcher>,
    pub transition: Transition,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MapMode {
    /// Iterations are part of the execution's own history.
    #[default]
    Inline,
    /// Every iteration, or batch of them, is an execution of its own.
    Distributed(ExecutionType),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ExecutionType {
    #[default]
    Standard,
    Express,
}

/// Where the items come from, unless an `ItemReader` reads them.
#[derive(Clone, Debug, Default)]
pub enum Items {
    /// The state's effective input.
    #[default]
    Input,
    /// `ItemsPath` (JSONPath)
    Path(Path),
    /// `Items` (JSONata): an array or an expression that gives one
    Jsonata(JsonataTemplate),
}

#[derive(Clone, Debug)]
pub struct ItemReader {
    /// `arn:aws:states:::s3:getObject`
    pub resource: Rc<str>,
    /// `Parameters` or `Arguments`: `Bucket`, `Key`, `Prefix`, …
    pub arguments: Option<Template>,
    pub config: ReaderConfig,
}

#[derive(Clone, Debug, Default)]
pub struct ReaderConfig {
    pub input_type: Option<InputType>,
    pub csv_header_location: Option<CsvHeaderLocation>,
    pub csv_headers: Vec<Rc<str>>,
    /// A single character; a comma when absent.
    pub csv_delimiter: Option<char>,
    /// `MaxItems` or `MaxItemsPath`
    pub max_items: Option<Computed<i64>>,
    /// A JSON pointer to the list in an object.
    pub items_pointer: Option<Rc<str>>,
    /// `ReaderConfig` as written, for what is only checked when it runs.
    pub source: Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InputType {
    Csv,
    Json,
    JsonL,
    Manifest,
    Parquet,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvHeaderLocation {
    FirstRow,
    Given,
}

#[derive(Clone, Debug)]
pub struct ItemBatcher {
    pub max_items_per_batch: Option<Computed<u64>>,
    pub max_input_bytes_per_batch: Option<Computed<u64>>,
    pub batch_input: Option<Template>,
}

#[derive(Clone, Debug)]
pub struct ResultWriter {
    /// `arn:aws:states:::s3:putObject`; absent when only `WriterConfig` is given.
    pub resource: Option<Rc<str>>,
    /// `Parameters` or `Arguments`: `Bucket`, `Prefix`
    pub arguments: Option<Template>,
    pub output_type: WriterOutputType,
    pub transformation: Transformation,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WriterOutputType {
    #[default]
    Json,
    JsonL,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transformation {
    #[default]
    None,
    Compact,
    Flatten,
}
