//! Single items: PutItem, GetItem, UpdateItem, DeleteItem.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::attribute::{checked_item, members};
use super::expression::{Condition, Path, Placeholders, Update, Words, paths};
use super::{DynamoDb, invalid};
use crate::params::missing;

impl DynamoDb {
    pub(super) fn put_item(&mut self, params: &Value) -> Result<Value, AwsError> {
        let item = checked_item(params.get("Item").ok_or_else(|| missing("Item"))?)?;
        let table = self.table_mut(params)?;
        let key = table.key_of(&item)?;
        let returned = return_values(params, &["NONE", "ALL_OLD"])?;
        let old = table.item(&key).cloned();
        let placeholders = Placeholders::new(params);
        let condition = condition("ConditionExpression", params, &placeholders)?;
        placeholders.check_use()?;
        must_hold(condition.as_ref(), old.as_ref())?;
        table.put(item);
        Ok(answer(params, table.name(), 1.0, old.filter(|_| returned == "ALL_OLD")))
    }

    pub(super) fn get_item(&self, params: &Value) -> Result<Value, AwsError> {
        let table = self.table(params)?;
        let key = table.checked_key(&key(params)?)?;
        let placeholders = Placeholders::new(params);
        let cut = projection(params, &placeholders)?;
        placeholders.check_use()?;
        let answer = answer(params, table.name(), 0.5, None);
        Ok(match table.item(&key) {
            Some(item) => answer.with("Item", cut.as_deref().map_or_else(|| item.clone(), |cut| projected(item, cut))),
            None => answer,
        })
    }

    pub(super) fn delete_item(&mut self, params: &Value) -> Result<Value, AwsError> {
        let table = self.table_mut(params)?;
        let key = table.checked_key(&key(params)?)?;
        let returned = return_values(params, &["NONE", "ALL_OLD"])?;
        let old = table.item(&key).cloned();
        let placeholders = Placeholders::new(params);
        let condition = condition("ConditionExpression", params, &placeholders)?;
        placeholders.check_use()?;
        must_hold(condition.as_ref(), old.as_ref())?;
        table.remove(&key);
        Ok(answer(params, table.name(), 1.0, old.filter(|_| returned == "ALL_OLD")))
    }

    pub(super) fn update_item(&mut self, params: &Value) -> Result<Value, AwsError> {
        let table = self.table_mut(params)?;
        let key = table.checked_key(&key(params)?)?;
        let known = ["NONE", "ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"];
        let returned = return_values(params, &known)?;
        let old = table.item(&key).cloned();
        let placeholders = Placeholders::new(params);
        let update = match params.get_str("UpdateExpression") {
            Some(text) => Some(Update::read(&mut Words::new("UpdateExpression", text, &placeholders)?)?),
            None => None,
        };
        let condition = condition("ConditionExpression", params, &placeholders)?;
        placeholders.check_use()?;
        let keys: Vec<&str> = table.key_names().collect();
        if let Some(name) = update.iter().flat_map(Update::names).find(|name| keys.contains(name)) {
            return Err(invalid(format!(
                "One or more parameter values were invalid: Cannot update attribute {name}. This attribute is part of the key"
            )));
        }
        must_hold(condition.as_ref(), old.as_ref())?;
        let before = old.clone().unwrap_or_else(|| key.clone());
        let after = update.as_ref().map_or_else(|| Ok(before.clone()), |update| update.apply(&before))?;
        let touched: Vec<&str> = update.iter().flat_map(Update::names).collect();
        let touched_of = |item: &Value| {
            Some(Value::object(members(item).filter(|(name, _)| touched.contains(name)).map(|(k, v)| (k, v.clone()))))
                .filter(|shown| members(shown).next().is_some())
        };
        let shown = match returned {
            "ALL_OLD" => old,
            "ALL_NEW" => Some(after.clone()),
            "UPDATED_OLD" => old.as_ref().and_then(touched_of),
            "UPDATED_NEW" => touched_of(&after),
            _ => None,
        };
        table.put(after);
        Ok(answer(params, table.name(), 1.0, shown))
    }
}

fn key(params: &Value) -> Result<Value, AwsError> {
    checked_item(params.get("Key").ok_or_else(|| missing("Key"))?)
}

fn answer(params: &Value, table: &str, units: f64, attributes: Option<Value>) -> Value {
    let answer = attributes.map_or_else(|| json!({}), |attributes| Value::object([("Attributes", attributes)]));
    with_capacity(answer, params, table, units)
}

/// What the call would have cost, when it asks.
pub(super) fn with_capacity(answer: Value, params: &Value, table: &str, units: f64) -> Value {
    match params.get_str("ReturnConsumedCapacity") {
        Some("TOTAL" | "INDEXES") => {
            answer.with("ConsumedCapacity", json!({"TableName": table, "CapacityUnits": units}))
        }
        _ => answer,
    }
}

fn return_values<'a>(params: &'a Value, known: &[&str]) -> Result<&'a str, AwsError> {
    let given = params.get_str("ReturnValues").unwrap_or("NONE");
    if known.contains(&given) {
        return Ok(given);
    }
    if ["UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"].contains(&given) {
        return Err(invalid("Return values set to invalid value"));
    }
    Err(invalid(format!(
        "1 validation error detected: Value '{given}' at 'returnValues' failed to satisfy constraint: Member must satisfy \
         enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]"
    )))
}

pub(super) fn condition(
    kind: &'static str,
    params: &Value,
    placeholders: &Placeholders<'_>,
) -> Result<Option<Condition>, AwsError> {
    match params.get_str(kind) {
        Some(text) => Condition::read(&mut Words::new(kind, text, placeholders)?).map(Some),
        None => Ok(None),
    }
}

pub(super) fn projection(params: &Value, placeholders: &Placeholders<'_>) -> Result<Option<Vec<Path>>, AwsError> {
    match params.get_str("ProjectionExpression") {
        Some(text) => paths(&mut Words::new("ProjectionExpression", text, placeholders)?).map(Some),
        None => Ok(None),
    }
}

/// Only what the paths lead to; parts of one attribute stay together in it.
pub(super) fn projected(item: &Value, cut: &[Path]) -> Value {
    cut.iter().fold(json!({}), |shown, path| match path.find(item) {
        Some(value) => path.place_shown(&shown, value.clone()),
        None => shown,
    })
}

fn must_hold(condition: Option<&Condition>, item: Option<&Value>) -> Result<(), AwsError> {
    let nothing = json!({});
    if condition.is_none_or(|condition| condition.holds(item.unwrap_or(&nothing))) {
        return Ok(());
    }
    Err(AwsError::new("ConditionalCheckFailedException", "The conditional request failed"))
}
