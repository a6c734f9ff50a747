//! Receipt handles and digests.

use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};

/// Which reception of which message a receipt handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The message's place in its queue.
    pub(crate) sequence: u64,
    /// The message's receive count then: only the latest handle acts.
    pub(crate) receive_count: u64,
}

const PREFIX: &str = "AQEB";

/// The handle's text: opaque to callers, and nobody's from another queue.
pub(crate) fn receipt_handle(queue_arn: &str, receipt: Receipt) -> Rc<str> {
    let mut bytes = seal(queue_arn, receipt).to_vec();
    bytes.extend_from_slice(&receipt.sequence.to_be_bytes());
    bytes.extend_from_slice(&receipt.receive_count.to_be_bytes());
    format!("{PREFIX}{}", STANDARD.encode(bytes)).into()
}

/// Reads a handle that this queue gave out; `None` for any other text.
pub(crate) fn read_receipt_handle(queue_arn: &str, handle: &str) -> Option<Receipt> {
    let bytes = STANDARD.decode(handle.strip_prefix(PREFIX)?).ok()?;
    let (sealed, rest) = bytes.split_first_chunk::<16>()?;
    let (sequence, count) = rest.split_first_chunk::<8>()?;
    let receipt =
        Receipt { sequence: u64::from_be_bytes(*sequence), receive_count: u64::from_be_bytes(count.try_into().ok()?) };
    (*sealed == seal(queue_arn, receipt)).then_some(receipt)
}

fn seal(queue_arn: &str, receipt: Receipt) -> [u8; 16] {
    let digest = Md5::new().chain_update(queue_arn).chain_update(receipt.sequence.to_be_bytes());
    digest.chain_update(receipt.receive_count.to_be_bytes()).finalize().into()
}

/// Lower-case hexadecimal MD5.
pub(crate) fn md5_hex(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// Lower-case hexadecimal digits. Every message has some, so they are not left to `format!`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.push(DIGITS[usize::from(byte >> 4)]);
        text.push(DIGITS[usize::from(byte & 15)]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_read_only_by_its_queue() {
        let receipt = Receipt { sequence: 7, receive_count: 2 };
        let handle = receipt_handle("arn:a", receipt);
        assert_eq!(read_receipt_handle("arn:a", &handle), Some(receipt));
        assert_eq!(read_receipt_handle("arn:b", &handle), None);
        assert_eq!(read_receipt_handle("arn:a", "AQEBgarbage"), None);
        assert_eq!(read_receipt_handle("arn:a", ""), None);
    }
}
