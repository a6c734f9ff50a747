use shared_json::json;
use sim_account::Account;
use virtual_time::Duration;

use super::*;

/// What keeps the texts, played by two maps.
#[derive(Default)]
struct Disk {
    kept: Kept,
    written: usize,
}

impl Disk {
    fn write(&mut self, write: Write) {
        match write {
            Write::Piece { name, text } => {
                self.written += text.len();
                assert!(self.kept.pieces.insert(name, text).is_none(), "a piece is never written over");
            }
            Write::Head { text, unneeded, .. } => {
                self.kept.head = Some(text);
                for name in unneeded {
                    assert!(self.kept.pieces.remove(&name).is_some(), "{name} was there");
                }
            }
        }
    }

    /// Everything is kept; returns how many characters of the log were written for it.
    fn save(&mut self, keeper: &mut Keeper, account: &Account, ahead: &[LogEntry]) -> usize {
        let before = self.written;
        loop {
            let write = keeper.next(&work(account, ahead));
            let last = matches!(write, Write::Head { .. });
            keeper.done(&write);
            self.write(write);
            if last {
                return self.written - before;
            }
        }
    }

    fn read(&self) -> Project {
        self.kept.read("reader").unwrap().0
    }
}

static NO_DRAFTS: BTreeMap<String, String> = BTreeMap::new();

fn work<'a>(account: &'a Account, ahead: &'a [LogEntry]) -> Work<'a> {
    let (options, position, told) = (account.options(), account.position(), account.log());
    Work { name: "Mine", options, position, drafts: &NO_DRAFTS, lesson: None, told, ahead }
}

fn account() -> Account {
    let mut account = Account::new(AccountOptions::default());
    account.call("sqs:CreateQueue", json!({"QueueName": "Parcels"}));
    account
}

fn send(account: &mut Account, count: usize) {
    for number in 0..count {
        let url = "https://sqs.us-east-1.amazonaws.com/123456789012/Parcels";
        account.call("sqs:SendMessage", json!({"QueueUrl": url, "MessageBody": format!("parcel {number}")}));
        let _ = account.advance_to(account.now() + Duration::from_millis(1), 100);
    }
}

fn of(account: &Account) -> Project {
    Project::of("Mine", account, BTreeMap::new())
}

#[test]
fn what_was_kept_in_pieces_comes_back() {
    let mut account = account();
    let mut keeper = Keeper::new("one", &Project::empty("Mine"));
    let mut disk = Disk::default();
    disk.save(&mut keeper, &account, &[]);
    for count in [1, 700, 3, 2_000] {
        send(&mut account, count);
        disk.save(&mut keeper, &account, &[]);
        assert_eq!(disk.read(), of(&account));
    }
    assert!(disk.kept.pieces.len() > 4, "it lies in several pieces");
}

#[test]
fn a_small_change_of_a_long_log_writes_little() {
    let mut account = account();
    send(&mut account, 5_000);
    let mut keeper = Keeper::new("one", &Project::empty("Mine"));
    let mut disk = Disk::default();
    let all = disk.save(&mut keeper, &account, &[]);
    for _ in 0..50 {
        send(&mut account, 1);
        let written = disk.save(&mut keeper, &account, &[]);
        assert!(written <= PIECE_BYTES + 1_000 && written * 10 < all, "{written} of {all}");
    }
    assert_eq!(disk.save(&mut keeper, &account, &[]), 0, "nothing new, nothing written");
    assert_eq!(disk.read(), of(&account));
}

#[test]
fn a_cut_writes_only_what_lies_behind_it() {
    let mut first = account();
    send(&mut first, 3_000);
    let mut keeper = Keeper::new("one", &Project::empty("Mine"));
    let mut disk = Disk::default();
    let all = disk.save(&mut keeper, &first, &[]);
    let log = first.log().to_vec();
    let mut back = Account::replay(first.options().clone(), &log, log[2_500].at).unwrap();
    // Stepped back: the log is the same, only the position differs.
    let told = back.log().len();
    assert_eq!(disk.save(&mut keeper, &back, &log[told..]), 0);
    assert_eq!(disk.read().log, log);
    assert_eq!(disk.read().position, back.position());
    // Another way from here.
    keeper.cut(told);
    send(&mut back, 2);
    let written = disk.save(&mut keeper, &back, &[]);
    assert!(written * 4 < all, "{written} of {all}");
    assert_eq!(disk.read(), of(&back));
}

