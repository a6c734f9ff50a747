//! Tables of handlers: code, event, what the account sees.

mod common;

use aws_protocol::AwsError;
use aws_protocol::handler::{AwsCall, TurnState};
use common::{Driver, agree, spec};

/// Runs `code` once on `nodejs20.x` and writes down everything that could be seen.
fn run(file: &str, code: &str, event: &str) -> String {
    run_with(file, code, event, &agree)
}

fn run_with(file: &str, code: &str, event: &str, answer: &dyn Fn(&AwsCall) -> Result<String, AwsError>) -> String {
    let mut driver = Driver::start(spec(file, "nodejs20.x", code));
    let state = match driver.turns[0].state.clone() {
        TurnState::Idle => driver.invoke(event, answer),
        other => other,
    };
    let mut lines: Vec<String> = driver.logs().iter().filter(|line| !line.contains(" \t{")).cloned().collect();
    lines.extend(driver.calls());
    lines.push(match state {
        TurnState::Done { result } => format!("=> {result}"),
        TurnState::Failed { error, exited } => {
            format!("!! {}: {}{}", error.error_type, error.error_message, if exited { " (exited)" } else { "" })
        }
        other => format!("{other:?}"),
    });
    lines.join("\n")
}

#[track_caller]
fn check(file: &str, cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|(code, expected)| {
            let seen = run(file, code, r#"{"n": 2, "text": "hé"}"#);
            (seen != *expected).then(|| format!("--- {code}\nexpected {expected}\nseen     {seen}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn handlers_end_in_lambdas_ways() {
    check(
        "index.js",
        &[
            ("exports.handler = async (event) => event.n + 1", "=> 3"),
            (
                "module.exports.handler = (event, context, callback) => callback(null, event)",
                r#"=> {"n":2,"text":"hé"}"#,
            ),
            ("exports.handler = () => {}", "=> null"),
            ("exports.handler = async () => { throw new TypeError('no') }", "!! TypeError: no"),
            ("exports.handler = () => { throw new Error('sync') }", "!! Error: sync"),
            ("exports.handler = (e, c, cb) => cb('text')", "!! string: text"),
            ("exports.handler = (e, c, cb) => cb(new RangeError('r'))", "!! RangeError: r"),
            ("exports.handler = async () => { throw 'thrown' }", "!! string: thrown"),
            ("exports.handler = async () => { throw 42 }", "!! number: 42"),
            (
                "class Mine extends Error { constructor(m) { super(m); this.name = 'Mine' } }; exports.handler = async () => { throw new Mine('own') }",
                "!! Mine: own",
            ),
            ("exports.handler = (e, c, cb) => { cb(null, 1); cb(null, 2) }", "=> 1"),
            (
                "exports.handler = (e, c, cb) => { setTimeout(() => console.log('late'), 10); cb(null, 1) }",
                "INFO late\n=> 1",
            ),
            (
                "exports.handler = (e, c, cb) => { c.callbackWaitsForEmptyEventLoop = false; setTimeout(() => console.log('late'), 10); cb(null, 1) }",
                "=> 1",
            ),
            (
                "exports.handler = async () => { await new Promise(r => setTimeout(r, 500)); return Date.now() }",
                "=> 1681891200500",
            ),
            ("exports.handler = (e, c) => c.succeed('s')", r#"=> "s""#),
            ("exports.handler = (e, c) => c.fail(new Error('f'))", "!! Error: f"),
            ("exports.handler = (e, c) => c.done(null, [1])", "=> [1]"),
            (
                "exports.handler = async () => { process.exit(3) }",
                "!! Runtime.ExitError: RequestId: 6d1f2c7e-0000-4000-8000-000000000001 Error: Runtime exited with error: exit status 3 (exited)",
            ),
            (
                "exports.handler = async () => { Promise.reject(new Error('lost')); await new Promise(r => setTimeout(r, 5)) }",
                "!! Runtime.UnhandledPromiseRejection: Error: lost (exited)",
            ),
            (
                "exports.handler = (e, c, cb) => { setTimeout(() => { throw new Error('timer') }, 1) }",
                "!! Error: timer (exited)",
            ),
            (
                "exports.handler = (e, c, cb) => { const a = {}; a.a = a; cb(null, a) }",
                "!! Runtime.MarshalError: Unable to stringify response body as json: cyclic object value",
            ),
            (
                "exports.handler = async (e, c) => [c.functionName, c.memoryLimitInMB, c.functionVersion, c.logGroupName, c.getRemainingTimeInMillis() > 2900]",
                r#"=> ["waiter","128","$LATEST","/aws/lambda/waiter",true]"#,
            ),
            (
                "exports.handler = async () => [process.env.AWS_REGION, process.env.STAGE, process.env._HANDLER, process.env.NOPE]",
                r#"=> ["eu-central-1","test","index.handler",null]"#,
            ),
        ],
    );
}

#[test]
fn faults_of_the_code_have_lambdas_names() {
    check(
        "index.js",
        &[
            ("exports.other = 1", "!! Runtime.HandlerNotFound: index.handler is undefined or not exported"),
            (
                "require('left-pad')",
                "!! Runtime.ImportModuleError: Error: Cannot find module 'left-pad'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs",
            ),
            ("throw new Error('at load')", "!! Error: at load"),
            (
                "require('fs'); exports.handler = async () => 1",
                "!! Error: The module 'fs' is not simulated here: a handler has no files, processes or network, only the AWS SDK.",
            ),
            ("exports.handler = async () => missing", "!! ReferenceError: missing is not defined"),
            ("exports.handler = async () => undefined.y", "!! TypeError: Cannot read properties of undefined or null"),
            (
                "exports.handler = async () => JSON.parse('<html>')",
                "!! SyntaxError: Unexpected token '<', \"<html>\" is not valid JSON",
            ),
            ("exports.handler = async () => JSON.parse('')", "!! SyntaxError: Unexpected end of JSON input"),
            (
                "exports.handler = async () => fetch('https://example.com')",
                "!! TypeError: fetch failed: a handler has no network here; call AWS services through the SDK",
            ),
        ],
    );
    assert!(run("index.js", "exports.handler = (", "{}").starts_with("!! Runtime.UserCodeSyntaxError: SyntaxError: "));
}

#[test]
fn es_modules_import_the_sdk_and_wait_at_top_level() {
    check(
        "index.mjs",
        &[
            ("export const handler = async (event) => event.text", r#"=> "hé""#),
            (
                "import { SFNClient, SendTaskSuccessCommand } from '@aws-sdk/client-sfn'; const c = new SFNClient({}); export const handler = async () => { const r = await c.send(new SendTaskSuccessCommand({ taskToken: 't', output: '{}' })); return r.$metadata.httpStatusCode }",
                "states:SendTaskSuccess {\"taskToken\":\"t\",\"output\":\"{}\"}\n=> 200",
            ),
            (
                "import util, { format } from 'node:util'; export const handler = async () => format('%s %d %j', 'a', 1, { b: 2 }) + util.inspect({ a: [1] })",
                r#"=> "a 1 {\"b\":2}{ a: [ 1 ] }""#,
            ),
            ("const x = await Promise.resolve(5); export async function handler() { return x }", "=> 5"),
            (
                "import x from 'left-pad'; export const handler = 1",
                "!! Error: Cannot find package 'left-pad' imported from /var/task/index.mjs",
            ),
            (
                "import { setTimeout } from 'timers/promises'; export const handler = async () => setTimeout(20, 'v')",
                r#"=> "v""#,
            ),
            (
                "export const handler = async () => (await import('crypto')).createHash('sha256').update('a').digest('hex').slice(0, 8)",
                r#"=> "ca978112""#,
            ),
        ],
    );
}

#[test]
fn the_sdks_show_errors_in_their_own_shapes() {
    let refuse = |_: &AwsCall| Err(AwsError::new("TaskTimedOut", "Task Timed Out"));
    let cases = [
        (
            "const AWS = require('aws-sdk'); exports.handler = (e, c, cb) => new AWS.StepFunctions().sendTaskHeartbeat({ taskToken: 't' }, (err) => cb(null, [err.code, err.name, err.message, err.statusCode]))",
            "states:SendTaskHeartbeat {\"taskToken\":\"t\"}\n=> [\"TaskTimedOut\",\"TaskTimedOut\",\"Task Timed Out\",400]",
        ),
        (
            "const AWS = require('aws-sdk'); exports.handler = async () => { try { await new AWS.StepFunctions().sendTaskSuccess({ output: '1' }).promise() } catch (e) { return `${e}` } }",
            "=> \"MissingRequiredParameter: Missing required key 'taskToken' in params\"",
        ),
        (
            "const AWS = require('aws-sdk'); exports.handler = async () => { try { await new AWS.SQS().sendMessage({}).promise() } catch (e) { return e.message } }",
            "=> \"There were 2 validation errors:\\n* MissingRequiredParameter: Missing required key 'QueueUrl' in params\\n* MissingRequiredParameter: Missing required key 'MessageBody' in params\"",
        ),
        (
            "const { SFN, TaskTimedOut } = require('@aws-sdk/client-sfn'); exports.handler = async () => { try { await new SFN().sendTaskFailure({ taskToken: 't' }) } catch (e) { return [e.name, e.message, e.$metadata.httpStatusCode, e instanceof TaskTimedOut] } }",
            "states:SendTaskFailure {\"taskToken\":\"t\"}\n=> [\"TaskTimedOut\",\"Task Timed Out\",400,true]",
        ),
        (
            "const { SQS } = require('@aws-sdk/client-sqs'); exports.handler = async () => new SQS({}).sendMessage({ QueueUrl: 'q', MessageBody: 'm' })",
            "sqs:SendMessage {\"QueueUrl\":\"q\",\"MessageBody\":\"m\"}\n!! TaskTimedOut: Task Timed Out",
        ),
    ];
    for (code, expected) in cases {
        assert_eq!(run_with("index.js", code, "{}", &refuse), expected, "{code}");
    }
}

#[test]
fn values_are_logged_as_node_prints_them() {
    let cases = [
        ("{}", "{}"),
        ("{ a: 1, b: [1, 2], 'c-d': 'x' }", "{ a: 1, b: [ 1, 2 ], 'c-d': 'x' }"),
        ("{ a: { b: { c: { d: 1 } } } }", "{ a: { b: { c: [Object] } } }"),
        ("'%s is %d', 'a', 4, 'rest'", "a is 4 rest"),
        ("[ 'it\\'s', null, undefined, true, 1n ]", "[ \"it's\", null, undefined, true, 1n ]"),
        ("new Map([['k', { v: 1 }]]), new Set([1])", "Map(1) { 'k' => { v: 1 } } Set(1) { 1 }"),
        ("[], [ , 1], function f() {}", "[] [ <1 empty item>, 1 ] [Function: f]"),
        ("Buffer.from('hé')", "<Buffer 68 c3 a9>"),
        ("new Date(0), /x/g, Symbol('s')", "1970-01-01T00:00:00.000Z /x/g Symbol(s)"),
        (
            "{ one: 'a long enough text to break', two: 'another long enough text to break', three: 3 }",
            "{\n  one: 'a long enough text to break',\n  two: 'another long enough text to break',\n  three: 3\n}",
        ),
        ("new (class Point { constructor() { this.x = 1 } })()", "Point { x: 1 }"),
        ("(() => { const a = { n: 1 }; a.self = a; return a })()", "<ref *1> { n: 1, self: [Circular *1] }"),
        ("Array.from({ length: 10 }, (_, i) => i)", "[\n  0, 1, 2, 3, 4,\n  5, 6, 7, 8, 9\n]"),
    ];
    for (code, expected) in &cases {
        let seen = run("index.js", &format!("exports.handler = async () => {{ console.log({code}) }}"), "{}");
        assert_eq!(seen, format!("INFO {expected}\n=> null"), "{code}");
    }
}

#[test]
fn strict_modules_fail_as_on_aws() {
    let cases = [
        (
            "index.mjs",
            "nodejs20.x",
            "exports.handler = async () => 1; require('util')",
            "ReferenceError",
            "exports is not defined in ES module scope",
        ),
        (
            "index.mjs",
            "nodejs20.x",
            "const u = require('util'); exports.handler = 1",
            "ReferenceError",
            "require is not defined in ES module scope, you can use import instead",
        ),
        (
            "index.js",
            "nodejs20.x",
            "import u from 'util'; export const handler = 1",
            "Runtime.UserCodeSyntaxError",
            "SyntaxError: Cannot use import statement outside a module",
        ),
        (
            "index.js",
            "nodejs20.x",
            "require('aws-sdk')",
            "Runtime.ImportModuleError",
            "Error: Cannot find module 'aws-sdk'\nRequire stack:\n- /var/task/index.js\n- /var/runtime/index.mjs",
        ),
    ];
    for (file, runtime, code, error_type, message) in cases {
        let mut strict = spec(file, runtime, code);
        strict.strict_modules = true;
        let driver = Driver::start(strict);
        let TurnState::Failed { error, .. } = &driver.turns[0].state else { panic!("{code}: {:?}", driver.turns[0]) };
        assert_eq!((error.error_type.as_str(), error.error_message.as_str()), (error_type, message), "{code}");
    }
    let mild =
        Driver::start(spec("index.mjs", "nodejs16.x", "const a = require('aws-sdk'); exports.handler = async () => 1"));
    assert_eq!((mild.notices(), &mild.turns[0].state), (vec!["require-in-es-module".to_owned()], &TurnState::Idle));
}
