// `aws-sdk`, version 2: clients whose methods take a callback, or return a request with `.promise()` and `.send()`.
const operations = require('aws_operations');
const EventEmitter = require('events');

function failure(code, message, extra) {
  const error = new Error(message);
  Object.defineProperty(error, 'name', { value: code, writable: true, configurable: true, enumerable: false });
  error.code = code;
  error.time = new Date();
  return Object.assign(error, extra);
}

function kind(value) {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

const TYPES = { MaxNumberOfMessages: 'number', VisibilityTimeout: 'number', WaitTimeSeconds: 'number', DelaySeconds: 'number', Entries: 'array' };

// What the client refuses before anything is sent.
function refusal(required, params) {
  const problems = [];
  for (const name of required) {
    if (params[name] === undefined || params[name] === null) {
      problems.push(['MissingRequiredParameter', `Missing required key '${name}' in params`]);
    }
  }
  for (const name of Object.keys(params)) {
    const value = params[name];
    if (value === undefined || value === null) continue;
    const wanted = TYPES[name] ?? (required.includes(name) || /^(cause|error|input|name|output|taskToken|MessageBody|QueueUrl|ReceiptHandle|QueueName)$/.test(name) ? 'string' : undefined);
    if (wanted === undefined || kind(value) === wanted) continue;
    if (wanted === 'string') problems.push(['InvalidParameterType', `Expected params.${name} to be a string`]);
    else if (wanted === 'array') problems.push(['InvalidParameterType', `Expected params.${name} to be an Array`]);
    else if (Number.isNaN(Number(value))) problems.push(['InvalidParameterType', `Expected params.${name} to be a number`]);
  }
  if (problems.length === 0) return null;
  if (problems.length === 1) return failure(problems[0][0], problems[0][1]);
  const lines = problems.map(([code, message]) => `\n* ${code}: ${message}`).join('');
  return failure('MultipleValidationErrors', `There were ${problems.length} validation errors:${lines}`, {
    errors: problems.map(([code, message]) => failure(code, message)),
  });
}

class Request extends EventEmitter {
  #sent = false;
  constructor(service, operation, params) {
    super();
    this.operation = operation[0].toLowerCase() + operation.slice(1);
    this.params = { ...service.config.params, ...params };
    this.service = service;
    this.response = {};
    Object.defineProperty(this, 'name', { value: operation });
  }
  send(callback) {
    if (this.#sent) return this;
    this.#sent = true;
    const finish = (error, data) => {
      const requestId = operations.requestId();
      this.response = { error, data, requestId, request: this };
      if (callback !== undefined) callback.call(this.response, error, data);
      this.emit(error === null ? 'success' : 'error', error === null ? this.response : error, this.response);
      this.emit('complete', this.response);
    };
    const { prefix, known } = this.service.constructor;
    const refused = refusal(known[this.name], this.params);
    if (refused !== null) {
      process.nextTick(finish, refused, null);
      return this;
    }
    operations.call(prefix, this.name, this.params, (error, answer) => {
      if (error === null) return finish(null, answer);
      const requestId = operations.requestId();
      return finish(failure(error.code, error.message, { requestId, statusCode: error.status, retryable: error.status >= 500, retryDelay: 50 }), null);
    });
    return this;
  }
  // An error without a listener is the callback's business.
  emit(name, ...args) { return name === 'error' && this.listenerCount('error') === 0 ? false : super.emit(name, ...args); }
  promise() {
    return new Promise((resolve, reject) => {
      this.send((error, data) => (error ? reject(error) : resolve(data)));
    });
  }
  abort() { return this; }
}

function client(name, prefix, apiVersion) {
  const known = operations.SERVICES[prefix];
  const Service = {
    [name]: class {
      constructor(options = {}) {
        this.config = { ...AWS.config, ...options };
        this.apiVersions = [apiVersion];
        this.endpoint = { hostname: `${prefix}.${this.config.region}.amazonaws.com` };
      }
    },
  }[name];
  Service.prefix = prefix;
  Service.known = known;
  for (const operation of Object.keys(known)) {
    const method = operation[0].toLowerCase() + operation.slice(1);
    Service.prototype[method] = function (params, callback) {
      if (typeof params === 'function') return new Request(this, operation, {}).send(params);
      const request = new Request(this, operation, params);
      if (typeof callback === 'function') request.send(callback);
      return request;
    };
  }
  return Service;
}

class Config {
  constructor(options) { Object.assign(this, options); }
  update(options) { Object.assign(this, options); }
}

const AWS = {
  VERSION: '2.1692.0',
  Config,
  config: new Config({ region: host.spec.region, maxRetries: undefined }),
  Request,
};
AWS.StepFunctions = client('StepFunctions', 'states', '2016-11-23');
AWS.SQS = client('SQS', 'sqs', '2012-11-05');
for (const name of ['CloudWatch', 'DynamoDB', 'EventBridge', 'Lambda', 'S3', 'SES', 'SNS', 'SSM', 'SecretsManager', 'STS']) {
  AWS[name] = class {
    constructor() { throw new Error(`AWS.${name} is not simulated here; AWS.StepFunctions and AWS.SQS are.`); }
  };
}
module.exports = AWS;
