//! Task tokens: opaque base64-like text, as AWS's are.

use std::rc::Rc;

use states_query::Randomness;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// Like AWS's, tokens begin alike.
const PREFIX: &str = "AQC0KAAAAKgAAAADAAAAAAAAAAE";
const LENGTH: usize = 343;

pub(crate) fn task_token(randomness: &mut Randomness) -> Rc<str> {
    let mut token = String::with_capacity(LENGTH + 1);
    token.push_str(PREFIX);
    while token.len() < LENGTH {
        let mut bits = randomness.next_u64();
        for _ in 0..10 {
            token.push(char::from(ALPHABET[(bits & 63) as usize]));
            bits >>= 6;
        }
    }
    token.truncate(LENGTH);
    token.push('=');
    token.into()
}
