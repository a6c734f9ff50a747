// `util.inspect` and `util.format`: values as Node.js prints them.
const errors = require('errors');

const DEFAULTS = { depth: 2, breakLength: 80, compact: 3, showHidden: false, maxArrayLength: 100, maxStringLength: 10000, sorted: false };
const custom = Symbol.for('nodejs.util.inspect.custom');
const ESCAPES = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\' };

function quote(text) {
  let mark = "'";
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"';
    else if (!text.includes('`') && !text.includes('${')) mark = '`';
  }
  let out = '';
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (character === mark) out += `\\${mark}`;
    else if (ESCAPES[character] !== undefined) out += ESCAPES[character];
    else if (code < 32 || code === 127) out += `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
    else out += character;
  }
  return mark + out + mark;
}

function plural(count, what) {
  return `... ${count} more ${what}${count > 1 ? 's' : ''}`;
}

function primitive(value, state) {
  switch (typeof value) {
    case 'string': {
      const most = state.options.maxStringLength;
      if (value.length > most) return `${quote(value.slice(0, most))}${plural(value.length - most, 'character')}`;
      return quote(value);
    }
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint': return `${value}n`;
    case 'symbol': return value.toString();
    default: return String(value);
  }
}

function keyText(key) {
  if (typeof key === 'symbol') return `[${key.toString()}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key);
}

function constructorName(value) {
  for (let object = value; object !== null; object = Object.getPrototypeOf(object)) {
    const own = Object.getOwnPropertyDescriptor(object, 'constructor');
    if (own !== undefined && typeof own.value === 'function' && own.value.name !== '') return own.value.name;
  }
  return null;
}

function prefixOf(name, fallback, tag, size) {
  let text = name === null ? `[${fallback}${size}: null prototype] ` : `${name}${size} `;
  if (tag !== '' && tag !== name) text += `[${tag}] `;
  return text;
}

function property(value, key, state, depth, isArray) {
  const own = Object.getOwnPropertyDescriptor(value, key);
  let text;
  if (own === undefined || 'value' in own) {
    state.indent += 2;
    text = show(own === undefined ? value[key] : own.value, state, depth + 1);
    state.indent -= 2;
  } else if (own.get !== undefined) {
    text = own.set !== undefined ? '[Getter/Setter]' : '[Getter]';
  } else {
    text = own.set !== undefined ? '[Setter]' : 'undefined';
  }
  if (isArray) return text;
  return `${own?.enumerable === false ? `[${String(key)}]` : keyText(key)}: ${text}`;
}

function keysOf(value, state) {
  const keys = state.options.showHidden ? Object.getOwnPropertyNames(value) : Object.keys(value);
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (Object.prototype.propertyIsEnumerable.call(value, symbol)) keys.push(symbol);
  }
  return keys;
}

function isIndex(key) {
  return typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key);
}

function elements(value, state, depth) {
  const out = [];
  const most = Math.min(state.options.maxArrayLength ?? Infinity, value.length);
  let at = 0;
  while (at < value.length && out.length < most) {
    if (!Object.hasOwn(value, at)) {
      let holes = 0;
      while (at < value.length && holes < 1000000 && !Object.hasOwn(value, at)) {
        at += 1;
        holes += 1;
      }
      out.push(`<${holes} empty item${holes > 1 ? 's' : ''}>`);
      continue;
    }
    out.push(property(value, at, state, depth, true));
    at += 1;
  }
  if (at < value.length) out.push(plural(value.length - at, 'item'));
  return out;
}

function showError(value, state, keys) {
  let text = errors.stack(value);
  const name = value.name ?? 'Error';
  if (!text.includes('\n    at ')) text = `[${text}]`;
  // A class of its own shows its name even when it did not set `name`.
  const made = constructorName(value);
  if (made !== null && made !== name && text.startsWith(name) && !text.includes(made) && name === 'Error') text = made + text.slice(name.length);
  for (const hidden of ['name', 'message', 'stack']) {
    const at = keys.indexOf(hidden);
    if (at !== -1 && text.includes(String(value[hidden]))) keys.splice(at, 1);
  }
  if (Object.hasOwn(value, 'cause') && !keys.includes('cause')) keys.push('cause');
  if (state.indent > 0) text = text.replaceAll('\n', `\n${' '.repeat(state.indent)}`);
  return text;
}

function show(value, state, depth) {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return primitive(value, state);
  const own = value[custom];
  if (typeof own === 'function' && own !== inspect) {
    const shown = own.call(value, state.options.depth - depth, state.options, inspect);
    if (typeof shown === 'string') return shown;
    if (shown !== value) return show(shown, state, depth);
  }
  if (state.seen.includes(value)) {
    if (!state.circular.includes(value)) state.circular.push(value);
    return `[Circular *${state.circular.indexOf(value) + 1}]`;
  }
  return showObject(value, state, depth);
}

