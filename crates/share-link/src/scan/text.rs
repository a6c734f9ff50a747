//! What is found in a text by its own form: account ids in ARNs and queue URLs, keys, tokens, and assignments to names
//! that announce a secret.

use super::What;
use super::secrets::{is_secret_name, is_secret_value, masked};

/// The ids that AWS's documentation uses, the first of them this page too.
const SAMPLES: [&str; 4] = ["123456789012", "111122223333", "444455556666", "777788889999"];

pub(super) fn is_foreign_account(id: &str) -> bool {
    let one_digit = id.bytes().all(|byte| Some(byte) == id.bytes().next());
    !SAMPLES.contains(&id) && !one_digit
}

pub(super) fn findings(text: &str) -> Vec<(What, String)> {
    let mut found = Vec::new();
    accounts(text, &mut found);
    access_keys(text, &mut found);
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        found.push((What::PrivateKey, "-----BEGIN … PRIVATE KEY-----".to_owned()));
    }
    tokens(text, &mut found);
    assignments(text, &mut found);
    found
}

/// Twelve digits and no more, where AWS writes an account's id: between colons or slashes.
fn accounts(text: &str, found: &mut Vec<(What, String)>) {
    const DIGITS: usize = 12;
    for (at, run) in runs(text, |byte| byte.is_ascii_digit()) {
        let before = text[..at].bytes().next_back();
        let after = text[at + run.len()..].bytes().next();
        let in_place = matches!(before, Some(b':' | b'/')) && matches!(after, Some(b':' | b'/'));
        // The id of a second account that a call is made in stands first: `210987654321/sqs:SendMessage`.
        let first = before.is_none() && after == Some(b'/');
        if run.len() == DIGITS && (in_place || first) && is_foreign_account(run) {
            found.push((What::AccountId, run.to_owned()));
        }
    }
}

fn access_keys(text: &str, found: &mut Vec<(What, String)>) {
    const LENGTH: usize = 20;
    for (_, run) in runs(text, |byte| byte.is_ascii_alphanumeric()) {
        let is_key = run.len() == LENGTH
            && (run.starts_with("AKIA") || run.starts_with("ASIA"))
            && run.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if is_key && !run.ends_with("EXAMPLE") {
            found.push((What::AccessKey, format!("{}…", &run[..8])));
        }
    }
}

/// Tokens that carry the mark of who gave them, and whatever follows `Bearer`.
fn tokens(text: &str, found: &mut Vec<(What, String)>) {
    const MARKS: [(&str, usize); 11] = [
        ("ghp_", 36),
        ("gho_", 36),
        ("ghs_", 36),
        ("github_pat_", 30),
        ("glpat-", 26),
        ("xoxb-", 20),
        ("xoxp-", 20),
        ("sk_live_", 20),
        ("rk_live_", 20),
        ("sk-ant-", 30),
        ("AIza", 39),
    ];
    const BEARER: &str = "bearer ";
    const SHORTEST: usize = 20;
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~+/=".contains(&byte);
    for (at, run) in runs(text, is_part) {
        let marked = MARKS.iter().any(|(mark, length)| run.starts_with(mark) && run.len() >= *length);
        let web_token = run.starts_with("eyJ") && run.matches('.').count() == 2 && run.len() > 40;
        let before = text.get(at.saturating_sub(BEARER.len())..at).unwrap_or_default();
        let bearer = before.eq_ignore_ascii_case(BEARER) && run.len() >= SHORTEST && is_secret_value(run);
        if marked || web_token || bearer {
            found.push((What::Token, masked(run)));
        }
    }
}

/// `password = "…"`, `"apiKey": "…"`, `API_KEY=…`: a telling name with a value beside it.
fn assignments(text: &str, found: &mut Vec<(What, String)>) {
    for (at, name) in runs(text, |byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
        if !is_secret_name(name) {
            continue;
        }
        let rest = text[at + name.len()..].trim_start_matches(['"', '\'', '`', '\\']).trim_start();
        let Some(rest) = rest.strip_prefix([':', '=']).map(str::trim_start) else { continue };
        let opened = rest.trim_start_matches('\\');
        let Some(quote) = opened.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else { continue };
        let value = opened[1..].split([quote, '\n']).next().unwrap_or_default().trim_end_matches('\\');
        if is_secret_value(value) {
            found.push((What::Secret, format!("{name} = {}", masked(value))));
        }
    }
}

/// The longest pieces of a text whose bytes are all of a kind, with their places. The kind must be of ASCII.
fn runs(text: &str, is_of: impl Fn(u8) -> bool) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes.get(at..)?.iter().position(|byte| is_of(*byte))?;
        let length = bytes[start..].iter().take_while(|byte| is_of(**byte)).count();
        at = start + length;
        Some((start, &text[start..at]))
    })
}