#[test]
fn a_page_that_dies_between_two_writes_loses_only_the_last_change() {
    let mut account = account();
    send(&mut account, 600);
    let mut keeper = Keeper::new("one", &Project::empty("Mine"));
    let mut disk = Disk::default();
    disk.save(&mut keeper, &account, &[]);
    let before = of(&account);
    send(&mut account, 900);
    let write = keeper.next(&work(&account, &[]));
    assert!(matches!(write, Write::Piece { .. }));
    disk.write(write);
    assert_eq!(disk.read(), before);
    // The next visit clears away what nobody refers to.
    let (project, mut keeper) = disk.kept.read("two").unwrap();
    let account = project.open().unwrap();
    disk.save(&mut keeper, &account, &[]);
    assert!(disk.kept.pieces.keys().all(|name| disk.kept.head.as_ref().unwrap().contains(name.as_str())));
}

#[test]
fn a_write_that_failed_is_written_again() {
    let mut account = account();
    send(&mut account, 700);
    let mut keeper = Keeper::new("one", &Project::empty("Mine"));
    let write = keeper.next(&work(&account, &[]));
    keeper.failed(&write);
    let mut disk = Disk::default();
    disk.save(&mut keeper, &account, &[]);
    assert_eq!(disk.read(), of(&account));
}

#[test]
fn a_workspace_goes_back_to_how_it_began_whatever_happened_since() {
    let mut account = account();
    send(&mut account, 3);
    let beginning = of(&account);
    let mut keeper = Keeper::new("one", &beginning);
    let mut disk = Disk::default();
    send(&mut account, 700);
    disk.save(&mut keeper, &account, &[]);
    assert_eq!(disk.kept.beginning().unwrap(), beginning);
    // Even when its own beginning is cut away.
    let mut other = Account::new(AccountOptions::default());
    other.call("sqs:CreateQueue", json!({"QueueName": "Other"}));
    keeper.cut(0);
    disk.save(&mut keeper, &other, &[]);
    assert_eq!(disk.read(), of(&other));
    assert_eq!(disk.kept.beginning().unwrap(), beginning);
    // And after another visit.
    let (_, mut keeper) = disk.kept.read("two").unwrap();
    send(&mut other, 1);
    disk.save(&mut keeper, &other, &[]);
    assert_eq!(disk.kept.beginning().unwrap(), beginning);
}

#[test]
fn a_whole_text_of_an_earlier_version_is_read_and_then_kept_in_pieces() {
    let mut account = account();
    send(&mut account, 3);
    let mut disk = Disk { kept: Kept { whole: Some(of(&account).to_json()), ..Kept::default() }, written: 0 };
    let (project, mut keeper) = disk.kept.read("one").unwrap();
    assert_eq!(project, of(&account));
    disk.save(&mut keeper, &account, &[]);
    disk.kept.whole = None;
    assert_eq!(disk.read(), of(&account));
    assert_eq!(disk.kept.beginning().unwrap(), of(&account));
}

#[test]
fn damage_is_told_and_everything_can_still_be_downloaded() {
    let mut account = account();
    send(&mut account, 700);
    let mut keeper = Keeper::new("one", &Project::empty("Mine"));
    let mut disk = Disk::default();
    disk.save(&mut keeper, &account, &[]);
    let first = disk.kept.pieces.keys().next().unwrap().clone();
    let damaged = |change: &dyn Fn(&mut Kept)| {
        let mut kept = disk.kept.clone();
        change(&mut kept);
        assert!(kept.salvage().contains("parcel 3"));
        kept.read("reader").unwrap_err().to_string()
    };
    let missing = damaged(&|kept| drop(kept.pieces.remove(disk.kept.pieces.keys().last().unwrap())));
    assert!(missing.contains("of the 3 that its log was kept in is missing"), "{missing}");
    let cut = damaged(&|kept| kept.pieces.get_mut(&first).unwrap().truncate(5_000));
    assert!(cut.contains("missing"), "{cut}");
    let broken = damaged(&|kept| *kept.pieces.get_mut(&first).unwrap() = "[{\"parcel 3\": 1}]".into());
    assert!(broken.contains("damaged"), "{broken}");
    let short = damaged(&|kept| {
        let piece = kept.pieces.get_mut(&first).unwrap();
        let log: Vec<serde_json::Value> = serde_json::from_str(piece).unwrap();
        *piece = serde_json::to_string(&log[..9]).unwrap();
    });
    assert!(short.contains("entries where"), "{short}");
    let head = damaged(&|kept| kept.head.as_mut().unwrap().truncate(30));
    assert!(head.contains("What says how it was kept is damaged"), "{head}");
    assert_eq!(Kept::default().read("reader").unwrap_err(), KeptError::Missing);
}
