//! How the function's one file is read, and what `import` finds: the simulated built-in modules, nothing else.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use boa_engine::module::{ModuleLoader, ModuleRequest, Referrer, SyntheticModuleInitializer};
use boa_engine::object::JsObject;
use boa_engine::object::builtins::JsFunction;
use boa_engine::property::PropertyKey;
use boa_engine::{Context, JsNativeError, JsResult, JsString, JsValue, Module, Script, Source, js_string};

use crate::host::Host;

/// Where Lambda puts a function's files.
pub const TASK_ROOT: &str = "/var/task";

/// The library in JavaScript: name, source.
const LIBRARY: &[(&str, &str)] = &[
    ("assert", include_str!("node/assert.js")),
    ("aws_operations", include_str!("node/aws_operations.js")),
    ("aws_sdk_v2", include_str!("node/aws_sdk_v2.js")),
    ("aws_sdk_v3", include_str!("node/aws_sdk_v3.js")),
    ("bootstrap", include_str!("node/bootstrap.js")),
    ("buffer", include_str!("node/buffer.js")),
    ("bounds", include_str!("node/bounds.js")),
    ("console", include_str!("node/console.js")),
    ("crypto", include_str!("node/crypto.js")),
    ("errors", include_str!("node/errors.js")),
    ("event_loop", include_str!("node/event_loop.js")),
    ("events", include_str!("node/events.js")),
    ("globals", include_str!("node/globals.js")),
    ("inspect", include_str!("node/inspect.js")),
    ("lambda", include_str!("node/lambda.js")),
    ("modules", include_str!("node/modules.js")),
    ("process", include_str!("node/process.js")),
    ("util", include_str!("node/util.js")),
];

/// A library file as a function of `(exports, require, module, host)`.
pub fn library_function(name: &str, context: &mut Context) -> JsResult<JsValue> {
    let Some((_, code)) = LIBRARY.iter().find(|(known, _)| *known == name) else {
        return Err(JsNativeError::reference().with_message(format!("no library file {name}")).into());
    };
    let text = format!("(function (exports, require, module, host) {{{code}\n}})");
    evaluate(&text, &format!("node:internal/{name}"), context)
}

/// The user's code as a function of `(exports, require, module, __filename, __dirname)`.
pub fn common_js_function(code: &str, path: &str, context: &mut Context) -> JsResult<JsValue> {
    // A first line `#!…` is allowed in a file but not inside a function.
    let hash_bang = if code.starts_with("#!") { "//" } else { "" };
    let text = format!("(function (exports, require, module, __filename, __dirname) {{ {hash_bang}{code}\n}})");
    evaluate(&text, path, context)
}

fn evaluate(text: &str, path: &str, context: &mut Context) -> JsResult<JsValue> {
    let script = Script::parse(Source::from_bytes(text).with_path(Path::new(path)), None, context)?;
    script.evaluate(context)
}

/// The user's code as an ES module, parsed only.
pub fn es_module(code: &str, path: &str, context: &mut Context) -> JsResult<Module> {
    Module::parse(Source::from_bytes(code).with_path(Path::new(path)), None, context)
}

/// True when `word` stands in `code` as a name of its own, outside of comments that fill a line.
pub fn mentions(code: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    code.lines().filter(|line| !line.trim_start().starts_with("//")).any(|line| {
        line.match_indices(word).any(|(at, _)| {
            let before = line.get(..at).and_then(|text| text.chars().next_back());
            let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
            !before.is_some_and(|c| is_name(c) || c == '.') && !after.is_some_and(is_name)
        })
    })
}

/// Answers `import` with the built-in modules; the JavaScript side resolves the names.
#[derive(Debug, Default)]
pub struct BuiltInModules {
    /// `resolve(specifier)` of `node/modules.js`.
    pub resolve: RefCell<Option<JsFunction>>,
    loaded: RefCell<Vec<(String, Module)>>,
}

impl BuiltInModules {
    fn load(&self, specifier: &JsString, context: &mut Context) -> JsResult<Module> {
        let name = specifier.to_std_string_lossy();
        if let Some((_, module)) = self.loaded.borrow().iter().find(|(known, _)| *known == name) {
            return Ok(module.clone());
        }
        let Some(resolve) = self.resolve.borrow().clone() else {
            return Err(JsNativeError::error().with_message("modules are not ready").into());
        };
        let exports = resolve.call(&JsValue::undefined(), &[specifier.clone().into()], context)?;
        let module = synthetic(exports, context)?;
        self.loaded.borrow_mut().push((name, module.clone()));
        Ok(module)
    }
}

/// A module whose names are the keys of `exports`, and whose default is `exports` itself.
fn synthetic(exports: JsValue, context: &mut Context) -> JsResult<Module> {
    let mut names = vec![js_string!("default")];
    if let Some(object) = exports.as_object() {
        for key in object.own_property_keys(context)? {
            if let PropertyKey::String(name) = key
                && !names.contains(&name)
            {
                names.push(name);
            }
        }
    }
    let steps = SyntheticModuleInitializer::from_copy_closure_with_captures(
        |module, (names, exports): &(Vec<JsString>, JsValue), context| {
            for name in names {
                let value = match exports.as_object() {
                    Some(object) if *name != js_string!("default") => object.get(name.clone(), context)?,
                    _ => exports.clone(),
                };
                module.set_export(name, value)?;
            }
            Ok(())
        },
        (names.clone(), exports),
    );
    Ok(Module::synthetic(&names, steps, None, None, context))
}

impl ModuleLoader for BuiltInModules {
    fn load_imported_module(
        self: Rc<Self>,
        _referrer: Referrer,
        request: ModuleRequest,
        context: &RefCell<&mut Context>,
    ) -> impl Future<Output = JsResult<Module>> {
        let result = self.load(request.specifier(), &mut context.borrow_mut());
        std::future::ready(result)
    }

    fn init_import_meta(self: Rc<Self>, import_meta: &JsObject, _module: &Module, context: &mut Context) {
        let file = Host::of(context).map(|host| host.spec.file_name.clone()).unwrap_or_default();
        let path = format!("{TASK_ROOT}/{file}");
        for (key, value) in [
            (js_string!("dirname"), TASK_ROOT.to_owned()),
            (js_string!("filename"), path.clone()),
            (js_string!("url"), format!("file://{path}")),
        ] {
            // A fresh, extensible object: this cannot fail, and a missing property would only read as undefined.
            let _ = import_meta.create_data_property(key, JsString::from(value), context);
        }
    }
}
