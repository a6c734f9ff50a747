//! Links that were cut, changed or made by hand: each says what is wrong with it, none does anything.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use sha2::{Digest, Sha256};
use share_link::{LinkError, MOST_CHARACTERS, MOST_STEPS, Shared, decode, encode, received};

fn link() -> String {
    encode(&Shared::Project(workspace::tutorial())).unwrap()
}

/// A link around these bytes with everything right on the outside.
fn sealed(kind: &str, packed: &[u8]) -> String {
    let data = URL_SAFE_NO_PAD.encode(packed);
    let before = format!("y1.{kind}.{}.{data}", data.len() + 8);
    let sum = Sha256::digest(before.as_bytes());
    before + &sum.iter().take(4).map(|byte| format!("{byte:02x}")).collect::<String>()
}

/// A link around a text. In the text `'` stands for the quotes of strings.
fn holding(kind: &str, text: &str) -> String {
    sealed(kind, &compress_to_vec(text.replace('\'', "\u{1}").as_bytes(), 6))
}

#[test]
fn a_link_that_was_cut_off_says_so_wherever_it_was_cut() {
    let link = link();
    for end in 0..link.len() {
        let error = decode(&link[..end]).unwrap_err();
        let cut = match error {
            LinkError::CutOff { there, announced } => {
                there == end && (announced.is_none() || announced == Some(link.len()))
            }
            LinkError::NotALink => end < 2,
            _ => false,
        };
        assert!(cut, "{end}: {error:?}");
    }
    let error = decode(&link[..link.len() - 1]).unwrap_err();
    assert_eq!(error.title(), "The link is cut off");
    assert!(error.to_string().contains(&format!("{} of its {} characters", link.len() - 1, link.len())), "{error}");
}

#[test]
fn a_link_that_was_changed_anywhere_is_not_opened() {
    let link = link();
    for at in 0..link.len() {
        for other in ["A", "z", "-", "7", "é", "", "AA"] {
            let changed = format!("{}{other}{}", &link[..at], &link[at + 1..]);
            if changed != link {
                let error = decode(&changed).expect_err(&changed);
                assert!(!error.to_string().is_empty());
            }
        }
    }
    let mut changed = link.clone().into_bytes();
    changed[200] = if changed[200] == b'A' { b'B' } else { b'A' };
    let error = decode(std::str::from_utf8(&changed).unwrap()).unwrap_err();
    assert!(matches!(error, LinkError::Damaged { .. }), "{error:?}");
}

#[test]
fn a_link_of_another_kind_under_this_ones_name_is_damaged() {
    assert!(matches!(decode(&link().replace(".project.", ".run.")), Err(LinkError::Damaged { .. })));
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let bomb = sealed("project", &compress_to_vec(&vec![b' '; 96 * 1024 * 1024], 6));
    assert!(bomb.len() < MOST_CHARACTERS);
    assert!(matches!(decode(&bomb), Err(LinkError::TooLarge { .. })));
    let nested = "[".repeat(4_000_000);
    assert!(matches!(decode(&holding("project", &nested)), Err(LinkError::Foreign { .. })));
}

#[test]
fn giants_are_refused_before_they_are_read() {
    let long = format!("y1.project.{}.{}", 3 * MOST_CHARACTERS, "A".repeat(3 * MOST_CHARACTERS));
    assert!(matches!(decode(&long), Err(LinkError::TooLarge { .. })));
    assert!(matches!(decode("y1.project.99999999.AAAA"), Err(LinkError::TooLarge { .. })));
    assert!(matches!(decode("y1.project.99999999999999999999999.A"), Err(LinkError::Damaged { .. })));
    let forever = format!("{{'n':'N','l':[],'p':[{},0]}}", MOST_STEPS + 1);
    let error = decode(&holding("run", &forever)).unwrap_err();
    assert!(error.to_string().contains("simulated events"), "{error}");
    let named = format!("{{'n':'{}','l':[],'p':[0,0]}}", "N".repeat(100_000));
    assert!(matches!(decode(&holding("run", &named)), Err(LinkError::TooLarge { .. })));
    let many = format!("{{'n':'N','l':[{}[0,0,'a',1]],'p':[0,0]}}", "[0,0,'a',1],".repeat(30_000));
    assert!(matches!(decode(&holding("run", &many)), Err(LinkError::TooLarge { .. })));
}

