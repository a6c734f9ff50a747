//! Budgets and bounds: nothing a handler does may hang, crash or differ between two runs.

mod common;

use aws_protocol::handler::TurnState;
use common::{Driver, agree, spec};
use virtual_time::Duration;

fn outcome(code: &str) -> (TurnState, u64) {
    let mut driver = Driver::start(spec("index.js", "nodejs20.x", code));
    driver.timeout = Duration::from_millis(100);
    let state = match driver.turns[0].state.clone() {
        TurnState::Idle => driver.invoke("{}", &agree),
        other => other,
    };
    (state, driver.turns.last().map_or(0, |turn| turn.micros))
}

#[test]
fn endless_code_ends_at_the_deadline_and_cannot_catch_it() {
    let cases = [
        "exports.handler = async () => { for (;;) {} }",
        "exports.handler = async () => { for (;;) { try { for (;;) {} } catch {} finally { continue } } }",
        "exports.handler = async () => { const again = () => Promise.resolve().then(again); await again() }",
        "exports.handler = async () => { const again = () => process.nextTick(again); again(); await new Promise(() => {}) }",
        "exports.handler = async () => { await null; [1].forEach(() => { while (true) {} }) }",
        "exports.handler = (e, c, cb) => { const again = () => setImmediate(again); again() }",
        "exports.handler = async () => { const start = Date.now(); while (Date.now() - start < 10000) {} }",
    ];
    for code in cases {
        assert_eq!(outcome(code), (TurnState::TimedOut, 100_000), "{code}");
    }
}

#[test]
fn time_passes_while_code_runs() {
    let (state, _) = outcome(
        "exports.handler = async () => { const s = Date.now(); while (Date.now() - s < 50) {} return new Date() - s }",
    );
    assert_eq!(state, TurnState::Done { result: "50".to_owned() });
}

#[test]
fn depth_is_bounded() {
    let cases = [
        "exports.handler = async () => { const f = () => f() + 1; return f() }",
        "exports.handler = async () => { const f = () => [1].map(f); return f() }",
        "exports.handler = async () => { let o = {}; for (let i = 0; i < 100000; i++) o = { o }; return JSON.stringify(o).length }",
        "exports.handler = async () => { let o = []; for (let i = 0; i < 100000; i++) o = [o]; return String(o) }",
        "exports.handler = async () => JSON.parse('['.repeat(100000))",
        "exports.handler = async () => 'x'.repeat(1e9)",
        "exports.handler = async () => 'x'.padEnd(1e9)",
        "exports.handler = async () => Array(1e9).fill(0)",
        "exports.handler = async () => new ArrayBuffer(1e9)",
    ];
    for code in cases {
        let (state, _) = outcome(code);
        let TurnState::Failed { error, exited: false } = state else { panic!("{code}: {state:?}") };
        assert_eq!(error.error_type, "RangeError", "{code}: {}", error.error_message);
    }
    let deep = format!("exports.handler = async () => {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(matches!(outcome(&deep).0, TurnState::Failed { .. }));
}

#[test]
fn the_same_commands_give_the_same_turns() {
    let code = "const id = require('crypto').randomUUID(); let n = 0; exports.handler = async () => { n++; await new Promise(r => setTimeout(r, 7)); console.log(id, Math.random(), new Date()); return n }";
    let run = || {
        let mut driver = Driver::start(spec("index.js", "nodejs20.x", code));
        driver.invoke("{}", &agree);
        driver.invoke("{}", &agree);
        driver.turns
    };
    let (first, second) = (run(), run());
    assert_eq!(first, second);
    assert_eq!(first.last().map(|turn| turn.state.clone()), Some(TurnState::Done { result: "2".to_owned() }));
}
