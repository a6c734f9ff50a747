//! DynamoDB: tables of items, with the expressions that items are changed and found by. No indexes, streams or
//! transactions.

mod attribute;
mod expression;
mod items;
mod query;
mod table;

use std::collections::BTreeMap;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::params::{missing, not_simulated};
use crate::services::Context;
use table::Table;

/// All tables by name.
#[derive(Debug, Default)]
pub(crate) struct DynamoDb {
    tables: BTreeMap<String, Table>,
}

impl DynamoDb {
    pub(crate) fn call(&mut self, context: &Context<'_>, operation: &str, params: &Value) -> Result<Value, AwsError> {
        match operation {
            "CreateTable" => self.create_table(context, params),
            "DeleteTable" => {
                let described = self.table(params)?.described();
                self.tables.remove(&name(params)?);
                Ok(Value::object([("TableDescription", described.with("TableStatus", "DELETING".into()))]))
            }
            "DescribeTable" => Ok(Value::object([("Table", self.table(params)?.described())])),
            "ListTables" => Ok(json!({"TableNames": self.tables.keys().collect::<Vec<_>>()})),
            "PutItem" => self.put_item(params),
            "GetItem" => self.get_item(params),
            "UpdateItem" => self.update_item(params),
            "DeleteItem" => self.delete_item(params),
            "Query" => self.query(params),
            "Scan" => self.scan(params),
            _ => Err(not_simulated(&format!("dynamodb:{operation}"))),
        }
    }

    fn create_table(&mut self, context: &Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let name = params.get_str("TableName").ok_or_else(|| missing("TableName"))?;
        if self.tables.contains_key(name) {
            return Err(AwsError::new("ResourceInUseException", format!("Table already exists: {name}")));
        }
        let table = Table::new(name, &context.arn("dynamodb", &format!("table/{name}")), context.now, params)?;
        let described = table.described();
        self.tables.insert(name.to_owned(), table);
        Ok(Value::object([("TableDescription", described)]))
    }

    fn table(&self, params: &Value) -> Result<&Table, AwsError> {
        self.tables.get(&name(params)?).ok_or_else(no_table)
    }

    fn table_mut(&mut self, params: &Value) -> Result<&mut Table, AwsError> {
        self.tables.get_mut(&name(params)?).ok_or_else(no_table)
    }
}

/// The table's name; its ARN will do too.
fn name(params: &Value) -> Result<String, AwsError> {
    let given = params.get_str("TableName").ok_or_else(|| missing("TableName"))?;
    Ok(given.split_once(":table/").map_or(given, |(_, name)| name).to_owned())
}

fn no_table() -> AwsError {
    AwsError::new("ResourceNotFoundException", "Requested resource not found")
}

fn invalid(message: impl Into<String>) -> AwsError {
    AwsError::new("ValidationException", message)
}

#[cfg(test)]
mod tests {
    use shared_json::{Value, json};
    use virtual_time::Timestamp;

    use crate::Services;
    use crate::services::tests::services;

    fn with_table() -> Services {
        let mut services = services();
        let params = json!({
            "TableName": "orders",
            "KeySchema": [{"AttributeName": "shop", "KeyType": "HASH"}, {"AttributeName": "no", "KeyType": "RANGE"}],
            "AttributeDefinitions": [
                {"AttributeName": "shop", "AttributeType": "S"}, {"AttributeName": "no", "AttributeType": "N"},
            ],
        });
        services.call(Timestamp::from_millis(0), "dynamodb:CreateTable", &params).unwrap();
        services
    }

    fn call(services: &mut Services, action: &str, params: Value) -> Result<Value, aws_protocol::AwsError> {
        let params = params.with("TableName", "orders".into());
        services.call(Timestamp::from_millis(0), &format!("dynamodb:{action}"), &params)
    }

    fn key(no: &str) -> Value {
        json!({"shop": {"S": "north"}, "no": {"N": no}})
    }

    #[test]
    fn a_long_chain_is_read_and_too_long_a_text_is_refused() {
        let mut services = with_table();
        let filter = |words: usize, link: &str| {
            let chain = vec!["a=:v"; words].join(link);
            json!({"FilterExpression": chain, "ExpressionAttributeValues": {":v": {"S": "x"}}})
        };
        for link in [" OR ", " AND "] {
            call(&mut services, "Scan", filter(400, link)).unwrap();
            let refused = call(&mut services, "Scan", filter(600, link)).unwrap_err();
            let text = "Invalid FilterExpression: Expression size has exceeded the maximum allowed size;";
            assert_eq!((refused.code.as_str(), refused.message.as_str()), ("ValidationException", text));
        }
    }