#[test]
fn what_no_reader_would_open_is_not_written() {
    let mut many = workspace::tutorial();
    many.log = std::iter::repeat_n(many.log[0].clone(), 20_001).collect();
    let error = encode(&Shared::Run(many)).unwrap_err();
    assert_eq!(error.title(), "Too large for a link");
    assert!(error.to_string().contains("A project file holds more"), "{error}");
    let mut random = 1_u64;
    let noise: String = std::iter::repeat_with(|| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        char::from(b'!' + (random >> 58) as u8)
    })
    .take(1_500_000)
    .collect();
    let mut long = workspace::Project::empty("N");
    long.drafts.insert("d".into(), noise);
    assert!(matches!(encode(&Shared::Project(long)), Err(LinkError::TooLarge { .. })));
}

#[test]
fn versions_and_kinds_that_we_do_not_know_are_named() {
    let link = link();
    let newer = decode(&link.replacen("y1.", "y2.", 1)).unwrap_err();
    assert_eq!(newer, LinkError::Newer { version: 2 });
    assert!(newer.to_string().contains("Reload the page"));
    let far = decode(&link.replacen("y1.", "y99999999999999999999.", 1)).unwrap_err();
    assert_eq!(far, LinkError::Newer { version: u32::MAX });
    let kind = decode(&link.replacen(".project.", ".spell.", 1)).unwrap_err();
    assert_eq!(kind, LinkError::UnknownKind { kind: "spell".into() });
    assert!(matches!(decode("y0.project.1.A"), Err(LinkError::Damaged { .. })));
}

#[test]
fn what_is_whole_and_not_ours_is_refused() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        "'",
        "{'n':'N'}",
        "{'n':'N','l':[]}",
        "{'n':1,'l':[],'p':[0,0]}",
        "{'n':'N','l':[],'p':[0,9223372036854775807]}",
        "{'n':'N','l':[[0,0,'a']],'p':[0,0]}",
        "{'n':'N','l':[[-1,0,'a',1]],'p':[0,0]}",
        "{'n':'N','l':[[18446744073709551615,0,'a',1],[1,0,'a',1]],'p':[0,0]}",
        "{'n':'N','l':[[0,9223372036854775807,'a',1]],'p':[0,0]}",
        "{'n':'N','l':[[0,0,1,1,{'micros':1}]],'p':[0,0]}",
        "{'n':'N','l':[],'p':[0,0],'v':99}",
        "{'n':'N','l':[],'p':[0,0],'o':{}}",
        "{'n':'N','l':[],'p':[0,0],'d':[]}",
    ] {
        for kind in ["project", "run"] {
            let error = decode(&holding(kind, text)).expect_err(text);
            assert!(matches!(error, LinkError::Foreign { .. } | LinkError::Project(_)), "{text}: {error:?}");
        }
        for kind in ["moment", "lesson"] {
            assert!(decode(&holding(kind, text)).is_err(), "{kind} {text}");
            assert!(decode(&holding(kind, &format!("[{text}]"))).is_err(), "{kind} [{text}]");
        }
    }
    assert!(matches!(decode(&sealed("run", &[0xff; 40])), Err(LinkError::Foreign { .. })));
    assert!(matches!(decode(&sealed("run", &[])), Err(LinkError::Foreign { .. })));
}

#[test]
fn a_log_that_leads_elsewhere_is_read_and_does_not_replay() {
    let strange = holding("run", "{'n':'N','l':[[0,0,'no:Such',null],[7,-5,'sqs:CreateQueue',{}]],'p':[3,0],'i':9}");
    assert!(decode(&strange).unwrap().project().unwrap().open().is_err());
}

#[test]
fn scripts_in_names_are_names() {
    let name = "<script>alert(1)</script><img src=x onerror=alert(1)>";
    let link = encode(&Shared::Project(workspace::Project::empty(name))).unwrap();
    assert_eq!(decode(&link).unwrap().project().unwrap().name, name);
}

#[test]
fn files_have_limits_too_and_hold_more_than_links() {
    let mut many = workspace::tutorial();
    many.log = std::iter::repeat_n(many.log[0].clone(), 20_001).collect();
    assert!(received::read(&many.to_json()).is_ok());
    let text = workspace::tutorial().to_json().replace("\"steps\":3", "\"steps\":99999999999");
    assert!(matches!(received::read(&text), Err(LinkError::FileTooLarge { .. })));
    for text in ["{", "{}", "[1]", "{\"format\":\"stepyard-project\",\"version\":99}"] {
        let error = received::read(text).unwrap_err();
        assert!(matches!(error, LinkError::Project(_)), "{text}: {error:?}");
    }
}
