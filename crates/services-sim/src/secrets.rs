//! Secrets Manager: secrets by name, each with one current value.

use std::collections::BTreeMap;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use crate::params::{not_simulated, required};
use crate::services::Context;

#[derive(Debug, Default)]
pub(crate) struct Secrets {
    secrets: BTreeMap<String, Secret>,
}

#[derive(Debug)]
struct Secret {
    arn: String,
    description: Option<String>,
    value: Option<String>,
    version_id: String,
    created_at: Timestamp,
    changed_at: Timestamp,
}

impl Secrets {
    pub(crate) fn call(
        &mut self,
        context: &mut Context<'_>,
        operation: &str,
        params: &Value,
    ) -> Result<Value, AwsError> {
        match operation {
            "CreateSecret" => self.create(context, params),
            "ListSecrets" => Ok(self.list()),
            "DescribeSecret" => {
                let (name, secret) = self.find(params)?;
                Ok(shown(name, secret))
            }
            "GetSecretValue" => self.value(params),
            "PutSecretValue" | "UpdateSecret" => self.put(context, params),
            "DeleteSecret" => self.delete(context, params),
            _ => Err(not_simulated(&format!("secretsmanager:{operation}"))),
        }
    }

    fn create(&mut self, context: &mut Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let name = required(params, "Name")?;
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || "-/_+=.@!".contains(c)) {
            let rule = "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: \
                        -/_+=.@!";
            return Err(AwsError::new("ValidationException", rule));
        }
        if self.secrets.contains_key(name) {
            let message = format!("The operation failed because the secret {name} already exists.");
            return Err(AwsError::new("ResourceExistsException", message));
        }
        let suffix: String = context.ids.uuid().chars().take(6).collect();
        let secret = Secret {
            arn: context.arn("secretsmanager", &format!("secret:{name}-{suffix}")),
            description: params.get_str("Description").map(str::to_owned),
            value: params.get_str("SecretString").map(str::to_owned),
            version_id: params.get_str("ClientRequestToken").map_or_else(|| context.ids.uuid(), str::to_owned),
            created_at: context.now,
            changed_at: context.now,
        };
        let answer = json!({"ARN": secret.arn, "Name": name, "VersionId": secret.version_id});
        self.secrets.insert(name.to_owned(), secret);
        Ok(answer)
    }

    fn list(&self) -> Value {
        let secrets = self.secrets.iter().map(|(name, secret)| shown(name, secret)).collect();
        Value::object([("SecretList", Value::array(secrets))])
    }

    fn value(&self, params: &Value) -> Result<Value, AwsError> {
        let (name, secret) = self.find(params)?;
        let Some(value) = &secret.value else {
            let message = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT";
            return Err(AwsError::new("ResourceNotFoundException", message));
        };
        Ok(json!({
            "ARN": secret.arn, "CreatedDate": secret.changed_at.epoch_seconds(), "Name": name, "SecretString": value,
            "VersionId": secret.version_id, "VersionStages": ["AWSCURRENT"],
        }))
    }

    fn put(&mut self, context: &mut Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let name = self.find(params)?.0.to_owned();
        let version = context.ids.uuid();
        let Some(secret) = self.secrets.get_mut(&name) else { return Err(not_found()) };
        secret.value = params.get_str("SecretString").map(str::to_owned);
        secret.version_id = version;
        secret.changed_at = context.now;
        Ok(json!({"ARN": secret.arn, "Name": name, "VersionId": secret.version_id, "VersionStages": ["AWSCURRENT"]}))
    }

    fn delete(&mut self, context: &Context<'_>, params: &Value) -> Result<Value, AwsError> {
        let name = self.find(params)?.0.to_owned();
        let arn = self.secrets.remove(&name).map(|secret| secret.arn);
        Ok(json!({"ARN": arn, "DeletionDate": context.now.epoch_seconds(), "Name": name}))
    }

    fn find(&self, params: &Value) -> Result<(&str, &Secret), AwsError> {
        let id = required(params, "SecretId")?;
        self.secrets
            .iter()
            .find(|(name, secret)| *name == id || secret.arn == id)
            .map(|(name, secret)| (name.as_str(), secret))
            .ok_or_else(not_found)
    }
}

fn not_found() -> AwsError {
    AwsError::new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

fn shown(name: &str, secret: &Secret) -> Value {
    let mut shown = json!({
        "ARN": secret.arn, "CreatedDate": secret.created_at.epoch_seconds(),
        "LastChangedDate": secret.changed_at.epoch_seconds(), "Name": name,
    });
    if let Some(description) = &secret.description {
        shown = shown.with("Description", description.as_str().into());
    }
    let stages = Value::object([(&*secret.version_id, json!(["AWSCURRENT"]))]);
    shown.with("SecretVersionsToStages", stages)
}

#[cfg(test)]
mod tests {
    use shared_json::json;
    use virtual_time::Timestamp;

    use crate::services::tests::services;

    #[test]
    fn secrets_are_kept_by_name_and_refused_in_the_services_words() {
        let mut services = services();
        let mut call = |action: &str, params| services.call(Timestamp::from_millis(0), action, &params);
        assert_eq!(call("secretsmanager:ListSecrets", json!({})).unwrap(), json!({"SecretList": []}));
        let bad = call("secretsmanager:CreateSecret", json!({"Name": "a b", "SecretString": "x"})).unwrap_err();
        assert!(bad.message.starts_with("Invalid name. Must be a valid name"), "{bad}");
        let missing = call("secretsmanager:GetSecretValue", json!({"SecretId": "db"})).unwrap_err();
        assert_eq!(missing.message, "Secrets Manager can't find the specified secret.");
        let made = call("secretsmanager:CreateSecret", json!({"Name": "db", "SecretString": "x"})).unwrap();
        let by_arn = json!({"SecretId": made["ARN"].as_str()});
        assert_eq!(call("secretsmanager:GetSecretValue", by_arn).unwrap().get_str("SecretString"), Some("x"));
        assert_eq!(
            call("secretsmanager:CreateSecret", json!({"Name": "db"})).unwrap_err().code,
            "ResourceExistsException"
        );
    }
}