    #[test]
    fn an_item_is_put_read_changed_and_deleted() {
        let mut services = with_table();
        let item = key("1").with("paid", json!({"BOOL": false})).with("lines", json!({"L": [{"S": "tea"}]}));
        assert_eq!(call(&mut services, "PutItem", Value::object([("Item", item)])).unwrap(), json!({}));
        let changes = json!({
            "UpdateExpression": "SET paid = :yes, #n = if_not_exists(#n, :zero) + :two, lines = list_append(lines, :more) REMOVE gone ADD tags :tags",
            "ExpressionAttributeNames": {"#n": "count"}, "ReturnValues": "UPDATED_NEW",
            "ExpressionAttributeValues": {
                ":yes": {"BOOL": true}, ":zero": {"N": "0"}, ":two": {"N": "2"}, ":more": {"L": [{"S": "milk"}]}, ":tags": {"SS": ["new"]},
            },
        });
        let answer = call(&mut services, "UpdateItem", changes.with("Key", key("1"))).unwrap();
        let changed = json!({
            "paid": {"BOOL": true}, "count": {"N": "2"}, "lines": {"L": [{"S": "tea"}, {"S": "milk"}]}, "tags": {"SS": ["new"]},
        });
        assert_eq!(answer["Attributes"], changed);
        let cut = json!({"ProjectionExpression": "lines[1], tags"}).with("Key", key("1"));
        let got = call(&mut services, "GetItem", cut).unwrap();
        assert_eq!(got["Item"], json!({"lines": {"L": [{"S": "milk"}]}, "tags": {"SS": ["new"]}}));
        let gone = call(&mut services, "DeleteItem", json!({"ReturnValues": "ALL_OLD"}).with("Key", key("1"))).unwrap();
        assert_eq!(gone["Attributes"]["count"], json!({"N": "2"}));
        assert_eq!(call(&mut services, "GetItem", Value::object([("Key", key("1"))])).unwrap(), json!({}));
    }

    #[test]
    fn a_condition_keeps_an_item_from_being_changed() {
        let mut services = with_table();
        let put = |extra: Value| {
            let item = key("1").with("n", json!({"N": "5"}));
            extra.with("Item", item)
        };
        call(&mut services, "PutItem", put(json!({}))).unwrap();
        let cases = [
            ("attribute_not_exists(shop)", false),
            ("attribute_exists(shop) AND n > :v", true),
            ("n BETWEEN :v AND :w", true),
            ("NOT (n IN (:v, :w) OR begins_with(shop, :s))", false),
            ("contains(shop, :s) and size(shop) = :w", true),
            ("n <> :w", false),
        ];
        for (condition, holds) in cases {
            let all = [(":v", json!({"N": "4"})), (":w", json!({"N": "5"})), (":s", json!({"S": "nor"}))];
            let used = all.into_iter().filter(|(name, _)| condition.contains(name));
            let mut params = put(json!({"ConditionExpression": condition}));
            let values = Value::object(used);
            if values.as_object().is_some_and(|values| !values.is_empty()) {
                params = params.with("ExpressionAttributeValues", values);
            }
            let result = call(&mut services, "PutItem", params).map_err(|error| error.code);
            assert_eq!(result.is_ok(), holds, "{condition}: {result:?}");
        }
    }

    #[test]
    fn a_query_gives_the_items_of_one_partition_in_the_order_of_the_sort_key() {
        let mut services = with_table();
        for no in ["10", "9", "1"] {
            call(&mut services, "PutItem", Value::object([("Item", key(no))])).unwrap();
        }
        let mut query = |extra: Value| {
            let values = json!({":s": {"S": "north"}, ":n": {"N": "1"}});
            let params = extra
                .with("KeyConditionExpression", "shop = :s AND no > :n".into())
                .with("ExpressionAttributeValues", values);
            call(&mut services, "Query", params).unwrap()
        };
        let all = query(json!({}));
        assert_eq!(all["Items"], Value::array(vec![key("9"), key("10")]));
        assert_eq!((all["Count"].as_i64(), all["ScannedCount"].as_i64()), (Some(2), Some(2)));
        assert_eq!(query(json!({"ScanIndexForward": false, "Limit": 1}))["LastEvaluatedKey"], key("10"));
        assert_eq!(query(Value::object([("ExclusiveStartKey", key("9"))]))["Items"], Value::array(vec![key("10")]));
    }

    #[test]
    fn what_is_wrong_is_told_in_the_services_words() {
        let mut services = with_table();
        let cases = [
            ("PutItem", json!({"Item": {"shop": {"S": "a"}}}), "One or more parameter values were invalid: Missing the key no in the item"),
            (
                "PutItem",
                json!({"Item": {"shop": {"N": "1"}, "no": {"N": "1"}}}),
                "One or more parameter values were invalid: Type mismatch for key shop expected: S actual: N",
            ),
            ("GetItem", json!({"Key": {"shop": {"S": "a"}}}), "The provided key element does not match the schema"),
            (
                "UpdateItem",
                json!({"UpdateExpression": "SET a = :a"}).with("Key", key("1")),
                "Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :a",
            ),
            (
                "UpdateItem",
                json!({"UpdateExpression": "SET a b", "ExpressionAttributeValues": {}}).with("Key", key("1")),
                "Invalid UpdateExpression: Syntax error; token: \"b\", near: \"a b\"",
            ),
            (
                "PutItem",
                json!({"ConditionExpression": "a = :a", "ExpressionAttributeValues": {":a": {"S": "x"}, ":b": {"S": "y"}}}).with("Item", key("1")),
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b}",
            ),
        ];
        for (action, params, message) in cases {
            assert_eq!(call(&mut services, action, params).unwrap_err().message, message);
        }
        let deep = format!("{}a = a{}", "(".repeat(5_000), ")".repeat(5_000));
        assert!(call(&mut services, "PutItem", json!({"ConditionExpression": deep}).with("Item", key("1"))).is_err());
    }
}
