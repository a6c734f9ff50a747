// Builds the world that a handler sees and hands out what the host calls. Runs once per environment.
const cache = Object.create(null);

function internal(name) {
  if (!(name in cache)) {
    const module = { exports: {} };
    cache[name] = module;
    host.library(name)(module.exports, internal, module, host);
  }
  return cache[name].exports;
}

host.spec = JSON.parse(host.spec);
internal('bounds');
internal('globals');
const loop = internal('event_loop');
const lambda = internal('lambda');
const modules = internal('modules');

return {
  resolveImport: modules.resolveImport,
  loadCommonJs: lambda.loadCommonJs,
  beginEsModule: lambda.beginEsModule,
  useEsModule: lambda.useEsModule,
  loadFailed: lambda.loadFailed,
  ignoreRejection: (promise) => { promise.then(() => {}, () => {}); },
  unhandledRejection: lambda.unhandledRejection,
  invoke: lambda.invoke,
  answer: loop.guarded(internal('aws_operations').answer),
  drainTicks: loop.drainTicks,
  runMacrotask: loop.runMacrotask,
  isWaiting: loop.isWaiting,
  nextTimer: loop.nextTimer,
};
