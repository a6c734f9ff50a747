//! Damaged and random links: reading one never panics and never takes long.
//!
//! It takes a second. `STEPYARD_FUZZ_SECONDS=600 cargo test -p share-link --release --test fuzz` goes on for so long with
//! other seeds, and `cargo xtask fuzz` does that too. A seed that is named by a failure is given in
//! `STEPYARD_FUZZ_SEED`, which then is the only one.

mod support;

use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use sha2::{Digest, Sha256};
use share_link::{Shared, decode, encode, received, scan};

#[expect(clippy::disallowed_types, reason = "how long to go on is a matter of real time")]
type Clock = std::time::Instant;

/// Runs the target with so many seeds, or as many as there is time for.
#[expect(clippy::disallowed_methods, reason = "asked for by the environment")]
fn fuzz(rounds: u64, target: impl Fn(&mut Chance)) {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u64>().ok();
    let (seed, seconds) = (number("STEPYARD_FUZZ_SEED"), number("STEPYARD_FUZZ_SECONDS"));
    let begin = Clock::now();
    let first = seed.unwrap_or(if seconds.is_some() { rounds } else { 0 });
    for at in first.. {
        if catch_unwind(AssertUnwindSafe(|| target(&mut Chance(at.wrapping_mul(0xD134_2543_DE82_EF95))))).is_err() {
            panic!("STEPYARD_FUZZ_SEED={at} makes it panic");
        }
        if seed.is_some() || seconds.map_or(at >= rounds, |seconds| begin.elapsed().as_secs() >= seconds) {
            return;
        }
    }
}

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }

    /// Some bytes of it changed, removed, doubled or cut off.
    fn damage(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            let end = (at + self.below(12)).min(bytes.len());
            match self.below(5) {
                0 if at < bytes.len() => bytes[at] = self.below(256) as u8,
                1 => drop(bytes.drain(at..end)),
                2 => bytes.truncate(at),
                3 => bytes.splice(at..at, bytes[at..end].to_vec()).for_each(drop),
                _ => bytes.splice(at..end, PIECES[self.below(PIECES.len())].bytes()).for_each(drop),
            }
        }
        bytes
    }
}

const PIECES: [&str; 16] = [
    "\u{1}",
    "\u{2}",
    "{",
    "}",
    "[",
    "]",
    ",",
    "0",
    "-1",
    "99999999999999999999",
    "1e400",
    "null",
    ".",
    "y2.",
    "é\u{0}",
    "\u{1}p\u{1}:[0,9223372036854775807]",
];

/// With the outside of a link that is whole.
fn sealed(packed: &[u8]) -> String {
    let data = URL_SAFE_NO_PAD.encode(packed);
    let before = format!("y1.run.{}.{data}", data.len() + 8);
    let sum = Sha256::digest(before.as_bytes());
    before + &sum.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>()
}

/// Whatever could be read is looked through and written again.
fn use_it(text: &str) {
    if let Ok(shared) = decode(text) {
        if let Some(project) = shared.project() {
            let _ = scan::scan(project);
        }
        let again = encode(&shared).unwrap();
        assert_eq!(decode(&again).unwrap(), shared);
    }
}

#[test]
fn damaged_links() {
    let link = encode(&Shared::Run(support::tutorial_run())).unwrap();
    let data = link.rsplit('.').next().unwrap();
    let packed = URL_SAFE_NO_PAD.decode(&data[..data.len() - 8]).unwrap();
    fuzz(2_000, |chance| {
        use_it(&String::from_utf8_lossy(&chance.damage(link.as_bytes())));
        use_it(&sealed(&chance.damage(&packed)));
    });
}

#[test]
fn damaged_insides() {
    const WHOLE: &str = "{'n':'N','l':[[0,0,'sqs:CreateQueue',{'QueueName':'Orders'}],[3,60,6,1,{'micros':850,'state':{'is':'idle'}}]],'p':[3,60],'i':1,'o':{'accountId':'1','region':'r','seed':1,'start':1,'limits':'aws-2023','latencies':{'transition':1,'taskStart':1,'serviceCall':1,'sdkCall':1,'pollPickup':1}},'d':{'a':'password = \"hunter2222\"'},'v':1}";
    let whole = WHOLE.replace('\'', "\u{1}");
    use_it(&sealed(&compress_to_vec(whole.as_bytes(), 1)));
    fuzz(2_000, |chance| use_it(&sealed(&compress_to_vec(&chance.damage(whole.as_bytes()), 1))));
}

#[test]
fn damaged_files() {
    let file = support::tutorial_run().to_json();
    fuzz(1_000, |chance| {
        let text = String::from_utf8_lossy(&chance.damage(file.as_bytes())).into_owned();
        let _ = received::is_meant(&text);
        if let Ok(shared) = received::read(&text) {
            let _ = scan::scan(shared.project().unwrap());
        }
    });
}
