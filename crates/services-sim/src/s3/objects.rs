//! Single objects: put, get, copy, delete.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::{Object, S3, no_such_key, text};
use crate::hashes::{crc32_base64, md5_hex};
use crate::services::Context;

impl S3 {
    pub(super) fn put_object(&mut self, context: &Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let key = text(params, "Key")?;
        let bucket = self.bucket_mut(params)?;
        if params.get_str("IfNoneMatch") == Some("*") && bucket.objects.contains_key(key) {
            let message = "At least one of the pre-conditions you specified did not hold";
            return Err(AwsError::new("PreconditionFailed", message).with_status(412));
        }
        let body: Rc<str> = match params.get("Body") {
            None | Some(Value::Null) => "".into(),
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string().into(),
        };
        let object = Object {
            etag: md5_hex(body.as_bytes()).into(),
            content_type: params.get_str("ContentType").unwrap_or("binary/octet-stream").into(),
            last_modified: context.now,
            metadata: params
                .get("Metadata")
                .filter(|metadata| !metadata.is_null())
                .cloned()
                .unwrap_or_else(|| json!({})),
            body,
        };
        let answer = json!({
            "ChecksumCRC32": crc32_base64(object.body.as_bytes()), "ChecksumType": "FULL_OBJECT",
            "ETag": quoted(&object.etag), "ServerSideEncryption": "AES256",
        });
        bucket.objects.insert(key.into(), object);
        Ok(answer)
    }

    pub(super) fn get_object(&self, params: &Value) -> Result<Value, AwsError> {
        let object = self.named(params)?;
        let (body, range) = ranged(&object.body, params.get_str("Range"))?;
        let mut shown = head(object).with("ContentLength", json!(body.len()));
        if let Some(range) = range {
            shown = shown.with("ContentRange", range.into());
        }
        Ok(shown.with("Body", body.into()))
    }

    pub(super) fn head_object(&self, params: &Value) -> Result<Value, AwsError> {
        self.named(params).map(head)
    }

    pub(super) fn copy_object(&mut self, context: &Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let source = text(params, "CopySource")?.trim_start_matches('/');
        let (bucket, key) = source.split_once('/').unwrap_or((source, ""));
        let from = json!({"Bucket": bucket, "Key": key});
        let object = Object { last_modified: context.now, ..self.named(&from)?.clone() };
        let shown = json!({"ETag": quoted(&object.etag), "LastModified": context.now.epoch_seconds()});
        let key = text(params, "Key")?;
        self.bucket_mut(params)?.objects.insert(key.into(), object);
        Ok(Value::object([("CopyObjectResult", shown), ("ServerSideEncryption", "AES256".into())]))
    }

    /// Deleting what is not there is no error.
    pub(super) fn delete_object(&mut self, params: &Value) -> Result<Value, AwsError> {
        let key = text(params, "Key")?;
        self.bucket_mut(params)?.objects.remove(key);
        Ok(json!({}))
    }

    pub(super) fn delete_objects(&mut self, params: &Value) -> Result<Value, AwsError> {
        let bucket = self.bucket_mut(params)?;
        let named = params["Delete"].get("Objects").and_then(Value::as_array).unwrap_or_default();
        let mut deleted = Vec::new();
        for key in named.iter().filter_map(|object| object.get_str("Key")) {
            bucket.objects.remove(key);
            deleted.push(json!({"Key": key}));
        }
        Ok(Value::object([("Deleted", Value::array(deleted))]))
    }

    fn named(&self, params: &Value) -> Result<&Object, AwsError> {
        let key = text(params, "Key")?;
        self.bucket(params)?.objects.get(key).ok_or_else(no_such_key)
    }
}

pub(super) fn quoted(etag: &str) -> String {
    format!("\"{etag}\"")
}

fn head(object: &Object) -> Value {
    json!({
        "AcceptRanges": "bytes", "ContentLength": object.body.len(), "ContentType": &*object.content_type,
        "ETag": quoted(&object.etag), "LastModified": object.last_modified.epoch_seconds(),
    })
    .with("Metadata", object.metadata.clone())
    .with("ServerSideEncryption", "AES256".into())
}

/// The part that a `bytes=from-to` names, with its Content-Range.
fn ranged<'a>(body: &'a str, range: Option<&str>) -> Result<(&'a str, Option<String>), AwsError> {
    let bounds = range.and_then(|range| range.strip_prefix("bytes=")).and_then(|range| range.split_once('-'));
    let Some((from, to)) = bounds else { return Ok((body, None)) };
    let length = body.len();
    let (start, end) = match (from.parse::<usize>(), to.parse::<usize>()) {
        (Ok(from), Ok(to)) => (from, to.saturating_add(1).min(length)),
        (Ok(from), Err(_)) => (from, length),
        (Err(_), Ok(last)) => (length.saturating_sub(last), length),
        (Err(_), Err(_)) => return Ok((body, None)),
    };
    // A range that cuts through a character of more than one byte cannot be told as text.
    match body.get(start..end).filter(|part| !part.is_empty()) {
        Some(part) => Ok((part, Some(format!("bytes {start}-{}/{length}", end - 1)))),
        None => Err(AwsError::new("InvalidRange", "The requested range is not satisfiable").with_status(416)),
    }
}
