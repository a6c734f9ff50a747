//! What a Map Run has read of its items: page by page, file by file.

use std::collections::VecDeque;

use asl::{Computed, ReaderConfig};
use sfn_engine::{ErrorOutput, MapRunRequest, item_reader};
use shared_json::{Value, json};

/// How far `ItemReader` has come.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    items: Vec<Value>,
    /// Where the next page of a list begins.
    token: Option<Value>,
    /// How the files of a manifest are read, once it is there, and those that are still to be read.
    file_config: Option<ReaderConfig>,
    files: VecDeque<(String, String)>,
}

impl Reading {
    /// What was read and what is still to be read, for comparing two runs.
    pub(super) fn facts(&self) -> impl std::fmt::Debug {
        (&self.items, &self.token, &self.files)
    }

    /// The next call: its action and parameters.
    pub(crate) fn call(&self, request: &MapRunRequest) -> Option<(&'static str, Value)> {
        let reader = request.reader.as_ref()?;
        let arguments = reader.arguments.clone();
        Some(match (&self.token, self.files.front()) {
            (Some(token), _) => ("s3:ListObjectsV2", arguments.with("ContinuationToken", token.clone())),
            (None, Some((bucket, key))) => ("s3:GetObject", json!({"Bucket": bucket, "Key": key})),
            (None, None) if lists(&reader.resource) => ("s3:ListObjectsV2", arguments),
            (None, None) => ("s3:GetObject", arguments),
        })
    }

    /// Takes an answer; gives the items once all are there.
    pub(crate) fn read(&mut self, request: &MapRunRequest, answer: &Value) -> Result<Option<Vec<Value>>, ErrorOutput> {
        let Some(reader) = &request.reader else { return Ok(None) };
        let config = &reader.config;
        let text = answer.get_str("Body").unwrap_or_default();
        if lists(&reader.resource) {
            let contents = answer.get("Contents").and_then(Value::as_array).unwrap_or_default();
            self.items.extend(item_reader::listed_items(contents));
            self.token = answer.get("NextContinuationToken").cloned();
        } else if let Some(config) = &self.file_config {
            self.items.extend(item_reader::read_items(config, text)?);
            self.files.pop_front();
        } else if item_reader::reads_manifest(config) {
            let manifest = item_reader::manifest(config, text)?;
            self.files = manifest.files.into();
            self.file_config = Some(manifest.config);
        } else {
            self.items = item_reader::read_items(config, text)?;
        }
        let enough = most_items(config).is_some_and(|most| self.items.len() >= most);
        let through = enough || (self.token.is_none() && self.files.is_empty());
        Ok(through.then(|| std::mem::take(&mut self.items)))
    }
}

fn lists(resource: &str) -> bool {
    resource.ends_with(":listObjectsV2")
}

/// `MaxItems` when the definition tells it; a computed one only cuts what was read.
fn most_items(config: &ReaderConfig) -> Option<usize> {
    match config.max_items {
        Some(Computed::Fixed(most)) => usize::try_from(most).ok().filter(|most| *most > 0),
        _ => None,
    }
}
