// Errors as Node.js shows them: the messages of V8 for the frequent faults, and stacks without this library's frames.
let esModule = false;

const REWRITES = [
  [/^(require|exports|module|__filename|__dirname) is not defined$/, (_, name) => {
    if (!esModule) return undefined;
    const hint = name === 'require' ? ', you can use import instead' : '';
    return `${name} is not defined in ES module scope${hint}`;
  }],
  [/^cannot convert 'null' or 'undefined' to object$/, () => 'Cannot read properties of undefined or null'],
  [/^cannot access uninitialized binding '?(\w+)'?$/, (_, name) => `Cannot access '${name}' before initialization`],
  [/^cannot reassign '?(\w+)'? constant$|^assignment to const.*$|^cannot mutate an immutable binding '(\w+)'$/, () => 'Assignment to constant variable.'],
  [/^not a callable function$/, () => 'value is not a function'],
  [/^value is not iterable$|^value with type `\w+` is not iterable$/, () => 'value is not iterable'],
];

function message(error) {
  const text = String(error.message);
  for (const [pattern, rewrite] of REWRITES) {
    const match = pattern.exec(text);
    if (match !== null) return rewrite(...match) ?? text;
  }
  const read = /^cannot (read|convert|set) property '?([^' ]+)'? of (undefined|null)$/i.exec(text);
  if (read !== null) return `Cannot ${read[1].toLowerCase() === 'set' ? 'set' : 'read'} properties of ${read[3]} (${read[1].toLowerCase() === 'set' ? 'setting' : 'reading'} '${read[2]}')`;
  return text;
}

const ownStack = Object.getOwnPropertyDescriptor(Error.prototype, 'stack');

function frames(error) {
  let text;
  try {
    text = ownStack?.get?.call(error);
  } catch {
    text = undefined;
  }
  if (typeof text !== 'string') return '';
  return text.split('\n').filter((line) => /^\s+at /.test(line) && line.includes('/var/task/')).map((line) => `\n    ${line.trim()}`).join('');
}

function stack(error) {
  const own = Object.getOwnPropertyDescriptor(error, 'stack');
  if (own !== undefined && typeof own.value === 'string') return own.value;
  const text = message(error);
  const head = text === '' ? String(error.name) : `${error.name}: ${text}`;
  return head + frames(error);
}

Object.defineProperty(Error.prototype, 'stack', {
  configurable: true,
  get() { return stack(this); },
  set(value) { Object.defineProperty(this, 'stack', { value, writable: true, configurable: true, enumerable: false }); },
});
Error.captureStackTrace ??= (target) => {
  Object.defineProperty(target, 'stack', { value: `${target.name ?? 'Error'}: ${target.message ?? ''}`, writable: true, configurable: true });
};

module.exports = {
  message,
  stack,
  isError: (value) => value instanceof Error || (typeof value === 'object' && value !== null && Object.prototype.toString.call(value) === '[object Error]'),
  setEsModule() { esModule = true; },
  // An error with the `code` that Node.js gives it.
  coded(Type, code, text) {
    const error = new Type(text);
    error.code = code;
    return error;
  },
};
