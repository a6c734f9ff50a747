//! Versions of customer managed policies: at most five, one of which is the default that counts.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-versioning.html>

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::Iam;
use super::checks::{date, limit_exceeded, no_such_entity, text};
use super::managed_policies::{managed_document, not_found, policy_arn};
use super::managed_policy::{CustomerPolicy, PolicyVersion};

const MOST_VERSIONS: usize = 5;

impl Iam {
    pub(super) fn create_policy_version(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let (document, parsed) = managed_document(params)?;
        let policy = self.own_policy(params)?;
        if policy.versions.len() >= MOST_VERSIONS {
            return Err(limit_exceeded(format!(
                "A managed policy can have up to {MOST_VERSIONS} versions. Before you create a new version, you must delete an existing version."
            )));
        }
        let number = policy.versions.last().map_or(0, |version| version.number) + 1;
        policy.versions.push(PolicyVersion { number, created_at: now, document, parsed });
        policy.updated_at = now;
        if params.get("SetAsDefault").and_then(Value::as_bool).unwrap_or(false) {
            policy.set_default(number);
        }
        let answer = policy.versions.last().map(|version| version.to_value(policy)).unwrap_or_default();
        let arn = Rc::clone(&policy.current.arn);
        self.renew(&arn);
        Ok(json!({"PolicyVersion": answer}))
    }

    pub(super) fn set_default_policy_version(&mut self, params: &Value) -> Result<Value, AwsError> {
        let version = text(params, "VersionId")?;
        let policy = self.own_policy(params)?;
        let arn = Rc::clone(&policy.current.arn);
        let known = number_of(version).is_some_and(|number| policy.set_default(number));
        if !known {
            return Err(no_version(&arn, version));
        }
        self.renew(&arn);
        Ok(json!({}))
    }

    pub(super) fn delete_policy_version(&mut self, params: &Value) -> Result<Value, AwsError> {
        let version = text(params, "VersionId")?;
        let policy = self.own_policy(params)?;
        let number = number_of(version).filter(|number| policy.versions.iter().any(|known| known.number == *number));
        let number = number.ok_or_else(|| no_version(&policy.current.arn, version))?;
        if number == policy.default_version {
            let message = "Cannot delete the default version of a policy.";
            return Err(AwsError::new("DeleteConflict", message).with_status(409));
        }
        policy.versions.retain(|known| known.number != number);
        Ok(json!({}))
    }

    pub(super) fn list_policy_versions(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = policy_arn(params, "PolicyArn")?;
        let rows = match self.policies.get(arn) {
            Some(own) => own.versions.iter().rev().map(|version| version.to_value(own)).collect(),
            None => {
                self.managed_policy(arn).ok_or_else(|| not_found(arn))?;
                vec![json!({"VersionId": "v1", "IsDefaultVersion": true})]
            }
        };
        Ok(json!({"Versions": Value::array(rows)}))
    }

    pub(super) fn get_policy_version(&mut self, params: &Value) -> Result<Value, AwsError> {
        let policy = self.named_policy(params)?;
        let id = text(params, "VersionId")?;
        let missing = || no_version(&policy.arn, id);
        let value = match self.policies.get(&policy.arn) {
            Some(own) => {
                let found = own.versions.iter().find(|version| Some(version.number) == number_of(id));
                let version = found.ok_or_else(missing)?;
                version.to_value(own).with("Document", version.document.clone())
            }
            None if id == "v1" => {
                json!({"VersionId": "v1", "IsDefaultVersion": true}).with("Document", policy.document.clone())
            }
            None => return Err(missing()),
        };
        Ok(json!({"PolicyVersion": value}))
    }

    /// Gives every role that carries the policy its present default version.
    fn renew(&mut self, arn: &str) {
        let Some(current) = self.policies.get(arn).map(|policy| Rc::clone(&policy.current)) else { return };
        for role in self.roles.values_mut() {
            let carried = role.attached.iter_mut().chain(role.boundary.iter_mut());
            for policy in carried.filter(|policy| &*policy.arn == arn) {
                *policy = Rc::clone(&current);
            }
        }
    }
}

impl PolicyVersion {
    fn to_value(&self, of: &CustomerPolicy) -> Value {
        json!({
            "VersionId": format!("v{}", self.number),
            "IsDefaultVersion": self.number == of.default_version,
            "CreateDate": date(self.created_at),
        })
    }
}

fn number_of(version_id: &str) -> Option<u32> {
    version_id.strip_prefix('v')?.parse().ok()
}

fn no_version(arn: &str, version: &str) -> AwsError {
    no_such_entity(format!("Policy {arn} version {version} does not exist or is not attachable."))
}
