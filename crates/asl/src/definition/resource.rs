//! A Task's `Resource`, taken apart.

use std::rc::Rc;

/// What a Task calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// As written.
    pub text: Rc<str>,
    pub service: Service,
    /// `sendMessage`; for a function ARN the function's name, for an activity the activity's.
    pub action: Rc<str>,
    pub pattern: Pattern,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Service {
    /// The ARN of a Lambda function stands in `Resource` itself.
    LambdaFunction,
    /// The ARN of an activity, for which workers poll.
    Activity,
    /// `arn:aws:states:::aws-sdk:<service>:<action>`.
    AwsSdk(Rc<str>),
    /// `arn:aws:states:::<service>:<action>`, such as `sqs:sendMessage`.
    Optimized(Rc<str>),
    /// A `${placeholder}` that a deployment fills in.
    Placeholder,
}

/// How the Task waits for its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    RequestResponse,
    /// `.sync`
    Sync,
    /// `.sync:2`
    Sync2,
    /// `.waitForTaskToken`
    WaitForTaskToken,
}

impl Pattern {
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Pattern::RequestResponse => "",
            Pattern::Sync => ".sync",
            Pattern::Sync2 => ".sync:2",
            Pattern::WaitForTaskToken => ".waitForTaskToken",
        }
    }
}

impl Resource {
    /// Takes the text apart; `None` when it is no ARN of a known form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Resource> {
        if text.starts_with("${") && text.ends_with('}') {
            return Some(Resource {
                text: text.into(),
                service: Service::Placeholder,
                action: text.into(),
                pattern: Pattern::RequestResponse,
            });
        }
        // A `${placeholder}` may hold colons, so the ARN is cut only outside of them.
        let parts = split_outside_placeholders(text);
        let [arn, partition, service, region, account, rest @ ..] = parts.as_slice() else { return None };
        if *arn != "arn" || !(partition.starts_with("aws") || partition.starts_with("${")) || rest.is_empty() {
            return None;
        }
        let (service, action, pattern) = match (*service, rest) {
            ("states", ["activity", name]) if !name.is_empty() => {
                (Service::Activity, (*name).to_owned(), Pattern::RequestResponse)
            }
            ("states", _) if region.is_empty() && account.is_empty() => integration(rest)?,
            ("lambda", ["function", name, ..]) if !name.is_empty() => {
                (Service::LambdaFunction, (*name).to_owned(), Pattern::RequestResponse)
            }
            _ => return None,
        };
        Some(Resource { text: text.into(), service, action: action.into(), pattern })
    }

    /// The history's `resourceType`: `sqs`, `aws-sdk:sqs`, `lambda`, `activity`.
    #[must_use]
    pub fn resource_type(&self) -> String {
        match &self.service {
            Service::LambdaFunction => "lambda".to_owned(),
            Service::Activity => "activity".to_owned(),
            Service::AwsSdk(service) => format!("aws-sdk:{service}"),
            Service::Optimized(service) => service.to_string(),
            Service::Placeholder => String::new(),
        }
    }

    /// The history's `resource`: the action with its pattern, `sendMessage.waitForTaskToken`.
    #[must_use]
    pub fn resource(&self) -> String {
        format!("{}{}", self.action, self.pattern.suffix())
    }
}

fn integration(rest: &[&str]) -> Option<(Service, String, Pattern)> {
    let (service, action) = match rest {
        ["aws-sdk", service, action @ ..] if !service.is_empty() => (Service::AwsSdk((*service).into()), action),
        [service, action @ ..] if !service.is_empty() => (Service::Optimized((*service).into()), action),
        _ => return None,
    };
    let (action, pattern) = match action {
        [action, "2"] => (action.strip_suffix(".sync")?, Pattern::Sync2),
        [action] => match action.split_once('.') {
            None => (*action, Pattern::RequestResponse),
            Some((action, "sync")) => (action, Pattern::Sync),
            Some((action, "waitForTaskToken")) => (action, Pattern::WaitForTaskToken),
            Some(_) => return None,
        },
        _ => return None,
    };
    (!action.is_empty()).then(|| (service, action.to_owned(), pattern))
}

fn split_outside_placeholders(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b':' if depth == 0 => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_are_taken_apart() {
        let cases = [
            ("arn:aws:states:::sqs:sendMessage", "sqs", "sendMessage"),
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", "sqs", "sendMessage.waitForTaskToken"),
            ("arn:aws:states:::states:startExecution.sync:2", "states", "startExecution.sync:2"),
            ("arn:aws:states:::aws-sdk:sqs:sendMessage", "aws-sdk:sqs", "sendMessage"),
            ("arn:aws-cn:states:::glue:startJobRun.sync", "glue", "startJobRun.sync"),
            ("arn:aws:lambda:us-east-1:123456789012:function:Pack:$LATEST", "lambda", "Pack"),
            ("arn:aws:states:us-east-1:123456789012:activity:Approve", "activity", "Approve"),
            ("arn:${AWS::Partition}:states:::lambda:invoke", "lambda", "invoke"),
        ];
        for (text, resource_type, resource) in cases {
            let parsed = Resource::parse(text).unwrap_or_else(|| panic!("{text} is not understood"));
            assert_eq!((parsed.resource_type().as_str(), parsed.resource().as_str()), (resource_type, resource));
        }
    }

    #[test]
    fn what_is_no_resource_is_refused() {
        for text in [
            "",
            "arn",
            "arn:aws:states:::",
            "arn:aws:states:::sqs",
            "arn:aws:states:::sqs:send.later",
            "arn:aws:states:::sqs:sendMessage.sync:3",
            "arn:aws:s3:::bucket",
            "sqs:sendMessage",
            "arn:aws:states:::sqs:.sync",
        ] {
            assert_eq!(Resource::parse(text), None, "{text}");
        }
    }
}
