//! Names that announce a secret, and values that could be one.

/// Whether something of this name is not for everybody: `DB_PASSWORD`, `apiKey`, `SecretString`.
pub(super) fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 13] = [
        "password",
        "passwd",
        "passphrase",
        "secretstring",
        "secretkey",
        "clientsecret",
        "secretaccesskey",
        "apikey",
        "accesskey",
        "privatekey",
        "accesstoken",
        "authtoken",
        "connectionstring",
    ];
    const WHOLE: [&str; 3] = ["secret", "pwd", "apitoken"];
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    PARTS.iter().any(|part| plain.contains(part)) || WHOLE.iter().any(|end| plain.ends_with(end))
}

/// Whether a value is written out, and not a placeholder, a path, an expression or a name of where it is kept.
pub(super) fn is_secret_value(value: &str) -> bool {
    const SHORTEST: usize = 6;
    const ELSEWHERE: [&str; 11] =
        ["arn:", "$", "{%", "{{", "<", "process.env", "States.", "http://", "https://", "alias/", "/"];
    const PLACEHOLDERS: [&str; 8] =
        ["example", "changeme", "change-me", "placeholder", "your-", "your_", "redacted", "dummy"];
    let value = value.trim();
    let lower = value.to_ascii_lowercase();
    let mut distinct: Vec<char> = value.chars().collect();
    distinct.sort_unstable();
    distinct.dedup();
    value.chars().count() >= SHORTEST
        && distinct.len() > 3
        && !ELSEWHERE.iter().any(|start| value.starts_with(start))
        && !PLACEHOLDERS.iter().any(|word| lower.contains(word))
}

/// Enough to find it, not enough to use it.
pub(super) fn masked(secret: &str) -> String {
    let start: String = secret.chars().take(4).collect();
    format!("{start}…")
}
