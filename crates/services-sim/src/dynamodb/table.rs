//! A table: its keys and its items.

use std::cmp::Ordering;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::attribute::{equal, list, members, order, typed};
use super::invalid;

#[derive(Debug)]
pub(super) struct Table {
    name: String,
    arn: String,
    created_at: Timestamp,
    key_schema: Value,
    definitions: Value,
    /// The names of the partition key and, when there is one, of the sort key, each with its type.
    keys: Vec<(String, String)>,
    /// By partition in the order of their coming, within one by the sort key.
    items: Vec<Value>,
}

impl Table {
    pub(super) fn new(name: &str, arn: &str, created_at: Timestamp, params: &Value) -> Result<Table, AwsError> {
        let (key_schema, definitions) = (params["KeySchema"].clone(), params["AttributeDefinitions"].clone());
        let mut keys = Vec::new();
        for kind in ["HASH", "RANGE"] {
            let key = list(&key_schema).iter().find(|key| key.get_str("KeyType") == Some(kind));
            let Some(name) = key.and_then(|key| key.get_str("AttributeName")) else { continue };
            let definition =
                list(&definitions).iter().find(|definition| definition.get_str("AttributeName") == Some(name));
            let Some(kind) = definition.and_then(|definition| definition.get_str("AttributeType")) else {
                return Err(invalid(format!(
                    "One or more parameter values were invalid: Some index key attributes are not defined in \
                     AttributeDefinitions. Keys: [{name}], AttributeDefinitions: []"
                )));
            };
            keys.push((name.to_owned(), kind.to_owned()));
        }
        if keys.is_empty() || list(&key_schema).first().and_then(|key| key.get_str("KeyType")) != Some("HASH") {
            return Err(invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
        }
        Ok(Table { name: name.into(), arn: arn.into(), created_at, key_schema, definitions, keys, items: Vec::new() })
    }

    pub(super) fn described(&self) -> Value {
        let shown = json!({
            "TableName": self.name, "TableArn": self.arn, "TableStatus": "ACTIVE",
            "CreationDateTime": self.created_at.epoch_seconds(), "ItemCount": self.items.len(),
        });
        shown.with("KeySchema", self.key_schema.clone()).with("AttributeDefinitions", self.definitions.clone())
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn items(&self) -> &[Value] {
        &self.items
    }

    /// The names of the key's attributes, the partition key's first.
    pub(super) fn key_names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(name, _)| name.as_str())
    }

    /// The key of an item that is to be put.
    pub(super) fn key_of(&self, item: &Value) -> Result<Value, AwsError> {
        let mut key = Vec::new();
        for (name, kind) in &self.keys {
            let value = item.get(name).ok_or_else(|| {
                invalid(format!("One or more parameter values were invalid: Missing the key {name} in the item"))
            })?;
            let (actual, content) = typed(value).unwrap_or(("NULL", value));
            if actual != kind {
                return Err(invalid(format!(
                    "One or more parameter values were invalid: Type mismatch for key {name} expected: {kind} actual: {actual}"
                )));
            }
            not_empty(name, content)?;
            key.push((name.as_str(), value.clone()));
        }
        Ok(Value::object(key))
    }

    /// A key as callers name it: exactly the key's attributes, of their types.
    pub(super) fn checked_key(&self, key: &Value) -> Result<Value, AwsError> {
        let mismatch = || invalid("The provided key element does not match the schema");
        if members(key).count() != self.keys.len() {
            return Err(mismatch());
        }
        for (name, kind) in &self.keys {
            let (actual, content) = key.get(name).and_then(typed).ok_or_else(mismatch)?;
            if actual != kind {
                return Err(mismatch());
            }
            not_empty(name, content)?;
        }
        Ok(key.clone())
    }

    fn place(&self, key: &Value) -> Option<usize> {
        self.items.iter().position(|item| self.key_names().all(|name| equal(&item[name], &key[name])))
    }

    pub(super) fn item(&self, key: &Value) -> Option<&Value> {
        self.items.get(self.place(key)?)
    }

    /// Puts the item where its key belongs.
    pub(super) fn put(&mut self, item: Value) {
        if let Some(old) = self.place(&item).and_then(|place| self.items.get_mut(place)) {
            *old = item;
            return;
        }
        let keys: Vec<&str> = self.key_names().collect();
        let (partition, sort) = (keys.first().copied().unwrap_or_default(), keys.get(1));
        let same = |other: &Value| equal(&other[partition], &item[partition]);
        let later = |other: &Value| {
            same(other) && sort.is_some_and(|sort| order(&other[*sort], &item[*sort]) == Some(Ordering::Greater))
        };
        let place = self.items.iter().position(later);
        let place = place.or_else(|| Some(self.items.iter().rposition(same)? + 1)).unwrap_or(self.items.len());
        self.items.insert(place, item);
    }

    pub(super) fn remove(&mut self, key: &Value) {
        if let Some(place) = self.place(key) {
            self.items.remove(place);
        }
    }
}

fn not_empty(name: &str, content: &Value) -> Result<(), AwsError> {
    if content.as_str() == Some("") {
        return Err(invalid(format!(
            "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty \
             string value. Key: {name}"
        )));
    }
    Ok(())
}
