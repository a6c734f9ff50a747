//! Lines and what becomes of them.

use std::collections::BTreeMap;

use aws_cli::{Reading, Resource, Said, Step, Surroundings, complete, read};
use aws_protocol::AwsError;
use shared_json::{Value, json};

struct Desk(BTreeMap<&'static str, &'static str>);

impl Surroundings for Desk {
    fn document(&self, name: &str) -> Option<String> {
        self.0.get(name).map(ToString::to_string)
    }

    fn document_names(&self) -> Vec<String> {
        self.0.keys().map(ToString::to_string).collect()
    }

    fn resources(&self, kind: Resource) -> Vec<String> {
        match kind {
            Resource::QueueUrl => vec!["https://sqs.us-east-1.amazonaws.com/123456789012/Orders".to_owned()],
            Resource::FunctionName => vec!["notify".to_owned(), "notify-late".to_owned()],
            _ => Vec::new(),
        }
    }
}

fn desk() -> Desk {
    Desk(BTreeMap::from([
        ("flow.asl.json", "{\"StartAt\": \"A\"}"),
        ("index.mjs", "export const handler = 1;"),
        ("params.json", "{\"QueueName\": \"FromFile\"}"),
    ]))
}

#[track_caller]
fn calls(line: &str, action: &str, params: Value) {
    match read(line, &desk()) {
        Reading::Call(run) => {
            assert_eq!(run.call().action, action, "{line}");
            assert_eq!(run.call().params, params, "{line}");
        }
        other => panic!("{line}: {other:?}"),
    }
}

#[track_caller]
fn said(line: &str) -> Said {
    match read(line, &desk()) {
        Reading::Said(said) => said,
        other => panic!("{line}: {other:?}"),
    }
}

#[track_caller]
fn printed(line: &str, answers: &[Result<Value, AwsError>]) -> Said {
    let Reading::Call(mut run) = read(line, &desk()) else { panic!("{line} calls nothing") };
    for answer in answers {
        if let Step::Done(said) = run.answered(answer.clone()) {
            return said;
        }
    }
    panic!("{line} wants more answers: {:?}", run.call());
}

#[track_caller]
fn out(line: &str, answer: Value) -> String {
    let said = printed(line, &[Ok(answer)]);
    assert_eq!(said.err, "", "{line}");
    said.out
}

#[test]
fn options_are_the_members_of_the_api() {
    calls("aws sqs create-queue --queue-name Orders", "sqs:CreateQueue", json!({"QueueName": "Orders"}));
    calls(
        "aws sqs create-queue --queue-name Orders.fifo --attributes FifoQueue=true,DelaySeconds=5 --tags team=a",
        "sqs:CreateQueue",
        json!({"QueueName": "Orders.fifo", "Attributes": {"FifoQueue": "true", "DelaySeconds": "5"}, "tags": {"team": "a"}}),
    );
    calls(
        r#"aws sqs create-queue --queue-name q --attributes '{"RedrivePolicy": "{\"maxReceiveCount\":3}"}'"#,
        "sqs:CreateQueue",
        json!({"QueueName": "q", "Attributes": {"RedrivePolicy": "{\"maxReceiveCount\":3}"}}),
    );
    calls(
        "aws sqs receive-message --queue-url=u --max-number-of-messages 10 --attribute-names All SentTimestamp --wait-time-seconds 20",
        "sqs:ReceiveMessage",
        json!({"QueueUrl": "u", "AttributeNames": ["All", "SentTimestamp"], "MaxNumberOfMessages": 10, "WaitTimeSeconds": 20}),
    );
    calls(
        "aws sqs send-message-batch --queue-url u --entries Id=1,MessageBody=a Id=2,MessageBody='b c',DelaySeconds=3",
        "sqs:SendMessageBatch",
        json!({"QueueUrl": "u", "Entries": [{"Id": "1", "MessageBody": "a"}, {"Id": "2", "MessageBody": "b c", "DelaySeconds": 3}]}),
    );
    calls(
        r#"aws sqs send-message --queue-url u --message-body x --message-attributes 'City={DataType=String,StringValue="Any City"}'"#,
        "sqs:SendMessage",
        json!({"QueueUrl": "u", "MessageBody": "x", "MessageAttributes": {"City": {"DataType": "String", "StringValue": "Any City"}}}),
    );
    calls(
        "aws stepfunctions create-state-machine --name m --definition file://flow.asl.json --role-arn arn:aws:iam::1:role/r --no-publish",
        "states:CreateStateMachine",
        json!({"name": "m", "definition": "{\"StartAt\": \"A\"}", "roleArn": "arn:aws:iam::1:role/r", "publish": false}),
    );
    calls(
        "aws stepfunctions send-task-success --task-token t --task-output '{}'",
        "states:SendTaskSuccess",
        json!({"taskToken": "t", "output": "{}"}),
    );
    calls(
        "aws lambda create-function --function-name f --runtime nodejs20.x --handler index.handler --role arn --zip-file fileb://index.mjs --timeout 5 --environment Variables={A=1,B=2}",
        "lambda:CreateFunction",
        json!({
            "FunctionName": "f", "Runtime": "nodejs20.x", "Role": "arn", "Handler": "index.handler", "Timeout": 5,
            "Environment": {"Variables": {"A": "1", "B": "2"}},
            "Code": {"SourceText": "export const handler = 1;", "FileName": "index.mjs"},
        }),
    );
    calls(
        "aws lambda update-function-code --function-name f --zip-file fileb://index.mjs",
        "lambda:UpdateFunctionCode",
        json!({"FunctionName": "f", "Code": {"SourceText": "export const handler = 1;", "FileName": "index.mjs"}}),
    );
    calls(
        r#"aws lambda invoke --function-name f --cli-binary-format raw-in-base64-out --payload '{"a": 1}' out.json"#,
        "lambda:Invoke",
        json!({"FunctionName": "f", "Payload": "{\"a\": 1}"}),
    );
    calls(
        "aws lambda invoke --function-name f --payload e30= out",
        "lambda:Invoke",
        json!({"FunctionName": "f", "Payload": "{}"}),
    );
    calls("aws --output text sts get-caller-identity", "sts:GetCallerIdentity", json!({}));
    calls(
        "aws sqs create-queue --cli-input-json file://params.json",
        "sqs:CreateQueue",
        json!({"QueueName": "FromFile"}),
    );
    calls("aws sqs get-queue-url --queue-n Orders", "sqs:GetQueueUrl", json!({"QueueName": "Orders"}));
    calls("aws iam list-roles --page-size 5", "iam:ListRoles", json!({"MaxItems": 5}));
    calls("aws sqs list-queues --no-paginate --max-results 3", "sqs:ListQueues", json!({"MaxResults": 3}));
}

