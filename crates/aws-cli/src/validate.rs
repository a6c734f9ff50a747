//! What the AWS CLI finds wrong with parameters before it sends them: all of it, in one report.

use shared_json::Value;

use crate::python;
use crate::table::{Action, Kind, Service};

/// The report, or nothing when the service may see the parameters.
pub(crate) fn report(service: &Service, action: &Action, params: &Value) -> Option<String> {
    let mut check = Check { service, found: Vec::new() };
    match action.input {
        Some(structure) => check.structure(structure, params, ""),
        None => check.unknown(params, "", &[]),
    }
    (!check.found.is_empty()).then(|| check.found.join("\n"))
}

struct Check<'a> {
    service: &'a Service,
    found: Vec<String>,
}

impl Check<'_> {
    fn structure(&mut self, structure: usize, value: &Value, name: &str) {
        let Some(object) = value.as_object() else { return self.wrong_type(name, value, "<class 'dict'>") };
        let members: Vec<_> = self.service.members(structure).collect();
        for member in members.iter().filter(|member| member.required && !object.contains_key(member.name)) {
            self.found.push(format!("Missing required parameter in {}: \"{}\"", shown(name), member.name));
        }
        let names: Vec<&str> = members.iter().map(|member| member.name).collect();
        self.unknown(value, name, &names);
        for (key, value) in object {
            if let Some(member) = members.iter().find(|member| member.name == &**key) {
                self.value(member.kind, value, &format!("{name}.{key}"));
            }
        }
    }

    fn unknown(&mut self, value: &Value, name: &str, known: &[&str]) {
        for key in value.as_object().into_iter().flat_map(|object| object.keys()) {
            if !known.contains(&&**key) {
                let names = known.join(", ");
                self.found.push(format!("Unknown parameter in {}: \"{key}\", must be one of: {names}", shown(name)));
            }
        }
    }

    fn value(&mut self, kind: Kind, value: &Value, name: &str) {
        match kind {
            Kind::Structure(structure) => self.structure(structure, value, name),
            Kind::Text { least } => match value.as_str() {
                Some(text) => self.length(least, text.chars().count(), name),
                None => self.wrong_type(name, value, "<class 'str'>"),
            },
            Kind::OneOf(_) if value.as_str().is_none() => self.wrong_type(name, value, "<class 'str'>"),
            Kind::Whole { least } => match value.as_i64() {
                Some(number) => {
                    if let Some(least) = least.filter(|least| number < *least) {
                        let name = shown(name);
                        self.found.push(format!(
                            "Invalid value for parameter {name}, value: {number}, valid min value: {least}"
                        ));
                    }
                }
                None => self.wrong_type(name, value, "<class 'int'>"),
            },
            Kind::Number if value.as_f64().is_none() => {
                self.wrong_type(name, value, "<class 'float'>, <class 'decimal.Decimal'>, <class 'int'>");
            }
            Kind::Boolean if value.as_bool().is_none() => self.wrong_type(name, value, "<class 'bool'>"),
            Kind::Bytes { .. } if value.as_str().is_none() => {
                self.wrong_type(name, value, "<class 'bytes'>, <class 'bytearray'>, file-like object");
            }
            Kind::List { least, of } => match value.as_array() {
                Some(items) => {
                    self.length(least, items.len(), name);
                    for (place, item) in items.iter().enumerate() {
                        self.value(Kind::read(of), item, &format!("{name}[{place}]"));
                    }
                }
                None => self.wrong_type(name, value, "<class 'list'>, <class 'tuple'>"),
            },
            Kind::Map(of) => match value.as_object() {
                Some(members) => {
                    for (key, value) in members {
                        self.value(Kind::read(of), value, &format!("{name}.{key}"));
                    }
                }
                None => self.wrong_type(name, value, "<class 'dict'>"),
            },
            _ => {}
        }
    }

    fn length(&mut self, least: Option<u64>, length: usize, name: &str) {
        if let Some(least) = least.filter(|least| u64::try_from(length).is_ok_and(|length| length < *least)) {
            let name = shown(name);
            self.found.push(format!("Invalid length for parameter {name}, value: {length}, valid min length: {least}"));
        }
    }

    fn wrong_type(&mut self, name: &str, value: &Value, valid: &str) {
        self.found.push(format!(
            "Invalid type for parameter {}, value: {}, type: {}, valid types: {valid}",
            shown(name),
            python::str(value),
            python::type_name(value)
        ));
    }
}

fn shown(name: &str) -> &str {
    match name.strip_prefix('.') {
        Some(name) => name,
        None if name.is_empty() => "input",
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[track_caller]
    fn said(action: &str, params: &Value, report_text: Option<&str>) {
        let service = Service::find("sqs").unwrap();
        let action = service.action(action).unwrap();
        assert_eq!(report(&service, action, params).as_deref(), report_text, "{params}");
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        said("get-queue-url", &json!({"QueueName": "Orders"}), None);
        said(
            "get-queue-url",
            &json!({"Queue": 1}),
            Some(
                "Missing required parameter in input: \"QueueName\"\nUnknown parameter in input: \"Queue\", must be one \
                 of: QueueName, QueueOwnerAWSAccountId",
            ),
        );
        said(
            "send-message-batch",
            &json!({"QueueUrl": 5, "Entries": [{"Id": "1"}, "x"]}),
            Some(
                "Invalid type for parameter QueueUrl, value: 5, type: <class 'int'>, valid types: <class 'str'>\n\
                 Missing required parameter in Entries[0]: \"MessageBody\"\n\
                 Invalid type for parameter Entries[1], value: x, type: <class 'str'>, valid types: <class 'dict'>",
            ),
        );
        said(
            "create-queue",
            &json!({"QueueName": "q", "Attributes": {"DelaySeconds": 5}}),
            Some(
                "Invalid type for parameter Attributes.DelaySeconds, value: 5, type: <class 'int'>, valid types: <class \
                 'str'>",
            ),
        );
    }

    #[test]
    fn lower_limits_are_held() {
        let lambda = Service::find("lambda").unwrap();
        let invoke = lambda.action("invoke").unwrap();
        let said = report(&lambda, invoke, &json!({"FunctionName": ""})).unwrap();
        assert_eq!(said, "Invalid length for parameter FunctionName, value: 0, valid min length: 1");
        let list = lambda.action("list-functions").unwrap();
        let said = report(&lambda, list, &json!({"MaxItems": 0})).unwrap();
        assert_eq!(said, "Invalid value for parameter MaxItems, value: 0, valid min value: 1");
    }
}
