//! Listing a bucket: by prefix, in pages, with folders by a delimiter.

use std::collections::BTreeSet;
use std::ops::Bound;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::objects::quoted;
use super::{Object, S3, text};
use crate::params::number;

/// Keys of one page.
const PAGE: usize = 1_000;

struct Page {
    contents: Vec<Value>,
    prefixes: Vec<Value>,
    /// The last key or folder of this page, when there are more.
    next: Option<String>,
}

impl S3 {
    pub(super) fn list_objects_v2(&self, params: &Value) -> Result<Value, AwsError> {
        let after = params.get_str("ContinuationToken").or_else(|| params.get_str("StartAfter"));
        let page = self.page(params, after)?;
        let count = page.contents.len() + page.prefixes.len();
        let mut answer = told(params, &page)?.with("KeyCount", json!(count));
        for key in ["ContinuationToken", "StartAfter"] {
            if let Some(given) = params.get(key).filter(|given| !given.is_null()) {
                answer = answer.with(key, given.clone());
            }
        }
        Ok(page.next.map_or(answer.clone(), |next| answer.with("NextContinuationToken", next.into())))
    }

    pub(super) fn list_objects(&self, params: &Value) -> Result<Value, AwsError> {
        let page = self.page(params, params.get_str("Marker"))?;
        let answer = told(params, &page)?.with("Marker", params.get_str("Marker").unwrap_or_default().into());
        Ok(page.next.map_or(answer.clone(), |next| answer.with("NextMarker", next.into())))
    }

    fn page(&self, params: &Value, after: Option<&str>) -> Result<Page, AwsError> {
        let bucket = self.bucket(params)?;
        let prefix = params.get_str("Prefix").unwrap_or_default();
        let delimiter = params.get_str("Delimiter").filter(|delimiter| !delimiter.is_empty());
        let most = number(params, "MaxKeys").unwrap_or(PAGE).min(PAGE);
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut page = Page { contents: Vec::new(), prefixes: Vec::new(), next: None };
        // A page of nothing has nothing after it.
        if most == 0 {
            return Ok(page);
        }
        let mut folders = BTreeSet::new();
        let mut last = String::new();
        for (key, object) in bucket.objects.range::<str, _>((from, Bound::Unbounded)) {
            let Some(rest) = key.strip_prefix(prefix) else { continue };
            let folder = delimiter.and_then(|delimiter| {
                Some(format!("{prefix}{}", rest.get(..rest.find(delimiter)? + delimiter.len())?))
            });
            let passed = |folder: &String| after.is_some_and(|after| after.starts_with(folder.as_str()));
            if folder.as_ref().is_some_and(|folder| folders.contains(folder) || passed(folder)) {
                continue;
            }
            if page.contents.len() + page.prefixes.len() == most {
                page.next = Some(last);
                break;
            }
            match folder {
                Some(folder) => {
                    page.prefixes.push(json!({"Prefix": folder}));
                    last.clone_from(&folder);
                    folders.insert(folder);
                }
                None => {
                    last = key.to_string();
                    page.contents.push(content(key, object));
                }
            }
        }
        Ok(page)
    }
}

fn told(params: &Value, page: &Page) -> Result<Value, AwsError> {
    let mut answer = json!({
        "IsTruncated": page.next.is_some(), "Name": text(params, "Bucket")?,
        "Prefix": params.get_str("Prefix").unwrap_or_default(),
        "MaxKeys": number(params, "MaxKeys").unwrap_or(PAGE).min(PAGE),
    });
    if let Some(delimiter) = params.get_str("Delimiter") {
        answer = answer.with("Delimiter", delimiter.into());
    }
    let lists = [("Contents", &page.contents), ("CommonPrefixes", &page.prefixes)];
    Ok(lists.into_iter().fold(answer, |answer, (key, list)| match list.is_empty() {
        true => answer,
        false => answer.with(key, Value::array(list.clone())),
    }))
}

fn content(key: &str, object: &Object) -> Value {
    json!({
        "Key": key, "LastModified": object.last_modified.epoch_seconds(), "ETag": quoted(&object.etag),
        "Size": object.body.len(), "StorageClass": "STANDARD",
    })
}