function showObject(value, state, depth) {
  const name = constructorName(value);
  let tag = value[Symbol.toStringTag];
  if (typeof tag !== 'string') tag = '';
  let keys = keysOf(value, state);
  let braces = ['{', '}'];
  let base = '';
  let list = () => [];
  let isList = false;

  if (Array.isArray(value)) {
    keys = keys.filter((key) => !isIndex(key));
    const prefix = name === 'Array' && tag === '' ? '' : prefixOf(name, 'Array', tag, `(${value.length})`);
    braces = [`${prefix}[`, ']'];
    isList = true;
    if (value.length === 0 && keys.length === 0) return `${braces[0]}]`;
    list = () => elements(value, state, depth);
  } else if (value instanceof Set || value instanceof Map) {
    const isSet = value instanceof Set;
    braces[0] = `${prefixOf(name, isSet ? 'Set' : 'Map', '', `(${value.size})`)}{`;
    if (value.size === 0 && keys.length === 0) return `${braces[0]}}`;
    list = () => {
      state.indent += 2;
      const out = isSet
        ? [...value].map((item) => show(item, state, depth + 1))
        : [...value].map(([key, item]) => `${show(key, state, depth + 1)} => ${show(item, state, depth + 1)}`);
      state.indent -= 2;
      return out;
    };
  } else if (ArrayBuffer.isView(value) && typeof value.length === 'number') {
    keys = keys.filter((key) => !isIndex(key));
    braces = [`${prefixOf(name, 'Uint8Array', '', `(${value.length})`)}[`, ']'];
    isList = true;
    if (value.length === 0) return `${braces[0]}]`;
    list = () => elements(value, state, depth);
  } else if (typeof value === 'function') {
    const isClass = Object.getOwnPropertyDescriptor(value, 'prototype')?.writable === false && !Function.prototype.toString.call(value).includes('[native code]');
    const parent = isClass ? Object.getPrototypeOf(value)?.name : '';
    const kind = isClass ? 'class' : name ?? 'Function';
    const label = value.name === '' ? ' (anonymous)' : `${isClass ? ' ' : ': '}${value.name}`;
    base = `[${kind}${label}${isClass && parent ? ` extends ${parent}` : ''}]`;
    if (keys.length === 0) return base;
  } else if (errors.isError(value)) {
    base = showError(value, state, keys);
    if (keys.length === 0) return base;
  } else if (value instanceof RegExp) {
    base = RegExp.prototype.toString.call(value);
    if (keys.length === 0) return base;
  } else if (value instanceof Date) {
    base = Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
    if (keys.length === 0) return base;
  } else if (value instanceof Promise) {
    braces[0] = 'Promise {';
    list = () => ['<pending>'];
  } else if (value instanceof WeakSet || value instanceof WeakMap) {
    braces[0] = `${name} {`;
    list = () => ['<items unknown>'];
  } else if (value instanceof Number || value instanceof String || value instanceof Boolean) {
    base = `[${name}: ${primitive(value.valueOf(), state)}]`;
    keys = keys.filter((key) => !isIndex(key));
    if (keys.length === 0) return base;
  } else {
    if (Object.prototype.toString.call(value) === '[object Arguments]') braces[0] = '[Arguments] {';
    else if (name !== 'Object' || tag !== '') braces[0] = `${prefixOf(name, 'Object', tag, '')}{`;
    if (keys.length === 0) return `${braces[0]}}`;
  }

  if (depth > (state.options.depth ?? Infinity) || depth > 90) {
    return `[${Array.isArray(value) ? 'Array' : name === null ? 'Object: null prototype' : name}]`;
  }
  state.seen.push(value);
  state.current = depth;
  const out = list();
  const listed = out.length;
  if (state.options.sorted) keys.sort();
  for (const key of keys) out.push(property(value, key, state, depth, false));
  state.seen.pop();
  const reference = state.circular.indexOf(value);
  if (reference !== -1) {
    const mark = `<ref *${reference + 1}> `;
    if (base === '') braces[0] = mark + braces[0];
    else base = mark + base;
  }
  return join(out, base, braces, state, depth, isList && listed > 6 && out.length === listed ? value : undefined);
}

