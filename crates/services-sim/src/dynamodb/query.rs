//! Query and Scan: many items of one table, in pages.

use aws_protocol::AwsError;
use shared_json::{Value, json};

use super::attribute::{checked_item, equal};
use super::expression::{Condition, Path, Placeholders};
use super::items::{condition, projected, projection, with_capacity};
use super::table::Table;
use super::{DynamoDb, invalid};
use crate::params::number;

impl DynamoDb {
    pub(super) fn query(&self, params: &Value) -> Result<Value, AwsError> {
        let table = self.table(params)?;
        let placeholders = Placeholders::new(params);
        let keys = condition("KeyConditionExpression", params, &placeholders)?.ok_or_else(|| {
            invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
        })?;
        let partition = table.key_names().next().unwrap_or_default();
        if keys.demanded(partition).is_none() {
            return Err(invalid(format!("Query condition missed key schema element: {partition}")));
        }
        let mut found: Vec<&Value> = table.items().iter().filter(|item| keys.holds(item)).collect();
        if params.get("ScanIndexForward").and_then(Value::as_bool) == Some(false) {
            found.reverse();
        }
        page(table, params, &placeholders, &found)
    }

    pub(super) fn scan(&self, params: &Value) -> Result<Value, AwsError> {
        let table = self.table(params)?;
        let found: Vec<&Value> = table.items().iter().collect();
        page(table, params, &Placeholders::new(params), &found)
    }
}

fn page(table: &Table, params: &Value, placeholders: &Placeholders<'_>, found: &[&Value]) -> Result<Value, AwsError> {
    let filter = condition("FilterExpression", params, placeholders)?;
    let cut = projection(params, placeholders)?;
    placeholders.check_use()?;
    let start = match params.get("ExclusiveStartKey").filter(|key| !key.is_null()) {
        Some(key) => {
            let key = table.checked_key(&checked_item(key)?)?;
            let is = |item: &&Value| table.key_names().all(|name| equal(&item[name], &key[name]));
            found.iter().position(is).map_or(0, |place| place + 1)
        }
        None => 0,
    };
    let rest = found.get(start..).unwrap_or_default();
    let most = number(params, "Limit").unwrap_or(rest.len()).min(rest.len());
    let looked_at = rest.get(..most).unwrap_or_default();
    let kept = looked_at.iter().filter(|item| filter.as_ref().is_none_or(|filter: &Condition| filter.holds(item)));
    let shown = |item: &&Value| cut.as_deref().map_or_else(|| (*item).clone(), |cut: &[Path]| projected(item, cut));
    let items: Vec<Value> = kept.map(shown).collect();
    let mut answer = json!({"Count": items.len(), "ScannedCount": looked_at.len()});
    if params.get_str("Select") != Some("COUNT") {
        answer = answer.with("Items", Value::array(items));
    }
    if let Some(last) = looked_at.last().filter(|_| most < rest.len()) {
        answer = answer.with("LastEvaluatedKey", table.key_of(last)?);
    }
    Ok(with_capacity(answer, params, table.name(), 0.5))
}
