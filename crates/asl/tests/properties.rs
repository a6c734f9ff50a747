//! Properties that hold for every text, right or wrong.

use proptest::prelude::*;

/// A definition with a little of everything, to be damaged.
const DEFINITION: &str = r#"{"StartAt": "Ask", "States": {
  "Ask": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "TimeoutSeconds": 9,
    "Parameters": {"QueueUrl": "u", "MessageBody": {"Token.$": "$$.Task.Token"}}, "ResultPath": "$.weight",
    "Retry": [{"ErrorEquals": ["Busy"], "BackoffRate": 1.5}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}],
    "Next": "Heavy"},
  "Heavy": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.w[0]", "IsPresent": true}], "Next": "Rest"}]},
  "Rest": {"Type": "Wait", "SecondsPath": "$.s", "Next": "Each"},
  "Each": {"Type": "Map", "QueryLanguage": "JSONata", "Items": "{% $states.input.l %}", "MaxConcurrency": "{% 2 %}",
    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "Both",
      "States": {"Both": {"Type": "Parallel", "Assign": {"n.$": "$.n"}, "End": true, "Branches": [
        {"StartAt": "In", "States": {"In": {"Type": "Pass", "ResultPath": null, "End": true}}}]}}},
    "ItemBatcher": {"MaxItemsPerBatch": 2}, "Output": "{% $states.result %}", "End": true},
  "Lost": {"Type": "Fail", "CausePath": "States.Format('{}', $.é)"}}}"#;

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_definition_is_judged_calmly(from in 0_usize..1600, length in 0_usize..40, with in "[{}\\[\\],:\"$.a1 ]{0,4}") {
        let boundary = |at: usize| (0..=at.min(DEFINITION.len())).rev().find(|at| DEFINITION.is_char_boundary(*at)).unwrap();
        let (start, end) = (boundary(from), boundary(from + length));
        let text = format!("{}{with}{}", &DEFINITION[..start], &DEFINITION[end..]);
        let parsed = asl::parse(&text);
        prop_assert_eq!(parsed.checked.is_none(), parsed.errors().next().is_some());
        prop_assert_eq!(parsed.create_error().is_some(), parsed.errors().next().is_some());
        for diagnostic in &parsed.diagnostics {
            prop_assert!(text.get(diagnostic.span.start..diagnostic.span.end).is_some(), "{:?}", diagnostic);
            for edit in diagnostic.fixes.iter().flat_map(|fix| &fix.edits) {
                prop_assert!(text.get(edit.span.start..edit.span.end).is_some());
            }
        }
        if parsed.document.errors.is_empty() {
            let laid_out = asl::format(&text).unwrap();
            prop_assert_eq!(asl::parse(&laid_out).diagnostics.len(), parsed.diagnostics.len());
            prop_assert_eq!(asl::format(&laid_out), Some(laid_out.clone()));
        }
    }
}
