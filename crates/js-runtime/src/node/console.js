// `console`, whose lines become the function's log.
const { format, inspect } = require('inspect');

const counts = new Map();
const started = new Map();
let indent = '';

function write(level, args) {
  let text = format(...args);
  if (indent !== '') text = indent + text.replaceAll('\n', `\n${indent}`);
  host.log(level, text);
}

function elapsed(label) {
  const millis = (host.nowMicros() - (started.get(label) ?? host.nowMicros())) / 1000;
  return millis >= 1000 ? `${(millis / 1000).toFixed(3)}s` : `${Number(millis.toFixed(3))}ms`;
}

function table(rows) {
  if (rows === null || typeof rows !== 'object') return write('INFO', [rows]);
  const columns = [];
  let plain = false;
  for (const key of Object.keys(rows)) {
    const row = rows[key];
    if (row === null || typeof row !== 'object') plain = true;
    else for (const column of Object.keys(row)) if (!columns.includes(column)) columns.push(column);
  }
  const head = ['(index)', ...columns, ...(plain ? ['Values'] : [])];
  const lines = Object.keys(rows).map((key) => {
    const row = rows[key];
    const isObject = row !== null && typeof row === 'object';
    return [key, ...columns.map((column) => (isObject && Object.hasOwn(row, column) ? inspect(row[column], { depth: 0 }) : '')), ...(plain ? [isObject ? '' : inspect(row)] : [])];
  });
  const widths = head.map((text, at) => Math.max(text.length, ...lines.map((line) => line[at].length)) + 2);
  const rule = (left, middle, right) => left + widths.map((width) => '─'.repeat(width)).join(middle) + right;
  const line = (cells) => `│${cells.map((cell, at) => ` ${cell}`.padEnd(widths[at])).join('│')}│`;
  host.log('INFO', [rule('┌', '┬', '┐'), line(head), rule('├', '┼', '┤'), ...lines.map(line), rule('└', '┴', '┘')].join('\n'));
}

const console = {
  log: (...args) => write('INFO', args),
  info: (...args) => write('INFO', args),
  warn: (...args) => write('WARN', args),
  error: (...args) => write('ERROR', args),
  debug: (...args) => write('DEBUG', args),
  trace: (...args) => write('TRACE', [`Trace${args.length > 0 ? ': ' : ''}${format(...args)}`]),
  dir: (value, options) => host.log('INFO', inspect(value, options)),
  table,
  assert: (condition, ...args) => {
    if (condition) return;
    if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`;
    else args.unshift('Assertion failed');
    write('WARN', args);
  },
  count: (label = 'default') => {
    counts.set(label, (counts.get(label) ?? 0) + 1);
    write('INFO', [`${label}: ${counts.get(label)}`]);
  },
  countReset: (label = 'default') => { counts.delete(label); },
  group: (...args) => {
    if (args.length > 0) write('INFO', args);
    indent += '  ';
  },
  groupEnd: () => { indent = indent.slice(2); },
  time: (label = 'default') => { started.set(label, host.nowMicros()); },
  timeLog: (label = 'default', ...args) => write('INFO', [`${label}: ${elapsed(label)}`, ...args]),
  timeEnd: (label = 'default') => {
    write('INFO', [`${label}: ${elapsed(label)}`]);
    started.delete(label);
  },
};
console.groupCollapsed = console.group;
module.exports = console;
