//! Map: its processor, its items and its limits.

use std::rc::Rc;

use states_query::Template;

use super::computed::Pair;
use super::{Checker, Place};
use crate::{Computed, DiagnosticCode, ExecutionType, Items, Level, MachineType, MapMode, MapState, Transition};

const PROCESSOR_FIELDS: &[&str] = &["Comment", "StartAt", "States", "ProcessorConfig"];

const CONCURRENCY: Pair = Pair { fixed: "MaxConcurrency", path: "MaxConcurrencyPath" };
const FAILURES: Pair = Pair { fixed: "ToleratedFailureCount", path: "ToleratedFailureCountPath" };
const FAILURE_PERCENTAGE: Pair = Pair { fixed: "ToleratedFailurePercentage", path: "ToleratedFailurePercentagePath" };

/// The largest whole number that every JSON reader keeps.
const MAX_COUNT: u64 = (1 << 53) - 1;

const DISTRIBUTED: &[&str] = &["ItemReader", "ItemBatcher", "ResultWriter", "Label"];

const MAX_LABEL_CHARS: usize = 40;

impl Checker {
    pub(super) fn map(&mut self, state: Place, transition: Option<Transition>) -> Option<MapState> {
        let processor = self.processor(state);
        let mode = processor.as_ref().map(|(_, mode)| *mode);
        if mode == Some(MapMode::Inline) {
            self.distributed_only(state);
        }
        let items = self.map_items(state);
        let item_selector = self.item_selector(state);
        let max_concurrency = self.computed_whole(state, &CONCURRENCY, 0, MAX_COUNT);
        let item_reader = self.item_reader(state);
        let item_batcher = self.item_batcher(state);
        let result_writer = self.result_writer(state);
        let tolerated_failure_count = self.computed_whole(state, &FAILURES, 0, MAX_COUNT);
        let tolerated_failure_percentage = self.failure_percentage(state);
        let label = self.label(state);
        let result_selector = self.jsonpath_payload(state, "ResultSelector");
        let result_path = self.result_path(state);
        let retry = self.retry(state);
        let catch = self.catch(state);
        Some(MapState {
            processor: processor?.0,
            mode: mode?,
            items: items?,
            item_selector: item_selector?,
            max_concurrency: max_concurrency?,
            item_reader: item_reader?,
            item_batcher: item_batcher?,
            result_writer: result_writer?,
            tolerated_failure_count: tolerated_failure_count?,
            tolerated_failure_percentage: tolerated_failure_percentage?,
            label: label?,
            result_selector: result_selector?,
            result_path: result_path?,
            retry: retry?,
            catch: catch?,
            transition: transition?,
        })
    }

    fn processor(&mut self, state: Place) -> Option<(Rc<Level>, MapMode)> {
        if state.has("ItemProcessor") && state.has("Iterator") {
            self.exclusive(state, "ItemProcessor", "Iterator");
            return None;
        }
        let key = if state.has("Iterator") { "Iterator" } else { "ItemProcessor" };
        let Some(node) = state.get(key) else {
            self.none_of(state, &["ItemProcessor", "Iterator"]);
            return None;
        };
        let path = state.at(key);
        let mode = if node.is_object() { self.map_mode(state.inner(node, &path)) } else { None };
        let level = self.inner_level(state, node, &path, PROCESSOR_FIELDS);
        Some((Rc::new(level?), mode?))
    }

    fn map_mode(&mut self, processor: Place) -> Option<MapMode> {
        let Some(node) = processor.get("ProcessorConfig") else { return Some(MapMode::Inline) };
        let path = processor.at("ProcessorConfig");
        if !self.is_object(node, &path) {
            return None;
        }
        let place = processor.inner(node, &path);
        let mode = if place.has("Mode") { self.discriminator(place, "Mode", &["INLINE", "DISTRIBUTED"])? } else { "" };
        if mode != "DISTRIBUTED" {
            self.known_fields(place, &["Mode"]);
            return Some(MapMode::Inline);
        }
        self.known_fields(place, &["Mode", "ExecutionType"]);
        if self.machine_type == MachineType::Express {
            let span = place.get("Mode").map_or(place.head, |node| node.span);
            let message = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines";
            self.schema(span, &place.at("Mode"), message);
            return None;
        }
        if !place.has("ExecutionType") {
            self.missing(place, &["ExecutionType"]);
            return None;
        }
        let execution_type = match self.one_of(place, "ExecutionType", &["STANDARD", "EXPRESS"])? {
            "EXPRESS" => ExecutionType::Express,
            _ => ExecutionType::Standard,
        };
        Some(MapMode::Distributed(execution_type))
    }

    /// What only a distributed Map may have.
    fn distributed_only(&mut self, state: Place) {
        let given = DISTRIBUTED.iter().filter_map(|key| state.node.member(key));
        for member in given {
            self.schema(member.key_span, state.path, format!("Field '{}' is not supported", member.key)).help =
                Some("It needs \"ProcessorConfig\": {\"Mode\": \"DISTRIBUTED\", …}.".to_owned());
        }
    }

    fn map_items(&mut self, state: Place) -> Option<Items> {
        if state.is_jsonata() {
            return Some(self.jsonata(state, "Items")?.map_or(Items::Input, Items::Jsonata));
        }
        if !state.has("ItemsPath") {
            return Some(Items::Input);
        }
        self.path(state, "ItemsPath").map(Items::Path)
    }

    /// `ItemSelector`, or `Parameters` of older definitions.
    fn item_selector(&mut self, state: Place) -> Option<Option<Template>> {
        if state.is_jsonata() || !state.has("Parameters") {
            return self.template(state, "ItemSelector");
        }
        if state.has("ItemSelector") {
            self.exclusive(state, "ItemSelector", "Parameters");
            return None;
        }
        self.template(state, "Parameters")
    }

    fn failure_percentage(&mut self, state: Place) -> Option<Option<Computed<f64>>> {
        self.computed(state, &FAILURE_PERCENTAGE, |checker| checker.number(state, FAILURE_PERCENTAGE.fixed, 0.0, 100.0))
    }

    fn label(&mut self, state: Place) -> Option<Option<Rc<str>>> {
        if !state.has("Label") {
            return Some(None);
        }
        let label = self.text(state, "Label")?;
        let span = state.get("Label").map_or(state.head, |node| node.span);
        if label.chars().count() > MAX_LABEL_CHARS {
            let message = format!(
                "Invalid Label name: Label '{label}' exceeds the {MAX_LABEL_CHARS}-character limit allowed by the service"
            );
            self.push(DiagnosticCode::INVALID_LABEL_NAME, span, &state.at("Label"), message);
            return None;
        }
        if !self.labels.insert(label.to_owned()) {
            let message = format!("Duplicate Label name: {label}");
            self.push(DiagnosticCode::DUPLICATE_LABEL_NAME, span, &state.at("Label"), message);
            return None;
        }
        Some(Some(label.into()))
    }
}
