//! `ItemReader`: from an object's text to the items of a distributed Map.

use std::collections::BTreeSet;
use std::rc::Rc;

use asl::{CsvHeaderLocation, InputType, ReaderConfig};
use sfn_history::ErrorOutput;
use shared_json::{Object, Value};

/// Bytes of a CSV file's header row. Source: the developer guide's page on `ItemReader`.
const HEADER_BYTES: usize = 10_240;

/// The items in an object that `s3:getObject` read.
///
/// # Errors
/// `States.ItemReaderFailed`, in AWS's words where they are known.
pub fn read_items(config: &ReaderConfig, text: &str) -> Result<Vec<Value>, ErrorOutput> {
    match config.input_type {
        Some(InputType::Csv) => csv_items(config, text),
        Some(InputType::JsonL) => json_lines(text),
        Some(InputType::Parquet) => Err(failed("Parquet files cannot be read here.")),
        Some(InputType::Json | InputType::Manifest) | None => json_items(config, text),
    }
}

/// The items of `s3:listObjectsV2`: its `Contents`, with `ETag` in the integration's spelling.
#[must_use]
pub fn listed_items(contents: &[Value]) -> Vec<Value> {
    let listed = |object: &Value| {
        let names = [("Etag", "ETag"), ("Key", "Key"), ("LastModified", "LastModified"), ("Size", "Size")];
        let mut members: Vec<(&str, Value)> =
            names.into_iter().filter_map(|(name, key)| Some((name, object.get(key)?.clone()))).collect();
        let class = object.get("StorageClass").cloned().unwrap_or_else(|| Value::from("STANDARD"));
        members.push(("StorageClass", class));
        Value::object(members)
    };
    contents.iter().map(listed).collect()
}

/// The data files that a manifest lists, and how each is read.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Bucket and key.
    pub files: Vec<(String, String)>,
    pub config: ReaderConfig,
}

/// Whether the object that is read only lists the files with the items.
#[must_use]
pub fn reads_manifest(config: &ReaderConfig) -> bool {
    config.input_type == Some(InputType::Manifest) || config.source.get_str("ManifestType").is_some()
}

/// A manifest of S3 Inventory, or of what Athena's UNLOAD wrote: a list of `s3://` addresses.
///
/// # Errors
/// `States.ItemReaderFailed` when the text is no such manifest, or names files that cannot be read here.
pub fn manifest(config: &ReaderConfig, text: &str) -> Result<Manifest, ErrorOutput> {
    if config.source.get_str("ManifestType") == Some("ATHENA_DATA") {
        return athena_manifest(config, text);
    }
    let document = Value::parse(text).map_err(|error| failed(format!("Invalid JSON in the S3 object: {error}")))?;
    let missing = |member: &str| failed(format!("The S3 Inventory manifest has no '{member}'."));
    let format = document.get_str("fileFormat").ok_or_else(|| missing("fileFormat"))?;
    if format != "CSV" {
        return Err(failed(format!("S3 Inventory files of the format {format} cannot be read here.")));
    }
    let schema = document.get_str("fileSchema").ok_or_else(|| missing("fileSchema"))?;
    let bucket = document.get_str("destinationBucket").ok_or_else(|| missing("destinationBucket"))?;
    let bucket = bucket.rsplit(':').next().unwrap_or_default();
    let files = document.get("files").and_then(Value::as_array).ok_or_else(|| missing("files"))?;
    let files = files.iter().map(|file| {
        let key = file.get_str("key").ok_or_else(|| missing("key"))?;
        Ok((bucket.to_owned(), key.to_owned()))
    });
    let config = ReaderConfig {
        input_type: Some(InputType::Csv),
        csv_header_location: Some(CsvHeaderLocation::Given),
        csv_headers: schema.split(',').map(|column| Rc::from(column.trim())).collect(),
        ..ReaderConfig::default()
    };
    Ok(Manifest { files: files.collect::<Result<_, _>>()?, config })
}

