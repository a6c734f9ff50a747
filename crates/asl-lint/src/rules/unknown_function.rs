//! A function that the account does not have.
//!
//! The task would fail with `Lambda.ResourceNotFoundException`. Silent while the account has no functions at all.

use asl::{Diagnostic, DiagnosticCode, Edit, Fix, Service, Severity};

use crate::Advice;
use crate::state::{StateText, quoted};

const CODE: DiagnosticCode = DiagnosticCode("UNKNOWN_FUNCTION");
const MAX_FIXES: usize = 20;

pub(super) fn check(state: &StateText, advice: &mut Advice) {
    if advice.facts.functions.is_empty() {
        return;
    }
    let Some(resource) = state.resource() else { return };
    let named = match &resource.service {
        Service::LambdaFunction => state.node.get("Resource").map(|node| (node, state.at("Resource"))),
        Service::Optimized(service) if &**service == "lambda" => state.fixed_parameter("FunctionName"),
        Service::AwsSdk(_) | Service::Optimized(_) | Service::Activity | Service::Placeholder => None,
    };
    let Some((node, path)) = named else { return };
    let text = node.as_str().unwrap_or_default();
    // A version or an alias may follow the name.
    let is = |name: &str| text == name || text.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'));
    if text.contains("${") || advice.facts.functions.iter().any(|(name, arn)| is(name) || is(arn)) {
        return;
    }
    let mut diagnostic = Diagnostic::new(CODE, Severity::Info, node.span, &path, "This account has no such function.")
        .with_help("The task fails when it runs, until the function is created.");
    let functions = advice.facts.functions.iter().take(MAX_FIXES);
    diagnostic.fixes = functions
        .map(|(name, arn)| Fix {
            title: format!("Use function {name}"),
            edits: vec![Edit::new(node.span, quoted(arn))],
        })
        .collect();
    advice.push(diagnostic);
}
