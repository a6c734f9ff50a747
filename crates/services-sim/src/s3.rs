//! S3: buckets of objects whose bodies are text. Keys list in the order of their bytes.

mod list;
mod objects;

use std::collections::BTreeMap;
use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use crate::params::{missing, not_simulated};
use crate::services::Context;

/// All buckets.
#[derive(Debug, Default)]
pub struct S3 {
    buckets: BTreeMap<String, Bucket>,
}

#[derive(Debug)]
pub struct Bucket {
    created_at: Timestamp,
    objects: BTreeMap<Rc<str>, Object>,
}

#[derive(Clone, Debug)]
pub struct Object {
    pub body: Rc<str>,
    pub content_type: Rc<str>,
    /// Without the quotes that S3 puts around it.
    pub etag: Rc<str>,
    pub last_modified: Timestamp,
    metadata: Value,
}

impl S3 {
    /// The object, when bucket and key are there.
    #[must_use]
    pub fn object(&self, bucket: &str, key: &str) -> Option<&Object> {
        self.buckets.get(bucket)?.objects.get(key)
    }

    /// All buckets by name.
    pub fn buckets(&self) -> impl Iterator<Item = (&str, &Bucket)> {
        self.buckets.iter().map(|(name, bucket)| (name.as_str(), bucket))
    }

    pub(crate) fn call(&mut self, context: &Context<'_>, operation: &str, params: &Value) -> Result<Value, AwsError> {
        match operation {
            "CreateBucket" => self.create_bucket(context, params),
            "DeleteBucket" => self.delete_bucket(params),
            "HeadBucket" => self.bucket(params).map(|_| json!({"BucketRegion": context.options.region})),
            "GetBucketLocation" => self.bucket(params).map(|_| json!({})),
            "ListBuckets" => Ok(self.list_buckets(context)),
            "PutObject" => self.put_object(context, params),
            "GetObject" => self.get_object(params),
            "HeadObject" => self.head_object(params),
            "CopyObject" => self.copy_object(context, params),
            "DeleteObject" => self.delete_object(params),
            "DeleteObjects" => self.delete_objects(params),
            "ListObjects" => self.list_objects(params),
            "ListObjectsV2" => self.list_objects_v2(params),
            _ => Err(not_simulated(&format!("s3:{operation}"))),
        }
    }

    fn create_bucket(&mut self, context: &Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let name = text(params, "Bucket")?;
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c);
        if !(3..=63).contains(&name.len()) || !name.chars().all(allowed) {
            return Err(AwsError::new("InvalidBucketName", "The specified bucket is not valid."));
        }
        if self.buckets.contains_key(name) {
            let message = "Your previous request to create the named bucket succeeded and you already own it.";
            return Err(AwsError::new("BucketAlreadyOwnedByYou", message).with_status(409));
        }
        self.buckets.insert(name.to_owned(), Bucket { created_at: context.now, objects: BTreeMap::new() });
        Ok(json!({"Location": format!("/{name}")}))
    }

    fn delete_bucket(&mut self, params: &Value) -> Result<Value, AwsError> {
        if !self.bucket(params)?.objects.is_empty() {
            let error = AwsError::new("BucketNotEmpty", "The bucket you tried to delete is not empty");
            return Err(error.with_status(409));
        }
        self.buckets.remove(text(params, "Bucket")?);
        Ok(json!({}))
    }

    fn list_buckets(&self, context: &Context<'_>) -> Value {
        let shown = |(name, bucket): (&String, &Bucket)| json!({"Name": name, "CreationDate": bucket.created_at.epoch_seconds()});
        let buckets = self.buckets.iter().map(shown).collect();
        let owner = json!({"ID": format!("{:0>64}", context.options.account_id)});
        Value::object([("Buckets", Value::array(buckets)), ("Owner", owner)])
    }

    fn bucket(&self, params: &Value) -> Result<&Bucket, AwsError> {
        self.buckets.get(text(params, "Bucket")?).ok_or_else(no_such_bucket)
    }

    fn bucket_mut(&mut self, params: &Value) -> Result<&mut Bucket, AwsError> {
        self.buckets.get_mut(text(params, "Bucket")?).ok_or_else(no_such_bucket)
    }
}

fn text<'a>(params: &'a Value, key: &str) -> Result<&'a str, AwsError> {
    params.get_str(key).ok_or_else(|| missing(key))
}

fn no_such_bucket() -> AwsError {
    AwsError::new("NoSuchBucket", "The specified bucket does not exist").with_status(404)
}

fn no_such_key() -> AwsError {
    AwsError::new("NoSuchKey", "The specified key does not exist.").with_status(404)
}

#[cfg(test)]
mod tests {
    use shared_json::{Value, json};
    use virtual_time::Timestamp;

    use crate::Services;
    use crate::services::tests::services;