fn athena_manifest(config: &ReaderConfig, text: &str) -> Result<Manifest, ErrorOutput> {
    let lines = text.lines().map(|line| line.trim().trim_matches('"')).filter(|line| !line.is_empty());
    let files = lines.map(|line| {
        let address = line.strip_prefix("s3://").and_then(|address| address.split_once('/'));
        let (bucket, key) = address.ok_or_else(|| failed(format!("The manifest's line '{line}' is no S3 URI.")))?;
        Ok((bucket.to_owned(), key.to_owned()))
    });
    let files = files.collect::<Result<_, _>>()?;
    Ok(Manifest { files, config: ReaderConfig { source: Value::Null, ..config.clone() } })
}

/// `States.ItemReaderFailed` with a cause.
#[must_use]
pub fn failed(cause: impl AsRef<str>) -> ErrorOutput {
    ErrorOutput::new("States.ItemReaderFailed", cause)
}

fn json_items(config: &ReaderConfig, text: &str) -> Result<Vec<Value>, ErrorOutput> {
    let document = Value::parse(text).map_err(|error| failed(format!("Invalid JSON in the S3 object: {error}")))?;
    let node = match &config.items_pointer {
        Some(pointer) => at_pointer(&document, pointer)
            .ok_or_else(|| failed(format!("The ItemsPointer '{pointer}' leads to nothing in the S3 object.")))?,
        None => &document,
    };
    match node.as_array() {
        Some(items) => Ok(items.to_vec()),
        None => Err(failed("Attempting to map over non-iterable node.")),
    }
}

/// RFC 6901.
fn at_pointer<'a>(document: &'a Value, pointer: &str) -> Option<&'a Value> {
    pointer.split('/').skip(1).try_fold(document, |value, step| {
        let step = step.replace("~1", "/").replace("~0", "~");
        value.get(&step).or_else(|| value.as_array()?.get(step.parse::<usize>().ok()?))
    })
}

fn json_lines(text: &str) -> Result<Vec<Value>, ErrorOutput> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| {
            Value::parse(line)
                .map_err(|error| failed(format!("Invalid JSON in line {} of the S3 object: {error}", index + 1)))
        })
        .collect()
}

