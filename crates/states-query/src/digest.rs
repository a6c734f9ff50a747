//! The hashes of `States.Hash` and `$hash`.

use md5::{Digest, Md5};

/// The digest in hexadecimal digits; nothing for an algorithm that AWS does not offer.
pub(crate) fn hex(algorithm: &str, text: &str) -> Option<String> {
    let bytes = match algorithm {
        "MD5" => Md5::digest(text).to_vec(),
        "SHA-1" => sha1::Sha1::digest(text).to_vec(),
        "SHA-256" => sha2::Sha256::digest(text).to_vec(),
        "SHA-384" => sha2::Sha384::digest(text).to_vec(),
        "SHA-512" => sha2::Sha512::digest(text).to_vec(),
        _ => return None,
    };
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
