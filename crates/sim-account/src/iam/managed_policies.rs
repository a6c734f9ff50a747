//! ListPolicies, GetPolicy, GetPolicyVersion: the policies that AWS keeps.

use aws_protocol::AwsError;
use iam_eval::managed::{self, ManagedPolicy};
use shared_json::{Value, json};

use super::Iam;
use super::checks::{no_such_entity, text};
use super::role_policies::policy_arn;

/// Managed policies are kept in one version here.
const VERSION: &str = "v1";

impl Iam {
    pub(super) fn list_policies(&mut self, params: &Value) -> Result<Value, AwsError> {
        let local = params.get_str("Scope") == Some("Local");
        let attached_only = params.get("OnlyAttached").and_then(Value::as_bool).unwrap_or(false);
        let prefix = params.get_str("PathPrefix").unwrap_or("/");
        let listed = managed::all().iter().filter(|policy| {
            !local && path(policy).starts_with(prefix) && (!attached_only || self.attachments(policy) > 0)
        });
        Ok(json!({"Policies": Value::array(listed.map(|policy| self.policy_value(policy)).collect())}))
    }

    pub(super) fn get_policy(&mut self, params: &Value) -> Result<Value, AwsError> {
        let policy = named(params)?;
        Ok(json!({"Policy": self.policy_value(policy).with("Description", json!(policy.description))}))
    }

    pub(super) fn get_policy_version(&mut self, params: &Value) -> Result<Value, AwsError> {
        let policy = named(params)?;
        let version = text(params, "VersionId")?;
        if version != VERSION {
            return Err(no_such_entity(format!(
                "Policy {} version {version} does not exist or is not attachable.",
                policy.arn
            )));
        }
        let document = Value::parse(policy.document).unwrap_or_default();
        let version = json!({"VersionId": VERSION, "IsDefaultVersion": true});
        Ok(json!({"PolicyVersion": version.with("Document", document)}))
    }

    fn attachments(&self, policy: &ManagedPolicy) -> usize {
        self.roles().filter(|role| role.attached_policies().any(|attached| attached.arn == policy.arn)).count()
    }

    fn policy_value(&self, policy: &ManagedPolicy) -> Value {
        json!({
            "PolicyName": policy.name,
            "Arn": policy.arn,
            "Path": path(policy),
            "DefaultVersionId": VERSION,
            "AttachmentCount": self.attachments(policy),
            "PermissionsBoundaryUsageCount": 0,
            "IsAttachable": true,
        })
    }
}

/// The part of the ARN between `policy` and the name.
fn path(policy: &ManagedPolicy) -> &'static str {
    policy.arn.split_once(":policy").and_then(|(_, rest)| rest.strip_suffix(policy.name)).unwrap_or("/")
}

fn named(params: &Value) -> Result<&'static ManagedPolicy, AwsError> {
    let arn = policy_arn(params)?;
    managed::by_arn(arn).ok_or_else(|| no_such_entity(format!("Policy {arn} was not found.")))
}
