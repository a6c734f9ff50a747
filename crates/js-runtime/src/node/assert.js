// `assert`, the calls that handlers use.
const { inspect } = require('inspect');
const { sameValues } = require('util');

class AssertionError extends Error {
  constructor({ message, actual, expected, operator }) {
    super(message);
    this.name = 'AssertionError';
    this.code = 'ERR_ASSERTION';
    Object.assign(this, { generatedMessage: false, actual, expected, operator });
  }
}

function check(passed, message, fallback, actual, expected, operator) {
  if (passed) return;
  if (message instanceof Error) throw message;
  throw new AssertionError({ message: message ?? fallback(), actual, expected, operator });
}

const compare = (operator, words, same) => (actual, expected, message) => {
  check(same(actual, expected), message, () => `${words}\n\n${inspect(actual)} !== ${inspect(expected)}\n`, actual, expected, operator);
};

function assert(value, message) {
  check(value, message, () => 'The expression evaluated to a falsy value', value, true, '==');
}

function matches(error, expected) {
  if (expected === undefined) return true;
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function') return error instanceof expected || expected(error) === true;
  return Object.keys(expected).every((key) => (expected[key] instanceof RegExp ? expected[key].test(error[key]) : sameValues(error[key], expected[key])));
}

Object.assign(assert, {
  AssertionError,
  ok: assert,
  equal: compare('==', 'Expected values to be loosely equal:', (left, right) => left == right),
  notEqual: compare('!=', 'Expected values to be loosely unequal:', (left, right) => left != right),
  strictEqual: compare('strictEqual', 'Expected values to be strictly equal:', Object.is),
  notStrictEqual: compare('notStrictEqual', 'Expected values to be strictly unequal:', (left, right) => !Object.is(left, right)),
  deepStrictEqual: compare('deepStrictEqual', 'Expected values to be strictly deep-equal:', (left, right) => sameValues(left, right)),
  deepEqual: compare('deepEqual', 'Expected values to be loosely deep-equal:', (left, right) => sameValues(left, right)),
  fail(message = 'Failed') { check(false, message, () => message); },
  throws(fn, expected, message) {
    try {
      fn();
    } catch (error) {
      if (!matches(error, typeof expected === 'string' ? undefined : expected)) throw error;
      return;
    }
    check(false, message, () => 'Missing expected exception.');
  },
  async rejects(promise, expected, message) {
    try {
      await (typeof promise === 'function' ? promise() : promise);
    } catch (error) {
      if (!matches(error, typeof expected === 'string' ? undefined : expected)) throw error;
      return;
    }
    check(false, message, () => 'Missing expected rejection.');
  },
});
assert.strict = assert;
module.exports = assert;
