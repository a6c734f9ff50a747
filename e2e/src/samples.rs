//! A small system of our own: a workflow asks an oven for a loaf and waits until the oven answers.

/// Its queue.
pub const QUEUE: &str = "Ovens";
pub const MACHINE: &str = "BakeBread";
pub const ROLE: &str = "oven-role";
pub const FUNCTION: &str = "Oven";

/// A task that waits for a token, a success, and a catch that ends in a failure.
pub const DEFINITION: &str = r#"{
  "Comment": "Asks the oven for a loaf and waits for its answer.",
  "StartAt": "Bake bread",
  "States": {
    "Bake bread": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/Ovens",
        "MessageBody": { "loaf.$": "$.loaf", "token.$": "$$.Task.Token" }
      },
      "Catch": [{ "ErrorEquals": ["OvenCold"], "ResultPath": "$.problem", "Next": "Apologise" }],
      "Next": "Deliver"
    },
    "Deliver": { "Type": "Succeed" },
    "Apologise": { "Type": "Fail", "Error": "NoBread", "Cause": "The oven stayed cold." }
  }
}
"#;

/// Bakes what is asked for, except `stone`.
pub const HANDLER: &str = r#"import { SFNClient, SendTaskSuccessCommand, SendTaskFailureCommand } from "@aws-sdk/client-sfn";

const steps = new SFNClient({});

export const handler = async (event) => {
  for (const record of event.Records) {
    const { loaf, token } = JSON.parse(record.body);
    console.log("asked for", loaf);
    if (loaf === "stone") {
      await steps.send(new SendTaskFailureCommand({ taskToken: token, error: "OvenCold", cause: "no " + loaf }));
    } else {
      await steps.send(new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify({ baked: loaf }) }));
    }
  }
};
"#;

/// Never comes to an end.
pub const ENDLESS_HANDLER: &str = r#"export const handler = async () => {
  console.log("kneading");
  for (;;) {}
};
"#;

/// Another workflow: every crate of a ship is weighed and painted at the same time.
pub const HARBOUR: &str = r#"{
  "QueryLanguage": "JSONata",
  "StartAt": "Unload",
  "States": {
    "Unload": {
      "Type": "Map",
      "Items": "{% $states.input.crates %}",
      "Assign": { "handled": "{% $count($states.result) %}" },
      "ItemProcessor": {
        "StartAt": "Handle",
        "States": {
          "Handle": {
            "Type": "Parallel",
            "Branches": [
              {
                "StartAt": "Weigh",
                "States": {
                  "Weigh": { "Type": "Pass", "Output": { "grams": "{% $states.input.kg * 1000 %}" }, "End": true }
                }
              },
              { "StartAt": "Paint", "States": { "Paint": { "Type": "Wait", "Seconds": 2, "End": true } } }
            ],
            "End": true
          }
        }
      },
      "Next": "Report"
    },
    "Report": { "Type": "Pass", "Output": "{% $handled & ' crates' %}", "End": true }
  }
}
"#;

pub const HARBOUR_INPUT: &str = r#"{ "crates": [{ "kg": 10 }, { "kg": 20 }, { "kg": 30 }] }"#;