fn csv_items(config: &ReaderConfig, text: &str) -> Result<Vec<Value>, ErrorOutput> {
    let mut builder = csv::ReaderBuilder::new();
    builder.has_headers(false).flexible(true);
    if let Some(delimiter) = config.csv_delimiter.and_then(|delimiter| u8::try_from(delimiter).ok()) {
        builder.delimiter(delimiter);
    }
    let mut reader = builder.from_reader(text.as_bytes());
    let mut records = reader.records();
    let headers: Vec<Rc<str>> = match config.csv_header_location {
        Some(CsvHeaderLocation::Given) => config.csv_headers.clone(),
        Some(CsvHeaderLocation::FirstRow) | None => match records.next() {
            Some(Ok(record)) => record.iter().map(Rc::from).collect(),
            _ => Vec::new(),
        },
    };
    let bytes: usize = headers.iter().map(|header| header.len() + 1).sum();
    if bytes > HEADER_BYTES + 1 {
        return Err(failed("CSV headers cannot exceed 10 KiB."));
    }
    let mut seen = BTreeSet::new();
    if !headers.iter().all(|header| seen.insert(header)) {
        return Err(failed("CSV headers cannot contain duplicates."));
    }
    records
        .map(|record| {
            let record = record.map_err(|error| failed(format!("Invalid CSV in the S3 object: {error}")))?;
            let fields = headers.iter().enumerate();
            let members: Object = fields
                .map(|(at, header)| (Rc::clone(header), Value::from(record.get(at).unwrap_or_default())))
                .collect();
            Ok(Value::Object(Rc::new(members)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_json::json;

    fn csv(location: CsvHeaderLocation, headers: &[&str]) -> ReaderConfig {
        ReaderConfig {
            input_type: Some(InputType::Csv),
            csv_header_location: Some(location),
            csv_headers: headers.iter().map(|header| Rc::from(*header)).collect(),
            ..ReaderConfig::default()
        }
    }

    #[test]
    fn rows_become_objects_by_their_headers() {
        let first_row = csv(CsvHeaderLocation::FirstRow, &[]);
        let rows = read_items(&first_row, "sku,qty\nA-7,2\n\"B, big\",\n,,,\n").unwrap();
        let expected =
            [json!({"sku": "A-7", "qty": "2"}), json!({"sku": "B, big", "qty": ""}), json!({"sku": "", "qty": ""})];
        assert_eq!(rows, expected);
        let given = csv(CsvHeaderLocation::Given, &["sku"]);
        assert_eq!(read_items(&given, "A-7,2\n").unwrap(), [json!({"sku": "A-7"})]);
        let twice = csv(CsvHeaderLocation::Given, &["a", "b", "a"]);
        assert_eq!(read_items(&twice, "1,2,3").unwrap_err(), failed("CSV headers cannot contain duplicates."));
    }

    #[test]
    fn a_long_header_row_is_refused() {
        let first_row = csv(CsvHeaderLocation::FirstRow, &[]);
        let row = |bytes: usize| format!("a,{}\n1,2\n", "b".repeat(bytes - 2));
        assert_eq!(read_items(&first_row, &row(10_240)).unwrap().len(), 1);
        assert_eq!(read_items(&first_row, &row(10_241)).unwrap_err(), failed("CSV headers cannot exceed 10 KiB."));
    }

    #[test]
    fn a_manifest_lists_files_and_columns() {
        let config = ReaderConfig { input_type: Some(InputType::Manifest), ..ReaderConfig::default() };
        assert!(reads_manifest(&config) && !reads_manifest(&ReaderConfig::default()));
        let text = json!({
            "sourceBucket": "shop", "destinationBucket": "arn:aws:s3:::lists", "fileFormat": "CSV",
            "fileSchema": "Bucket, Key, Size", "files": [{"key": "data/1.csv"}, {"key": "data/2.csv"}],
        });
        let read = manifest(&config, &text.to_string()).unwrap();
        let file = |bucket: &str, key: &str| (bucket.to_owned(), key.to_owned());
        assert_eq!(read.files, [file("lists", "data/1.csv"), file("lists", "data/2.csv")]);
        let rows = read_items(&read.config, "\"shop\",\"a.txt\",\"7\"\n").unwrap();
        assert_eq!(rows, [json!({"Bucket": "shop", "Key": "a.txt", "Size": "7"})]);
        let other = manifest(&config, &text.with("fileFormat", "ORC".into()).to_string()).unwrap_err();
        assert_eq!(other, failed("S3 Inventory files of the format ORC cannot be read here."));
        assert!(manifest(&config, "{}").is_err() && manifest(&config, "[").is_err());
        let athena = ReaderConfig {
            input_type: Some(InputType::JsonL),
            source: json!({"InputType": "JSONL", "ManifestType": "ATHENA_DATA"}),
            ..ReaderConfig::default()
        };
        assert!(reads_manifest(&athena));
        let read = manifest(&athena, "s3://lists/out/a.jsonl\n\"s3://lists/out/b.jsonl\"\n").unwrap();
        assert_eq!(read.files, [file("lists", "out/a.jsonl"), file("lists", "out/b.jsonl")]);
        assert!(!reads_manifest(&read.config));
        assert!(manifest(&athena, "lists/out").is_err());
    }

    #[test]
    fn json_must_hold_a_list() {
        let json = ReaderConfig::default();
        assert_eq!(read_items(&json, "[1, \"x\"]").unwrap(), [json!(1), json!("x")]);
        assert_eq!(read_items(&json, "{}").unwrap_err(), failed("Attempting to map over non-iterable node."));
        let inside = ReaderConfig { items_pointer: Some("/orders/0/lines".into()), ..ReaderConfig::default() };
        assert_eq!(read_items(&inside, r#"{"orders": [{"lines": [7]}]}"#).unwrap(), [json!(7)]);
        let lines = ReaderConfig { input_type: Some(InputType::JsonL), ..ReaderConfig::default() };
        assert_eq!(read_items(&lines, "{\"a\": 1}\n\n2\n").unwrap(), [json!({"a": 1}), json!(2)]);
        assert!(read_items(&lines, "{").is_err());
    }
}
