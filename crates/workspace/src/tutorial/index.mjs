import { SFNClient, SendTaskSuccessCommand, SendTaskFailureCommand } from "@aws-sdk/client-sfn";

const stepFunctions = new SFNClient({});

// Each message carries the token of a task that waits for our answer.
export const handler = async (event) => {
  for (const record of event.Records) {
    const { Order: order, TaskToken: taskToken } = JSON.parse(record.body);
    console.log("Checking the stock for", order);

    if (order?.quantity > 100) {
      await stepFunctions.send(new SendTaskFailureCommand({
        taskToken,
        error: "OutOfStock",
        cause: `Only 100 pieces are left, ${order.quantity} were ordered.`,
      }));
    } else {
      await stepFunctions.send(new SendTaskSuccessCommand({
        taskToken,
        output: JSON.stringify({ inStock: true }),
      }));
    }
    console.log("Answered Step Functions");
  }
};
