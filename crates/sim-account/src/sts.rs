//! The one action of STS that asks nothing of a role: who is calling.
//!
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html>

use shared_json::{Value, json};

use crate::{Account, permissions};

impl Account {
    /// GetCallerIdentity of the maker of an open call.
    pub(crate) fn caller_identity(&self, call: u64) -> Value {
        let account_id = &self.options.account_id;
        let arn = match self.open_caller(call) {
            Some(caller) if caller.role_arn().is_some() => {
                let role = caller.role_arn().and_then(|arn| arn.rsplit('/').next()).unwrap_or_default();
                format!("arn:aws:sts::{account_id}:assumed-role/{role}/{}", caller.session_name())
            }
            _ => format!("arn:aws:iam::{account_id}:root"),
        };
        json!({"UserId": permissions::sender_id(self, call), "Account": account_id.as_str(), "Arn": arn})
    }
}

#[cfg(test)]
mod tests {
    use crate::{Account, AccountOptions};
    use shared_json::json;

    #[test]
    fn the_person_is_the_accounts_root() {
        let mut account = Account::new(AccountOptions::default());
        let identity = account.call("sts:GetCallerIdentity", json!({})).result.unwrap().unwrap();
        let root = "arn:aws:iam::123456789012:root";
        assert_eq!(identity, json!({"UserId": "123456789012", "Account": "123456789012", "Arn": root}));
    }
}
