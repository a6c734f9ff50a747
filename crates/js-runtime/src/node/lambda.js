// The Lambda runtime for Node.js: finds the handler, calls it, and reports how it ended.
const errors = require('errors');
const loop = require('event_loop');
const modules = require('modules');
const processLibrary = require('process');

const spec = host.spec;
let handler;
let loadError;

function describe(error) {
  try {
    if (errors.isError(error)) {
      const name = String(error.name);
      return [name, errors.message(error), errors.stack(error)];
    }
    return [typeof error, String(error), ''];
  } catch {
    return ['handled', 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack', ''];
  }
}

function logged(prefix, [errorType, errorMessage, stack], more = {}) {
  const extra = {};
  if (more.source !== null && typeof more.source === 'object') {
    for (const key of Object.keys(more.source)) if (key !== 'stack' && key !== 'message' && key !== 'name') extra[key] = more.source[key];
  }
  let text;
  try {
    text = JSON.stringify({ errorType, errorMessage, ...extra, ...more.fields, stack: stack.split('\n') });
  } catch {
    text = JSON.stringify({ errorType, errorMessage, stack: stack.split('\n') });
  }
  host.log('ERROR', `${prefix} \t${text}`);
}

function failInvocation(error) {
  const described = describe(error);
  logged('Invoke Error', described, { source: error });
  host.fail(...described);
}

// The process dies of it.
function uncaught(error) {
  const described = describe(error);
  logged('Uncaught Exception', described, { source: error });
  host.exit(...described);
}
loop.setUncaught(uncaught);

function unhandledRejection(reason) {
  const [, , stack] = describe(reason);
  const text = errors.isError(reason) ? `${reason.name}: ${errors.message(reason)}` : String(reason);
  const described = ['Runtime.UnhandledPromiseRejection', text, `Runtime.UnhandledPromiseRejection: ${text}`];
  logged('Unhandled Promise Rejection', described, {
    fields: { reason: errors.isError(reason) ? { errorType: reason.name, errorMessage: errors.message(reason), stack: stack.split('\n') } : reason, promise: {} },
  });
  host.exit(...described);
}

function loadFailed(error) {
  let described = describe(error);
  if (error instanceof SyntaxError) {
    described = ['Runtime.UserCodeSyntaxError', `SyntaxError: ${described[1]}`, `Runtime.UserCodeSyntaxError: SyntaxError: ${described[1]}`];
  } else if (error?.code === 'MODULE_NOT_FOUND') {
    described = ['Runtime.ImportModuleError', `Error: ${described[1]}`, `Runtime.ImportModuleError: Error: ${described[1]}`];
  }
  loadError = described;
  logged('Uncaught Exception', described);
  host.fail(...described);
}

function handlerMissing(message) {
  const described = ['Runtime.HandlerNotFound', message, `Runtime.HandlerNotFound: ${message}`];
  loadError = described;
  logged('Uncaught Exception', described);
  host.fail(...described);
}

function useExports(exported) {
  const [, file, path] = /^(.*?)\.(.*)$/.exec(spec.handler.replace(/^.*\//, '')) ?? [null, spec.handler, ''];
  const name = spec.handler;
  const stem = spec.fileName.replace(/\.[^.]*$/, '');
  if (file !== stem) {
    const error = new Error(`Cannot find module '${file}'\nRequire stack:\n- /var/runtime/index.mjs`);
    error.code = 'MODULE_NOT_FOUND';
    return loadFailed(error);
  }
  let found = exported;
  for (const part of path.split('.')) found = found?.[part];
  if (found === undefined || found === null) return handlerMissing(`${name} is undefined or not exported`);
  if (typeof found !== 'function') return handlerMissing(`${name} is not a function`);
  handler = found;
}

function makeContext(requestId, deadlineMillis, callback) {
  const state = { waitForEmptyEventLoop: true };
  const arn = spec.functionArn;
  const context = {
    get callbackWaitsForEmptyEventLoop() { return state.waitForEmptyEventLoop; },
    set callbackWaitsForEmptyEventLoop(value) { state.waitForEmptyEventLoop = value; },
    succeed: (result) => { state.waitForEmptyEventLoop = false; callback(null, result); },
    fail: (error) => { callback(error === undefined || error === null ? 'handled' : error); },
    done: (error, result) => { state.waitForEmptyEventLoop = false; callback(error, result); },
    functionVersion: processLibrary.process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: spec.functionName,
    memoryLimitInMB: String(spec.memoryMb),
    logGroupName: processLibrary.process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: processLibrary.process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: undefined,
    identity: undefined,
    invokedFunctionArn: arn,
    awsRequestId: requestId,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadlineMillis - host.nowMicros() / 1000)),
  };
  return [context, state];
}

function resultText(result) {
  const text = JSON.stringify(result === undefined ? null : result);
  return text === undefined ? 'null' : text;
}

let current = 0;

function invoke(requestId, eventText, deadlineMillis) {
  if (handler === undefined) {
    host.fail(...(loadError ?? ['Runtime.HandlerNotFound', `${spec.handler} is undefined or not exported`, '']));
    return;
  }
  current += 1;
  const mine = current;
  let ended = false;
  const end = (error, result, whenIdle) => {
    if (ended || mine !== current) return;
    ended = true;
    if (error !== undefined && error !== null) {
      failInvocation(error);
      return;
    }
    let text;
    try {
      text = resultText(result);
    } catch (failure) {
      const described = ['Runtime.MarshalError', `Unable to stringify response body as json: ${failure.message}`, ''];
      logged('Invoke Error', described);
      host.fail(...described);
      return;
    }
    host.finish(text, whenIdle);
  };
  const callback = (error, result) => end(error, result, state.waitForEmptyEventLoop);
  const [context, state] = makeContext(requestId, deadlineMillis, callback);
  processLibrary.setRequest(requestId);
  let returned;
  try {
    returned = handler(JSON.parse(eventText), context, callback);
  } catch (error) {
    end(error ?? 'undefined');
    return;
  }
  if (typeof returned?.then === 'function') {
    returned.then((result) => end(null, result, false), (error) => end(error ?? new Error(String(error))));
  } else if (returned !== undefined && handler.length < 3) {
    host.notice('return-without-async', 'The handler returned a value but is neither async nor returns a promise. On AWS the value is ignored and the answer is null. Make the handler async, or call callback(null, result).');
  }
}

module.exports = {
  invoke,
  loadFailed,
  unhandledRejection,
  beginEsModule() { errors.setEsModule(); },
  useEsModule: useExports,
  loadCommonJs(compiled) {
    let exported;
    try {
      exported = modules.runMain(compiled);
    } catch (error) {
      loadFailed(error);
      return;
    }
    useExports(exported);
  },
};