const USAGE: &str = "\nusage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\nTo see help text, you \
                     can run:\n\n  aws help\n  aws <command> help\n  aws <command> <subcommand> help\n\n";

#[test]
fn what_cannot_be_read_is_told_as_the_aws_cli_tells_it() {
    for (line, err) in [
        ("aws sqs send-message", "aws: error: the following arguments are required: --queue-url, --message-body\n"),
        ("aws sqs", "aws: error: the following arguments are required: operation\n"),
        ("aws", "aws: error: the following arguments are required: command\n"),
        ("aws sqs list-queues --nope 1 x", "Unknown options: --nope, 1, x\n"),
        ("aws sqs get-queue-url --queue-name", "aws: error: argument --queue-name: expected one argument\n"),
        (
            "aws sqs send-message --queue-url u --message x",
            "aws: error: ambiguous option: --message could match --message-body, --message-attributes, \
             --message-system-attributes, --message-deduplication-id, --message-group-id\n",
        ),
        ("aws lambda invoke --function-name f", "aws: error: the following arguments are required: outfile\n"),
        ("aws sqs list-queues --max-items x", "aws: error: argument --max-items: invalid int value: 'x'\n"),
    ] {
        let said = said(line);
        assert_eq!(said.err, format!("{USAGE}{err}"), "{line}");
        assert_eq!((said.code, said.out.as_str()), (252, ""), "{line}");
    }
    let meant = said("aws sqs send-mesage --queue-url u");
    assert!(
        meant.err.contains("aws: error: argument operation: Invalid choice, valid choices are:\n\n"),
        "{}",
        meant.err
    );
    assert!(
        meant.err.ends_with("Invalid choice: 'send-mesage', maybe you meant:\n\n  * send-message\n"),
        "{}",
        meant.err
    );
    assert_eq!(said("aws sqs get-queue-url --queue-nam x --queu y").code, 252);
    assert!(said("aws ec2 describe-instances").hint.unwrap().contains("no service that is simulated"));
    assert!(said("aws lambda publish-layer-version").err.contains("is not simulated here"));
    assert_eq!(said("aws sqs list-queues --region eu-west-1").code, 255);
    assert!(said("aws sqs list-queues --querry x").hint.unwrap().contains("--query"));
}

