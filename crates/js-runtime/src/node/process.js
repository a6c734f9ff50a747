// `process`, as far as a handler may look.
const loop = require('event_loop');

const spec = host.spec;
const started = host.nowMicros();
const version = { 16: 'v16.20.2', 18: 'v18.20.4', 20: 'v20.18.1', 22: 'v22.11.0' }[/\d+/.exec(spec.runtime)?.[0]] ?? 'v20.18.1';
const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
const stream = Array.from({ length: 32 }, () => Math.floor(host.random() * 16).toString(16)).join('');
let requestId = '';

const env = {
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.functionName}`,
  AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${stream}`,
  AWS_LAMBDA_FUNCTION_NAME: spec.functionName,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
  AWS_REGION: spec.region,
  AWS_DEFAULT_REGION: spec.region,
  LAMBDA_TASK_ROOT: '/var/task',
  LAMBDA_RUNTIME_DIR: '/var/runtime',
  LANG: 'en_US.UTF-8',
  PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
  NODE_PATH: '/opt/nodejs/node_modules:/var/runtime/node_modules:/var/runtime:/var/task',
  TZ: ':UTC',
  _HANDLER: spec.handler,
};
for (const [name, value] of spec.environmentVariables) env[name] = value;

// Values of environment variables are always text.
const environment = new Proxy(env, {
  set(target, name, value) { target[name] = String(value); return true; },
});

function hrtime(previous) {
  const nanos = (host.nowMicros() - started) * 1000;
  let seconds = Math.floor(nanos / 1e9);
  let rest = nanos % 1e9;
  if (previous !== undefined) {
    seconds -= previous[0];
    rest -= previous[1];
    if (rest < 0) {
      seconds -= 1;
      rest += 1e9;
    }
  }
  return [seconds, rest];
}
hrtime.bigint = () => BigInt(Math.round(host.nowMicros() - started)) * 1000n;

const stdout = (level) => ({ write(text) { host.log(level, String(text).replace(/\n$/, '')); return true; }, isTTY: false });

const process = {
  title: 'node',
  version,
  versions: { node: version.slice(1) },
  arch: 'x64',
  platform: 'linux',
  argv: ['/var/lang/bin/node', '/var/runtime/index.mjs'],
  execArgv: [],
  env: environment,
  pid: 8,
  exitCode: undefined,
  release: { name: 'node' },
  stdout: stdout('INFO'),
  stderr: stdout('ERROR'),
  cwd: () => '/var/task',
  exit(code) {
    const status = Number(code ?? process.exitCode ?? 0);
    const text = status === 0 ? 'Runtime exited without providing a reason' : `Runtime exited with error: exit status ${status}`;
    host.exit('Runtime.ExitError', `RequestId: ${requestId} Error: ${text}`, '');
  },
  abort() { process.exit(134); },
  hrtime,
  uptime: () => (host.nowMicros() - started) / 1e6,
  memoryUsage: () => ({ rss: 64 << 20, heapTotal: 16 << 20, heapUsed: 8 << 20, external: 1 << 20, arrayBuffers: 0 }),
  nextTick: loop.nextTick,
  emitWarning(warning) { host.log('ERROR', `(node:8) Warning: ${warning?.message ?? warning}`); },
};
for (const name of ['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners', 'prependListener']) {
  process[name] = () => process;
}
process.emit = () => false;
process.listeners = () => [];

module.exports = { process, setRequest(id) { requestId = id; } };
