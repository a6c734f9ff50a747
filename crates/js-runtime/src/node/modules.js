// What `require` and `import` find.
const { coded } = require('errors');

const NOT_SIMULATED = [
  'child_process', 'cluster', 'dgram', 'diagnostics_channel', 'dns', 'domain', 'fs', 'fs/promises', 'http', 'http2', 'https', 'inspector',
  'net', 'os', 'perf_hooks', 'querystring', 'readline', 'repl', 'stream', 'stream/promises', 'tls', 'tty', 'v8', 'vm',
  'worker_threads', 'zlib',
];

const BUILT_IN = {
  assert: () => require('assert'),
  'assert/strict': () => require('assert'),
  buffer: () => require('buffer'),
  console: () => require('console'),
  crypto: () => require('crypto'),
  events: () => require('events'),
  path: () => require('util').path,
  process: () => require('process').process,
  timers: () => require('event_loop').globals,
  'timers/promises': () => require('util').timersPromises,
  url: () => ({ URL: globalThis.URL, URLSearchParams: globalThis.URLSearchParams }),
  util: () => require('util').util,
};

const SDK = {
  '@aws-sdk/client-sfn': () => require('aws_sdk_v3').sfn,
  '@aws-sdk/client-sqs': () => require('aws_sdk_v3').sqs,
};

const version = Number(/\d+/.exec(host.spec.runtime)?.[0] ?? 20);
const file = `/var/task/${host.spec.fileName}`;

function noticeSdkV2() {
  host.notice('aws-sdk-v2-missing', `The ${host.spec.runtime} runtime does not contain aws-sdk (version 2). On AWS this fails unless the package is deployed with the function. It works here. To mend it, use @aws-sdk/client-sfn and @aws-sdk/client-sqs, which the runtime contains.`);
}

// Undefined: there is no such module.
function find(specifier) {
  const name = specifier.replace(/^node:/, '');
  if (Object.hasOwn(BUILT_IN, name)) return BUILT_IN[name]();
  if (NOT_SIMULATED.includes(name)) {
    throw coded(Error, 'ERR_NOT_SIMULATED', `The module '${specifier}' is not simulated here: a handler has no files, processes or network, only the AWS SDK.`);
  }
  if (specifier === 'aws-sdk' || specifier.startsWith('aws-sdk/')) {
    if (version < 18) return sdkV2(specifier);
    if (!host.spec.strictModules) {
      noticeSdkV2();
      return sdkV2(specifier);
    }
    return undefined;
  }
  if (Object.hasOwn(SDK, specifier)) {
    if (version >= 18) return SDK[specifier]();
    if (host.spec.strictModules) return undefined;
    host.notice('aws-sdk-v3-missing', `The ${host.spec.runtime} runtime contains aws-sdk (version 2), not ${specifier}. On AWS this fails unless the package is deployed with the function. It works here.`);
    return SDK[specifier]();
  }
  if (specifier.startsWith('@aws-sdk/')) {
    throw coded(Error, 'ERR_NOT_SIMULATED', `The module '${specifier}' is not simulated here; @aws-sdk/client-sfn and @aws-sdk/client-sqs are.`);
  }
  return undefined;
}

function sdkV2(specifier) {
  const sdk = require('aws_sdk_v2');
  const client = /^aws-sdk\/clients\/(\w+)$/.exec(specifier)?.[1];
  if (specifier === 'aws-sdk') return sdk;
  if (client === 'stepfunctions') return sdk.StepFunctions;
  if (client === 'sqs') return sdk.SQS;
  return undefined;
}

function requireFor(specifier) {
  if (typeof specifier !== 'string') {
    throw coded(TypeError, 'ERR_INVALID_ARG_TYPE', `The "id" argument must be of type string. Received ${typeof specifier}`);
  }
  const found = find(specifier);
  if (found !== undefined) return found;
  const error = coded(Error, 'MODULE_NOT_FOUND', `Cannot find module '${specifier}'\nRequire stack:\n- ${file}\n- /var/runtime/index.mjs`);
  error.requireStack = [file, '/var/runtime/index.mjs'];
  throw error;
}

module.exports = {
  resolveImport(specifier) {
    const found = find(specifier);
    if (found !== undefined) return found;
    const what = /^[./]/.test(specifier) ? `module '${specifier.replace(/^\.\//, '/var/task/')}'` : `package '${specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/')}'`;
    throw coded(Error, 'ERR_MODULE_NOT_FOUND', `Cannot find ${what} imported from ${file}`);
  },
  // Runs the function's file as CommonJS and returns its exports.
  runMain(compiled) {
    const main = { exports: {}, id: '.', filename: file, loaded: false, children: [], paths: [] };
    const require = (specifier) => requireFor(specifier);
    require.main = main;
    require.cache = {};
    require.resolve = (specifier) => { requireFor(specifier); return specifier; };
    main.require = require;
    compiled.call(main.exports, main.exports, require, main, file, '/var/task');
    main.loaded = true;
    return main.exports;
  },
};
BUILT_IN.module = () => ({ createRequire: () => requireFor, builtinModules: Object.keys(BUILT_IN) });
