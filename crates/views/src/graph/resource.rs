//! What a Task calls, in a few characters and a few words.

use asl::{Pattern, Resource, Service};

use super::{Glyph, GlyphFamily};

/// The glyph and the line below the name.
pub(super) fn describe(text: &str) -> (Option<Glyph>, String) {
    let Some(resource) = Resource::parse(text) else { return (None, "Task".to_owned()) };
    let service = match &resource.service {
        Service::LambdaFunction => return (glyph("lambda"), resource.action.to_string()),
        Service::Activity => return (other("ACT"), format!("activity {}", resource.action)),
        Service::Placeholder => return (other("${}"), resource.action.to_string()),
        Service::AwsSdk(service) | Service::Optimized(service) => service,
    };
    let waits = match resource.pattern {
        Pattern::RequestResponse => "",
        Pattern::Sync | Pattern::Sync2 => " · wait for completion",
        Pattern::WaitForTaskToken => " · wait for callback",
    };
    (glyph(service), format!("{}{waits}", resource.action))
}

/// The call as a clause: `sqs sendMessage and waits for a callback`.
pub(super) fn spoken(resource: &Resource) -> String {
    let waits = match resource.pattern {
        Pattern::RequestResponse => "",
        Pattern::Sync | Pattern::Sync2 => " and waits for its completion",
        Pattern::WaitForTaskToken => " and waits for a callback",
    };
    format!("{} {}{waits}", resource.resource_type(), resource.action).trim_start().to_owned()
}

fn glyph(service: &str) -> Option<Glyph> {
    let (text, family) = match service {
        "sqs" => ("SQS", GlyphFamily::Queue),
        "sns" => ("SNS", GlyphFamily::Queue),
        "events" | "eventbridge" => ("EB", GlyphFamily::Queue),
        "lambda" => ("λ", GlyphFamily::Function),
        "ecs" => ("ECS", GlyphFamily::Function),
        "batch" => ("BAT", GlyphFamily::Function),
        "states" | "sfn" => ("SFN", GlyphFamily::Workflow),
        "apigateway" => ("API", GlyphFamily::Workflow),
        "dynamodb" => ("DDB", GlyphFamily::Database),
        "s3" => ("S3", GlyphFamily::Database),
        "http" => ("HTTP", GlyphFamily::Other),
        service => return other(&service.chars().take(3).collect::<String>().to_uppercase()),
    };
    Some(Glyph { text: text.to_owned(), family })
}

fn other(text: &str) -> Option<Glyph> {
    Some(Glyph { text: text.to_owned(), family: GlyphFamily::Other })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_described() {
        let cases = [
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "SQS", "sendMessage · wait for callback"),
            ("arn:aws:states:::lambda:invoke", "λ", "invoke"),
            ("arn:aws:lambda:us-east-1:123456789012:function:Inventory", "λ", "Inventory"),
            ("arn:aws:states:::states:startExecution.sync:2", "SFN", "startExecution · wait for completion"),
            ("arn:aws:states:us-east-1:123456789012:activity:Pack", "ACT", "activity Pack"),
            ("arn:aws:states:::aws-sdk:kinesis:putRecord", "KIN", "putRecord"),
            ("no arn", "", "Task"),
        ];
        for (text, expected, words) in cases {
            let (glyph, sublabel) = describe(text);
            assert_eq!(glyph.map(|glyph| glyph.text).unwrap_or_default(), expected, "{text}");
            assert_eq!(sublabel, words);
        }
    }
}
