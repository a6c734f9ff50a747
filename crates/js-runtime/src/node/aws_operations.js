// The AWS operations that the SDKs here can call. This file knows names and required parameters, not what they do.
const loop = require('event_loop');

// Operation: required parameters.
const SERVICES = {
  states: {
    SendTaskSuccess: ['taskToken', 'output'],
    SendTaskFailure: ['taskToken'],
    SendTaskHeartbeat: ['taskToken'],
    StartExecution: ['stateMachineArn'],
    StopExecution: ['executionArn'],
    DescribeExecution: ['executionArn'],
  },
  sqs: {
    SendMessage: ['QueueUrl', 'MessageBody'],
    SendMessageBatch: ['QueueUrl', 'Entries'],
    ReceiveMessage: ['QueueUrl'],
    DeleteMessage: ['QueueUrl', 'ReceiptHandle'],
    DeleteMessageBatch: ['QueueUrl', 'Entries'],
    ChangeMessageVisibility: ['QueueUrl', 'ReceiptHandle', 'VisibilityTimeout'],
    ChangeMessageVisibilityBatch: ['QueueUrl', 'Entries'],
    GetQueueUrl: ['QueueName'],
    GetQueueAttributes: ['QueueUrl'],
  },
};

// Members that are not text: what the SDK refuses them with, and dates in answers.
const DATES = ['startDate', 'stopDate', 'redriveDate'];

const waiting = new Map();

function revive(answer) {
  for (const name of DATES) {
    if (typeof answer[name] === 'number') answer[name] = new Date(answer[name] * 1000);
  }
  return answer;
}

module.exports = {
  SERVICES,
  // `done(failure, answer)`; a failure is { code, message, status }.
  call(service, operation, params, done) {
    const id = host.call(`${service}:${operation}`, JSON.stringify(params ?? {}));
    waiting.set(id, done);
    loop.callOpened();
  },
  answer(id, json, code, message, status) {
    const done = waiting.get(id);
    if (done === undefined) return;
    waiting.delete(id);
    loop.callClosed();
    if (json === null) done({ code, message, status });
    else done(null, revive(JSON.parse(json === '' ? '{}' : json)));
  },
  requestId: () => require('crypto').randomUUID(),
};