    fn with_objects(keys: &[&str]) -> Services {
        let mut services = services();
        let now = Timestamp::from_millis(0);
        services.call(now, "s3:CreateBucket", &json!({"Bucket": "parcels"})).unwrap();
        for key in keys {
            services.call(now, "s3:PutObject", &json!({"Bucket": "parcels", "Key": key, "Body": *key})).unwrap();
        }
        services
    }

    fn keys(listed: &Value, list: &str, key: &str) -> Vec<String> {
        let items = listed.get(list).and_then(Value::as_array).unwrap_or_default();
        items.iter().filter_map(|item| item.get_str(key)).map(str::to_owned).collect()
    }

    #[test]
    fn what_was_put_comes_back_with_its_checksums() {
        let mut services = with_objects(&[]);
        let now = Timestamp::from_millis(0);
        let put = json!({"Bucket": "parcels", "Key": "n", "Body": "123456789", "ContentType": "text/plain"});
        let answer = services.call(now, "s3:PutObject", &put).unwrap();
        assert_eq!(answer.get_str("ChecksumCRC32"), Some("y/Q5Jg=="));
        let got = services.call(now, "s3:GetObject", &put).unwrap();
        assert_eq!((got.get_str("Body"), got.get_str("ContentType")), (Some("123456789"), Some("text/plain")));
        assert_eq!(got["ETag"], answer["ETag"]);
        let part = services.call(now, "s3:GetObject", &put.with("Range", "bytes=2-4".into())).unwrap();
        assert_eq!((part.get_str("Body"), part.get_str("ContentRange")), (Some("345"), Some("bytes 2-4/9")));
    }

    #[test]
    fn what_is_not_there_is_told_by_its_kind() {
        let mut services = with_objects(&["a"]);
        let now = Timestamp::from_millis(0);
        let cases = [
            ("s3:GetObject", json!({"Bucket": "none", "Key": "a"}), "NoSuchBucket"),
            ("s3:GetObject", json!({"Bucket": "parcels", "Key": "b"}), "NoSuchKey"),
            ("s3:ListObjects", json!({"Bucket": "None"}), "NoSuchBucket"),
            ("s3:DeleteBucket", json!({"Bucket": "parcels"}), "BucketNotEmpty"),
            ("s3:CreateBucket", json!({"Bucket": "parcels"}), "BucketAlreadyOwnedByYou"),
            ("s3:CreateBucket", json!({"Bucket": "Par cels"}), "InvalidBucketName"),
        ];
        for (action, params, code) in cases {
            assert_eq!(services.call(now, action, &params).unwrap_err().code, code, "{action} {params}");
        }
        assert!(services.call(now, "s3:DeleteObject", &json!({"Bucket": "parcels", "Key": "b"})).is_ok());
    }

    #[test]
    fn long_lists_come_in_pages_of_a_thousand() {
        let names: Vec<String> = (0..1_001).map(|number| format!("k{number:04}")).collect();
        let mut services = with_objects(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let mut list = |extra: Value| {
            let params = extra.with("Bucket", "parcels".into());
            services.call(Timestamp::from_millis(0), "s3:ListObjectsV2", &params).unwrap()
        };
        let first = list(json!({"MaxKeys": 5_000}));
        assert_eq!((first["KeyCount"].as_i64(), first["IsTruncated"].as_bool()), (Some(1_000), Some(true)));
        let token = first.get_str("NextContinuationToken").unwrap().to_owned();
        let second = list(json!({"ContinuationToken": token}));
        assert_eq!(keys(&second, "Contents", "Key"), ["k1000"]);
        let none = list(json!({"MaxKeys": 0}));
        assert_eq!((none["KeyCount"].as_i64(), none["IsTruncated"].as_bool()), (Some(0), Some(false)));
        assert!(none.get("NextContinuationToken").is_none());
    }

    #[test]
    fn a_bucket_lists_by_prefix_in_pages_and_by_folders() {
        let mut services = with_objects(&["a/1", "a/2", "b", "c/x/1"]);
        let mut list = |extra: Value| {
            let params = extra.with("Bucket", "parcels".into());
            services.call(Timestamp::from_millis(0), "s3:ListObjectsV2", &params).unwrap()
        };
        let first = list(json!({"MaxKeys": 3}));
        assert_eq!(keys(&first, "Contents", "Key"), ["a/1", "a/2", "b"]);
        let token = first.get_str("NextContinuationToken").unwrap().to_owned();
        let second = list(json!({"MaxKeys": 3, "ContinuationToken": token}));
        assert_eq!(
            (keys(&second, "Contents", "Key"), second["IsTruncated"].as_bool()),
            (vec!["c/x/1".to_owned()], Some(false))
        );
        assert_eq!(keys(&list(json!({"Prefix": "a/"})), "Contents", "Key"), ["a/1", "a/2"]);
        let folders = list(json!({"Delimiter": "/"}));
        assert_eq!(
            (keys(&folders, "CommonPrefixes", "Prefix"), keys(&folders, "Contents", "Key")),
            (vec!["a/".to_owned(), "c/".to_owned()], vec!["b".to_owned()])
        );
    }
}