#[test]
fn values_are_refused_in_the_aws_clis_words() {
    for (line, err, code) in [
        (
            "aws sqs create-queue --queue-name q --attributes x",
            "\nError parsing parameter '--attributes': Expected: '=', received: 'EOF' for input:\nx\n ^\n",
            252,
        ),
        (
            "aws sqs create-queue --queue-name q --attributes {a:1}",
            "\nError parsing parameter '--attributes': Invalid JSON: Expecting property name enclosed in double quotes: line \
             1 column 2 (char 1)\nJSON received: {a:1}\n",
            252,
        ),
        (
            "aws stepfunctions create-state-machine --name m --role-arn r --definition file://none.json",
            "\nError parsing parameter '--definition': Unable to load paramfile file://none.json: [Errno 2] No such file or \
             directory: 'none.json'\n",
            252,
        ),
        (
            "aws sqs receive-message --queue-url u --max-number-of-messages ten",
            "\ninvalid literal for int() with base 10: 'ten'\n",
            255,
        ),
        (
            "aws sqs send-message-batch --queue-url u --entries Id=1",
            "\nParameter validation failed:\nMissing required parameter in Entries[0]: \"MessageBody\"\n",
            252,
        ),
        (
            r#"aws lambda invoke --function-name f --payload '{"key1": "value1"}' out"#,
            "\nInvalid base64: \"{\"key1\": \"value1\"}\"\n",
            255,
        ),
        (
            "aws lambda update-function-code --function-name f --zip-file index.mjs",
            "\n--zip-file must be a zip file with the fileb:// prefix.\nExample usage:  --zip-file fileb://path/to/file.zip\n",
            255,
        ),
    ] {
        let said = said(line);
        assert_eq!((said.err.as_str(), said.code), (err, code), "{line}");
    }
    assert!(said("aws sqs list-queues --query 'a['").err.starts_with("\nBad value for --query a[: "));
}

#[test]
fn answers_are_printed_as_asked() {
    let sent = json!({"MD5OfMessageBody": "5d41", "MessageId": "m-1"});
    let line = "aws sqs send-message --queue-url u --message-body hello";
    assert_eq!(out(line, sent.clone()), "{\n    \"MD5OfMessageBody\": \"5d41\",\n    \"MessageId\": \"m-1\"\n}\n");
    assert_eq!(out(&format!("{line} --output text"), sent.clone()), "5d41\tm-1\n");
    assert_eq!(out(&format!("{line} --output yaml"), sent.clone()), "MD5OfMessageBody: 5d41\nMessageId: m-1\n");
    assert_eq!(out(&format!("{line} --query MessageId"), sent.clone()), "\"m-1\"\n");
    assert_eq!(out(&format!("{line} --query MessageId --output text"), sent.clone()), "m-1\n");
    assert_eq!(
        out(&format!("{line} --output table"), sent),
        "-----------------------------------\n\
         |           SendMessage           |\n\
         +-------------------+-------------+\n\
         | MD5OfMessageBody  |  MessageId  |\n\
         +-------------------+-------------+\n\
         |  5d41             |  m-1        |\n\
         +-------------------+-------------+\n"
    );
    assert_eq!(out("aws sqs delete-queue --queue-url u", json!({})), "");
    assert_eq!(out("aws sqs list-queues", json!({})), "");
    assert_eq!(out("aws sqs list-queues --output text", json!({})), "None\n");
    let machines = json!({"stateMachines": [{"creationDate": 1_681_891_200.5, "name": "m", "stateMachineArn": "arn", "type": "STANDARD"}]});
    assert_eq!(
        out(
            "aws stepfunctions list-state-machines --query 'stateMachines[].[name,creationDate]' --output text",
            machines
        ),
        "m\t2023-04-19T08:00:00.500000+00:00\n"
    );
}

#[test]
fn a_functions_answer_goes_to_its_file() {
    let answer = json!({"StatusCode": 200, "ExecutedVersion": "$LATEST", "Payload": "{\"ok\":true}"});
    let said = printed("aws lambda invoke --function-name f out.json", &[Ok(answer.clone())]);
    assert_eq!(said.out, "{\n    \"StatusCode\": 200,\n    \"ExecutedVersion\": \"$LATEST\"\n}\n");
    assert_eq!(said.wrote, [("out.json".to_owned(), "{\"ok\":true}".to_owned())]);
    let said = printed("aws lambda invoke --function-name f /dev/stdout --query StatusCode", &[Ok(answer)]);
    assert_eq!(said.out, "{\"ok\":true}200\n");
}

#[test]
fn refusals_name_the_code_and_the_operation() {
    let gone = AwsError::new("QueueDoesNotExist", "The specified queue does not exist.");
    let said = printed("aws sqs get-queue-url --queue-name q", &[Err(gone)]);
    assert_eq!(
        said.err,
        "\nAn error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the GetQueueUrl operation: The \
         specified queue does not exist.\n"
    );
    assert_eq!(said.code, 254);
    let missing = AwsError::new("StateMachineDoesNotExist", "State Machine Does Not Exist: 'arn'");
    let said = printed("aws stepfunctions describe-state-machine --state-machine-arn arn", &[Err(missing)]);
    assert!(said.err.contains("(StateMachineDoesNotExist) when calling the DescribeStateMachine operation"));
}

