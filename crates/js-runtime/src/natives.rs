//! The functions that the JavaScript library calls, as properties of one object, `host`.

use aws_protocol::handler::HandlerError;
use boa_engine::error::EngineError;
use boa_engine::object::builtins::{JsArrayBuffer, JsTypedArray, JsUint8Array};
use boa_engine::object::{JsObject, ObjectInitializer};
use boa_engine::property::Attribute;
use boa_engine::{Context, JsArgs, JsNativeError, JsResult, JsString, JsValue, NativeFunction, js_string};
use md5::Md5;
use sha2::{Digest, Sha256};

use crate::host::{Host, Outcome};
use crate::{depth, json, modules};

type Native = fn(&JsValue, &[JsValue], &mut Context) -> JsResult<JsValue>;

const NATIVES: &[(&str, usize, Native)] = &[
    ("log", 2, log),
    ("call", 2, call),
    ("notice", 2, notice),
    ("nowMicros", 0, now_micros),
    ("random", 0, random),
    ("utf8Encode", 1, utf8_encode),
    ("utf8Decode", 1, utf8_decode),
    ("hash", 2, hash),
    ("parseJson", 1, parse_json),
    ("isTooDeep", 1, is_too_deep),
    ("library", 1, library),
    ("finish", 2, finish),
    ("fail", 3, fail),
    ("exit", 3, exit),
    ("rejection", 1, rejection),
];

/// The object `host` of the library.
pub fn object(host: &Host, context: &mut Context) -> JsResult<JsObject> {
    let spec = serde_json::to_string(&host.spec).map_err(boa_engine::JsError::from_rust)?;
    let limits = &host.limits;
    let numbers = [("maxLength", limits.allocation_bytes), ("maxElements", limits.array_elements)];
    let mut object = ObjectInitializer::new(context);
    for (name, length, native) in NATIVES {
        object.function(NativeFunction::from_fn_ptr(*native), JsString::from(*name), *length);
    }
    object.property(js_string!("spec"), JsString::from(spec), Attribute::all());
    for (name, number) in numbers {
        object.property(JsString::from(name), number as f64, Attribute::all());
    }
    Ok(object.build())
}

fn text(args: &[JsValue], index: usize, context: &mut Context) -> JsResult<String> {
    Ok(args.get_or_undefined(index).to_string(context)?.to_std_string_lossy())
}

fn bytes(value: &JsValue, context: &mut Context) -> JsResult<Vec<u8>> {
    let Some(object) = value.as_object() else {
        return Err(JsNativeError::typ().with_message("a Uint8Array is needed").into());
    };
    let array = JsTypedArray::from_object(object.clone())?;
    let (offset, length) = (array.byte_offset(context)?, array.byte_length(context)?);
    let buffer = array.buffer(context)?;
    let Some(buffer) = buffer.as_object() else { return Ok(Vec::new()) };
    let all = JsArrayBuffer::from_object(buffer.clone())?.to_vec().unwrap_or_default();
    Ok(all.get(offset..offset.saturating_add(length)).unwrap_or_default().to_vec())
}

fn byte_array(bytes: Vec<u8>, context: &mut Context) -> JsResult<JsValue> {
    Ok(JsUint8Array::from_iter(bytes, context)?.into())
}

/// Ends the run. No handler can catch it.
fn stop() -> JsResult<JsValue> {
    Err(EngineError::NoInstructionsRemain.into())
}

/// `log(level, text)`
fn log(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (level, line) = (text(args, 0, context)?, text(args, 1, context)?);
    let host = Host::of(context)?;
    host.log(host.elapsed(context), level, line);
    Ok(JsValue::undefined())
}

/// `call(action, params)`: number of the call
fn call(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (action, params) = (text(args, 0, context)?, text(args, 1, context)?);
    let host = Host::of(context)?;
    match host.call(host.elapsed(context), action, params) {
        Some(call) => Ok(JsValue::from(call as f64)),
        None => {
            let most = host.limits.calls_per_turn;
            let message = format!("more than {most} AWS calls without waiting for an answer are not simulated");
            Err(JsNativeError::range().with_message(message).into())
        }
    }
}

/// `notice(code, message)`
fn notice(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let (code, message) = (text(args, 0, context)?, text(args, 1, context)?);
    Host::of(context)?.notice(&code, message);
    Ok(JsValue::undefined())
}

/// `nowMicros()`: since the epoch
fn now_micros(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    Ok(JsValue::from(Host::of(context)?.now(context) as f64))
}

/// `random()`: 0 <= x < 1
fn random(_: &JsValue, _: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let bits = Host::of(context)?.random_bits() >> 11;
    Ok(JsValue::from(bits as f64 / (1_u64 << 53) as f64))
}

fn utf8_encode(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let encoded = text(args, 0, context)?.into_bytes();
    byte_array(encoded, context)
}

fn utf8_decode(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let encoded = bytes(args.get_or_undefined(0), context)?;
    Ok(JsString::from(String::from_utf8_lossy(&encoded).as_ref()).into())
}

/// `hash(algorithm, bytes)`: bytes, or undefined for an unknown algorithm
fn hash(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let algorithm = text(args, 0, context)?;
    let input = bytes(args.get_or_undefined(1), context)?;
    let digest = match algorithm.to_ascii_lowercase().as_str() {
        "md5" => Md5::digest(&input).to_vec(),
        "sha256" | "sha-256" => Sha256::digest(&input).to_vec(),
        _ => return Ok(JsValue::undefined()),
    };
    byte_array(digest, context)
}

fn parse_json(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let source = args.get_or_undefined(0).to_string(context)?;
    let host = Host::of(context)?;
    json::parse(&source, host.limits.nesting_depth, node_version(&host.spec.runtime), context)
}

/// The major version in `nodejs20.x`.
pub fn node_version(runtime: &str) -> u32 {
    let digits: String = runtime.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(20)
}

fn is_too_deep(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let limit = Host::of(context)?.limits.nesting_depth;
    Ok(depth::value_is_too_deep(args.get_or_undefined(0), limit, context)?.into())
}

fn library(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let name = text(args, 0, context)?;
    modules::library_function(&name, context)
}

/// `finish(json, whenIdle)`
fn finish(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let result = text(args, 0, context)?;
    let when_idle = args.get_or_undefined(1).to_boolean();
    let outcome = if when_idle { Outcome::FinishedWhenIdle(result) } else { Outcome::Finished(result) };
    Host::of(context)?.end(outcome);
    Ok(JsValue::undefined())
}

fn handler_error(args: &[JsValue], context: &mut Context) -> JsResult<HandlerError> {
    let (error_type, error_message) = (text(args, 0, context)?, text(args, 1, context)?);
    let trace = text(args, 2, context)?;
    let trace = trace.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect();
    Ok(HandlerError { error_type, error_message, trace })
}

/// `fail(type, message, stack)`
fn fail(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let error = handler_error(args, context)?;
    Host::of(context)?.end(Outcome::Failed(error));
    Ok(JsValue::undefined())
}

/// `exit(type, message, stack)`: the process is gone
fn exit(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    let error = handler_error(args, context)?;
    Host::of(context)?.end(Outcome::Exited(error));
    stop()
}

/// `rejection(promise)`: forget that nobody handled it
fn rejection(_: &JsValue, args: &[JsValue], context: &mut Context) -> JsResult<JsValue> {
    if let Some(promise) = args.get_or_undefined(0).as_object() {
        Host::of(context)?.rejected.borrow_mut().retain(|other| !JsObject::equals(other, &promise));
    }
    Ok(JsValue::undefined())
}