// Short lists on one line, long lists of short items in columns, everything else one entry per line.
function join(out, base, braces, state, depth, value) {
  // As Node.js does, `state.current` is the level of the entry shown last: at most three levels share a line.
  const { compact, breakLength } = state.options;
  const entries = out.length;
  let grouped = out;
  if (value !== undefined && compact >= 1) grouped = columns(out, state, value);
  const isGrouped = grouped !== out;
  if (state.current - depth < compact && entries === grouped.length) {
    const start = grouped.length + state.indent + braces[0].length + base.length + 10;
    const total = grouped.reduce((sum, text) => sum + text.length, grouped.length + start);
    if (!isGrouped && total <= breakLength && !grouped.some((text) => text.includes('\n')) && !base.includes('\n')) {
      return `${base === '' ? '' : `${base} `}${braces[0]} ${grouped.join(', ')} ${braces[1]}`;
    }
  }
  const indent = `\n${' '.repeat(state.indent)}`;
  return `${base === '' ? '' : `${base} `}${braces[0]}${indent}  ${grouped.join(`,${indent}  `)}${indent}${braces[1]}`;
}

function columns(out, state, value) {
  let total = 0;
  let longest = 0;
  const more = value.length > out.length || out[out.length - 1].startsWith('... ');
  const count = more ? out.length - 1 : out.length;
  const lengths = [];
  for (let at = 0; at < count; at += 1) {
    lengths.push(out[at].length);
    total += out[at].length + 2;
    longest = Math.max(longest, out[at].length);
  }
  const width = longest + 2;
  if (!(width * 3 + state.indent < state.options.breakLength && (total / width > 5 || longest <= 6))) return out;
  const bias = Math.sqrt(width - total / out.length);
  const biased = Math.max(width - 3 - bias, 1);
  const perLine = Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((state.options.breakLength - state.indent) / width),
    state.options.compact * 4,
    15,
  );
  if (perLine <= 1) return out;
  const widths = [];
  for (let column = 0; column < perLine; column += 1) {
    let most = 0;
    for (let at = column; at < count; at += perLine) most = Math.max(most, lengths[at]);
    widths.push(most + 2);
  }
  const numeric = Array.prototype.every.call(value, (item) => typeof item === 'number' || typeof item === 'bigint');
  const lines = [];
  for (let at = 0; at < count; at += perLine) {
    const end = Math.min(at + perLine, count);
    let line = '';
    for (let cell = at; cell < end - 1; cell += 1) {
      const text = `${out[cell]}, `;
      line += numeric ? text.padStart(widths[cell - at]) : text.padEnd(widths[cell - at]);
    }
    line += numeric ? out[end - 1].padStart(widths[end - 1 - at] - 2) : out[end - 1];
    lines.push(line);
  }
  if (more) lines.push(out[count]);
  return lines;
}

function inspect(value, options, ...legacy) {
  let chosen = options;
  if (typeof options === 'boolean') chosen = { showHidden: options, depth: legacy[0] };
  chosen = { ...DEFAULTS, ...chosen };
  if (chosen.depth === null) chosen.depth = Infinity;
  if (chosen.depth === undefined) chosen.depth = DEFAULTS.depth;
  if (chosen.compact === true) chosen.compact = 3;
  if (chosen.compact === false) chosen.compact = 0;
  return show(value, { options: chosen, seen: [], circular: [], indent: 0, current: 0 }, 0);
}
inspect.custom = custom;
inspect.defaultOptions = { ...DEFAULTS };

function format(first, ...rest) {
  const parts = [];
  let at = 0;
  if (typeof first === 'string') {
    if (rest.length === 0) return first;
    parts.push(first.replace(/%[sdifjoOc%]/g, (code) => {
      if (code === '%%') return '%';
      if (at >= rest.length) return code;
      const value = rest[at++];
      switch (code) {
        case '%s':
          if (typeof value === 'bigint') return `${value}n`;
          if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
          if (value === null || typeof value !== 'object') return String(value);
          if (errors.isError(value) || (Object.hasOwn(value, 'toString') && typeof value.toString === 'function')) return String(value);
          return inspect(value, { depth: 0 });
        case '%d': return typeof value === 'bigint' ? `${value}n` : typeof value === 'object' ? 'NaN' : String(Number(value));
        case '%i': return typeof value === 'object' ? 'NaN' : String(parseInt(value, 10));
        case '%f': return String(parseFloat(value));
        case '%j':
          try {
            return JSON.stringify(value);
          } catch {
            return '[Circular]';
          }
        case '%o': return inspect(value, { showHidden: true, depth: 4 });
        case '%O': return inspect(value);
        default: return '';
      }
    }));
  } else {
    parts.push(inspect(first));
  }
  if (arguments.length === 0) return '';
  for (; at < rest.length; at += 1) parts.push(typeof rest[at] === 'string' ? rest[at] : inspect(rest[at]));
  return parts.join(' ');
}

module.exports = { inspect, format };