#[test]
fn pages_become_one_answer() {
    let page = |names: &[&str], token: Option<&str>| {
        let roles: Vec<Value> = names.iter().map(|name| json!({"RoleName": *name})).collect();
        Ok(match token {
            Some(token) => json!({"Roles": roles, "IsTruncated": true, "Marker": token}),
            None => json!({"Roles": roles, "IsTruncated": false}),
        })
    };
    let pages = [page(&["a", "b"], Some("t1")), page(&["c"], None)];
    assert_eq!(printed("aws iam list-roles --query 'Roles[].RoleName' --output text", &pages).out, "a\tb\nc\n");
    let all = printed("aws iam list-roles --query 'Roles[].RoleName' --output yaml", &pages);
    assert_eq!(all.out, "- a\n- b\n- c\n");

    let some = printed("aws iam list-roles --max-items 1", &pages).out;
    let token = some.split("\"NextToken\": \"").nth(1).unwrap().split('"').next().unwrap();
    // {"Marker": null, "boto_truncate_amount": 1}
    assert_eq!(token, "eyJNYXJrZXIiOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAxfQ==");
    let rest =
        printed(&format!("aws iam list-roles --starting-token {token} --query Roles[].RoleName --output yaml"), &pages);
    assert_eq!(rest.out, "- b\n- c\n");
    let Reading::Call(run) = read("aws iam list-roles --starting-token plain", &desk()) else { panic!("a call") };
    assert_eq!(run.call().params, json!({"Marker": "plain"}));
}

#[test]
fn documents_and_help_are_there() {
    assert_eq!(said("ls").out, "flow.asl.json\nindex.mjs\nparams.json\n");
    assert_eq!(said("cat params.json").out, "{\"QueueName\": \"FromFile\"}\n");
    assert_eq!(said("cat nope").err, "cat: nope: No such file or directory\n");
    assert!(said("aws help").out.contains("o stepfunctions"));
    assert!(said("aws sqs help").out.contains("o receive-message"));
    assert!(said("aws sqs send-message help").out.contains("         --queue-url <text>\n"));
    assert!(said("aws sqs get-queue-url --generate-cli-skeleton").out.starts_with("{\n    \"QueueName\": \"\""));
    assert_eq!(said("sqs list-queues").code, 127);
    assert!(matches!(read("clear", &desk()), Reading::Clear));
    assert!(matches!(read("  # nothing", &desk()), Reading::Nothing));
    assert!(said("aws sqs list-queues | jq .").hint.unwrap().contains("--query"));
}

#[test]
fn what_may_come_next_is_listed() {
    let texts = |line: &str| -> Vec<String> {
        complete(line, line.len(), &desk()).candidates.into_iter().map(|candidate| candidate.text).collect()
    };
    assert_eq!(texts("a"), ["aws"]);
    assert_eq!(texts("aws st"), ["stepfunctions", "sts"]);
    assert_eq!(texts("aws sqs purge"), ["purge-queue"]);
    assert_eq!(
        texts("aws sqs purge-queue "),
        [
            "--queue-url",
            "--cli-input-json",
            "--generate-cli-skeleton",
            "--output",
            "--query",
            "--region",
            "--no-paginate",
            "--cli-binary-format",
            "--color",
        ]
    );
    assert_eq!(texts("aws sqs purge-queue --queue-url "), ["https://sqs.us-east-1.amazonaws.com/123456789012/Orders"]);
    assert_eq!(texts("aws lambda invoke --invocation-type E"), ["Event"]);
    assert_eq!(texts("aws lambda get-function --function-name n"), ["notify", "notify-late"]);
    assert_eq!(texts("aws sqs receive-message --queue-url u --message-attribute-names x --outp"), ["--output"]);
    assert_eq!(texts("aws sqs list-queues --output t"), ["text", "table"]);
    assert_eq!(texts("aws --output y"), ["yaml", "yaml-stream"]);
    assert_eq!(texts("aws stepfunctions create-state-machine --definition file://f"), ["file://flow.asl.json"]);
    assert_eq!(
        texts("aws lambda update-function-code --zip-file f"),
        ["fileb://flow.asl.json", "fileb://index.mjs", "fileb://params.json"]
    );
    assert_eq!(texts("cat in"), ["index.mjs"]);
    let done = complete("aws sqs pur --x", 11, &desk());
    assert_eq!((done.start, done.end, done.candidates.len()), (8, 11, 1));
    assert!(complete("aws $(", 6, &desk()).candidates.is_empty());
}
