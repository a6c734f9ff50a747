//! The drawing in sentences, for those who read it with a screen reader or prefer words.

use asl::{Outline, OutlineState, Resource, TransitionKind};

use super::resource;

/// One state in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// The state's name; empty for a sentence about the whole.
    pub name: String,
    /// 0 for the machine's own states, one more inside each Parallel or Map.
    pub depth: usize,
    /// `Check Inventory, Task, waits for a callback, then Notify Success; on States.ALL goes to Notify Failure.`
    pub text: String,
}

/// Sentences in the order of the text.
#[must_use]
pub fn list_twin(outline: &Outline) -> Vec<Sentence> {
    let mut sentences = Vec::new();
    let start = match &outline.start_at {
        Some((name, _)) if outline.states.iter().any(|state| state.name == *name) => format!("Starts at {name}."),
        Some((name, _)) => format!("Starts at {name}, which does not exist."),
        None => "No start: StartAt is absent.".to_owned(),
    };
    sentences.push(Sentence { name: String::new(), depth: 0, text: start });
    describe(outline, 0, &mut sentences);
    sentences
}

fn describe(outline: &Outline, depth: usize, sentences: &mut Vec<Sentence>) {
    for state in &outline.states {
        sentences.push(Sentence { name: state.name.clone(), depth, text: sentence(state, outline) });
        for (index, branch) in state.branches.iter().enumerate() {
            if state.state_type.as_deref() == Some("Parallel") {
                let text = format!("Branch {index} of {}:", state.name);
                sentences.push(Sentence { name: String::new(), depth: depth + 1, text });
            }
            describe(branch, depth + 1, sentences);
        }
    }
}

fn sentence(state: &OutlineState, level: &Outline) -> String {
    let named = |target: &str| {
        if level.states.iter().any(|state| state.name == target) {
            target.to_owned()
        } else {
            format!("{target}, which does not exist")
        }
    };
    let mut text = format!("{}, {}", state.name, state.state_type.as_deref().unwrap_or("without a Type"));
    if let Some(resource) = state.resource.as_deref().and_then(Resource::parse) {
        text.push_str(&format!(", calls {}", resource::spoken(&resource)));
    }
    if state.has_retry {
        text.push_str(", retries errors");
    }
    match state.branches.len() {
        0 => {}
        1 => text.push_str(", runs what follows inside it"),
        count => text.push_str(&format!(", runs {count} branches")),
    }
    let mut clauses = Vec::new();
    for transition in &state.transitions {
        let target = named(&transition.target);
        match &transition.kind {
            TransitionKind::Next => text.push_str(&format!(", then {target}")),
            TransitionKind::Default => clauses.push(format!("otherwise goes to {target}")),
            TransitionKind::Choice { label, .. } => clauses.push(format!("if {label} goes to {target}")),
            TransitionKind::Catch { errors, .. } => {
                clauses.push(format!("on {} goes to {target}", errors.join(" or ")))
            }
        }
    }
    if state.end {
        text.push_str(", then the end");
    }
    for clause in clauses {
        text.push_str("; ");
        text.push_str(&clause);
    }
    text.push('.');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_said_in_words() {
        let outline = asl::parse(
            r#"{"StartAt": "Ask", "States": {
                "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Next": "Which",
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "No"}]},
                "Which": {"Type": "Choice", "Default": "No",
                          "Choices": [{"Variable": "$.ok", "BooleanEquals": true, "Next": "Yes"}]},
                "No": {"Type": "Fail"}}}"#,
        )
        .outline;
        let said: Vec<String> = list_twin(&outline).into_iter().map(|sentence| sentence.text).collect();
        assert_eq!(
            said,
            [
                "Starts at Ask.",
                "Ask, Task, calls sqs sendMessage and waits for a callback, then Which; on States.ALL goes to No.",
                "Which, Choice; if $.ok == true goes to Yes, which does not exist; otherwise goes to No.",
                "No, Fail, then the end.",
            ]
        );
    }
}
