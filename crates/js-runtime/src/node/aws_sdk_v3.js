// `@aws-sdk/client-sfn` and `@aws-sdk/client-sqs`, version 3: `client.send(new SomeCommand(input))`.
const operations = require('aws_operations');

const ERRORS = {
  states: [
    'ActivityDoesNotExist', 'ExecutionAlreadyExists', 'ExecutionDoesNotExist', 'ExecutionLimitExceeded', 'InvalidArn', 'InvalidExecutionInput',
    'InvalidName', 'InvalidOutput', 'InvalidToken', 'KmsAccessDeniedException', 'StateMachineDeleting', 'StateMachineDoesNotExist', 'TaskDoesNotExist',
    'TaskTimedOut', 'ValidationException',
  ],
  sqs: [
    'BatchEntryIdsNotDistinct', 'BatchRequestTooLong', 'EmptyBatchRequest', 'InvalidAttributeName', 'InvalidBatchEntryId', 'InvalidMessageContents',
    'MessageNotInflight', 'OverLimit', 'QueueDoesNotExist', 'ReceiptHandleIsInvalid', 'RequestThrottled', 'TooManyEntriesInBatchRequest',
    'UnsupportedOperation',
  ],
};

function metadata(status) {
  return { httpStatusCode: status, requestId: operations.requestId(), extendedRequestId: undefined, cfId: undefined, attempts: 1, totalRetryDelay: 0 };
}

function sdk(clientName, prefix) {
  const known = operations.SERVICES[prefix];
  const module = {};

  class ServiceException extends Error {
    constructor(options) {
      super(options.message);
      this.name = options.name;
      this.$fault = options.$fault ?? 'client';
      this.$metadata = options.$metadata ?? {};
    }
  }
  Object.defineProperty(ServiceException, 'name', { value: `${clientName}ServiceException` });
  module[`${clientName}ServiceException`] = ServiceException;
  for (const name of ERRORS[prefix]) {
    module[name] = { [name]: class extends ServiceException {
      constructor(options) { super({ name, $fault: 'client', ...options }); }
    } }[name];
  }

  class Client {
    constructor(configuration = {}) {
      const region = configuration.region ?? host.spec.region;
      this.config = { ...configuration, region: () => Promise.resolve(region), serviceId: clientName };
      this.middlewareStack = { add() {}, use() {}, remove() {}, addRelativeTo() {} };
    }
    send(command, ...rest) {
      const callback = rest.find((argument) => typeof argument === 'function');
      const promise = new Promise((resolve, reject) => {
        if (!(command instanceof Command)) throw new TypeError(`${clientName}Client.send needs a command of its own service.`);
        const { operation } = command.constructor;
        operations.call(prefix, operation, command.input, (error, answer) => {
          if (error === null) return resolve({ $metadata: metadata(200), ...answer });
          const Failure = ERRORS[prefix].includes(error.code) ? module[error.code] : ServiceException;
          return reject(new Failure({ name: error.code, message: error.message, $fault: error.status >= 500 ? 'server' : 'client', $metadata: metadata(error.status) }));
        });
      });
      if (callback === undefined) return promise;
      promise.then((answer) => callback(null, answer), (error) => callback(error));
      return undefined;
    }
    destroy() {}
  }
  class Command {
    constructor(input) { this.input = input ?? {}; }
  }
  const Named = { [`${clientName}Client`]: class extends Client {} }[`${clientName}Client`];
  const Aggregated = { [clientName]: class extends Named {} }[clientName];
  for (const operation of Object.keys(known)) {
    const name = `${operation}Command`;
    module[name] = { [name]: class extends Command { static operation = operation; } }[name];
    const method = operation[0].toLowerCase() + operation.slice(1);
    Aggregated.prototype[method] = function (input, ...rest) { return this.send(new module[name](input), ...rest); };
  }
  module[`${clientName}Client`] = Named;
  module[clientName] = Aggregated;
  return module;
}

module.exports = { sfn: sdk('SFN', 'states'), sqs: sdk('SQS', 'sqs') };
