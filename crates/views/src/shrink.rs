//! "Shrink to what was used" for a role's page: what the role has, what it needs, and the calls that put the one in the
//! place of the other, and back.

use shared_json::{Value, json};
use sim_account::Account;
use sim_account::iam::Role;
use sim_account::shrink::{self, Span};

/// The inline policy that holds what was used.
pub const POLICY_NAME: &str = "UsedOnly";

#[derive(Clone, Debug, PartialEq)]
pub struct ShrinkView {
    /// Calls of the role that were looked at.
    pub calls: usize,
    /// All of the role's present policies, by name, as text.
    pub before: Vec<(String, String)>,
    /// The least policy; `None` when the role used nothing.
    pub after: Option<String>,
    /// What it has and never used, a sentence each.
    pub unused: Vec<String>,
}

/// A call of IAM's API: action and parameters.
pub type ApiCall = (&'static str, Value);

/// `None` when there is no such role.
#[must_use]
pub fn view(account: &Account, role_name: &str, span: &Span) -> Option<ShrinkView> {
    let role = account.iam().role(role_name)?;
    let shrunk = shrink::shrink(account, role_name, span)?;
    let inline = role.inline_policies().map(|(name, document)| (name.to_owned(), document.to_pretty()));
    let managed = role.attached_policies().map(|policy| (policy.name.to_string(), policy.document.to_pretty()));
    let unused = shrunk.unused.iter().map(|unused| {
        let statement = unused.sid.clone().unwrap_or_else(|| format!("statement {}", unused.index + 1));
        match unused.entirely {
            true => format!("{}, {statement}: nothing of it was used.", unused.policy),
            false => format!("{}, {statement}: {} was never used.", unused.policy, unused.actions.join(", ")),
        }
    });
    Some(ShrinkView {
        calls: shrunk.calls,
        before: inline.chain(managed).collect(),
        after: shrunk.document.as_ref().map(Value::to_pretty),
        unused: unused.collect(),
    })
}

/// The calls that leave the role with the least policy alone, and those that give it back what it has now. `None` when
/// the role used nothing, or has nothing else already.
#[must_use]
pub fn calls(account: &Account, role_name: &str, span: &Span) -> Option<(Vec<ApiCall>, Vec<ApiCall>)> {
    let role = account.iam().role(role_name)?;
    let document = shrink::shrink(account, role_name, span)?.document?;
    let only = role.attached_policies().next().is_none() && role.inline_policies().count() == 1;
    if only && role.inline_policies().any(|(_, present)| *present == document) {
        return None;
    }
    let mut there = vec![put(role, POLICY_NAME, &document)];
    there.extend(role.attached_policies().map(|policy| attachment("iam:DetachRolePolicy", role, &policy.arn)));
    let others = role.inline_policies().filter(|(name, _)| *name != POLICY_NAME);
    there.extend(others.map(|(name, _)| delete(role, name)));
    let mut back: Vec<ApiCall> = Vec::new();
    if role.inline_policies().all(|(name, _)| name != POLICY_NAME) {
        back.push(delete(role, POLICY_NAME));
    }
    back.extend(role.inline_policies().map(|(name, document)| put(role, name, document)));
    back.extend(role.attached_policies().map(|policy| attachment("iam:AttachRolePolicy", role, &policy.arn)));
    Some((there, back))
}

fn put(role: &Role, name: &str, document: &Value) -> ApiCall {
    let params = json!({"RoleName": role.name(), "PolicyName": name, "PolicyDocument": document.to_string()});
    ("iam:PutRolePolicy", params)
}

fn delete(role: &Role, name: &str) -> ApiCall {
    ("iam:DeleteRolePolicy", json!({"RoleName": role.name(), "PolicyName": name}))
}

fn attachment(action: &'static str, role: &Role, arn: &str) -> ApiCall {
    (action, json!({"RoleName": role.name(), "PolicyArn": arn}))
}
