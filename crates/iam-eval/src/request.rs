//! What is asked: who wants to do what to which resource, and what else is known of the call.

use std::borrow::Cow;

/// Who wants to do what to which resource.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, `arn:aws:iam::ACCOUNT:root`, or a service
    /// (`sns.amazonaws.com`).
    pub principal_arn: &'a str,
    /// `sqs:SendMessage`
    pub action: &'a str,
    pub resource: &'a str,
    pub context: &'a Context<'a>,
}

/// Condition keys and their values; a key with several values comes several times.
///
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Context<'a> {
    #[must_use]
    pub fn new() -> Self {
        Context::default()
    }

    /// Adds one value of a key.
    pub fn add(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        self.pairs.push((key.into(), value.into()));
    }

    /// The same with one value more.
    #[must_use]
    pub fn with(mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.add(key, value);
        self
    }

    /// With every key of another that this one does not have.
    #[must_use]
    pub fn and(mut self, other: Context<'a>) -> Self {
        let known: Vec<bool> = other.pairs.iter().map(|(key, _)| self.first(key).is_some()).collect();
        self.pairs.extend(other.pairs.into_iter().zip(known).filter(|(_, known)| !known).map(|(pair, _)| pair));
        self
    }

    /// All values of a key. Names of keys are compared without regard to case.
    pub fn values<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s str> {
        self.pairs.iter().filter(move |(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| &**value)
    }

    /// The first value of a key.
    #[must_use]
    pub fn first(&self, key: &str) -> Option<&str> {
        let mut pairs = self.pairs.iter();
        pairs.find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| &**value)
    }
}

/// The account in an ARN: its fifth part.
#[must_use]
pub fn account_of(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|part| is_account(part))
}

pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
}

/// The account's root user: `arn:aws:iam::ACCOUNT:root`.
pub(crate) fn is_root(principal: &str) -> bool {
    principal.starts_with("arn:") && principal.ends_with(":root")
}

/// A service's name, such as `sns.amazonaws.com`.
pub(crate) fn is_service(principal: &str) -> bool {
    !principal.starts_with("arn:")
}
