//! What is simulated, what is not yet, and what differs from AWS.

use yew::prelude::*;

/// Feature, whether it is simulated, and what differs.
const ROWS: [(&str, &str, &str); 20] = [
    ("Standard workflows", "Simulated", "Latencies between steps are fixed, so that a run can be repeated."),
    ("Express workflows", "Simulated", "Their history can be looked at here; on AWS it goes to CloudWatch Logs."),
    (
        "All eight state types",
        "Simulated",
        "With Retry, Catch, timeouts, heartbeats and the limits on payload and history. What runs side by side takes \
         its turns in a fixed order.",
    ),
    ("Distributed Map", "Simulated", "Its readers and writers use the small S3 in here; Parquet files cannot be read."),
    (
        "JSONPath and JSONata",
        "Simulated",
        "docs/conformance.md in the repository lists what still differs from behaviour recorded on AWS.",
    ),
    ("Variables", "Simulated", "With AWS's scopes and limits."),
    (
        "Activities, nested executions, Redrive, versions, aliases",
        "Simulated",
        "By the API: most of them have no form of their own in the page yet.",
    ),
    (
        "Standard queues",
        "Simulated",
        "A poll always finds the oldest available messages; on AWS it may miss some, and order may vary.",
    ),
    ("FIFO queues", "Not yet", "Only the type Standard can be created."),
    ("Dead-letter queues", "Simulated", "Redrive back to the source queue is not there yet."),
    (
        "Queue access policies",
        "Simulated",
        "They decide beside the caller's own policies, for topics and for other accounts too. A deny binds the root, who can still replace the policy.",
    ),
    (
        "Functions in Node.js",
        "Simulated",
        "Handlers run in an interpreter inside a Web Worker, not in Node.js: one file, no npm packages, no network, no file system.",
    ),
    ("AWS SDK v2 and v3", "Partly", "For the services that are simulated; other calls answer that they are not."),
    (
        "S3, DynamoDB, SNS, EventBridge, API Gateway, Secrets Manager",
        "Partly",
        "The operations that workflows use most, in memory and without a place in the page.",
    ),
    (
        "require in a .mjs file",
        "Differs",
        "It works here, with a notice. On AWS it fails with a ReferenceError. A switch makes it strict.",
    ),
    (
        "A function's time and memory",
        "Differs",
        "A step of the interpreter costs a fixed virtual time; the memory in REPORT lines is a fixed figure.",
    ),
    ("SQS triggers", "Simulated", "Up to five batches at a time; filters and provisioned pollers are refused."),
    ("Function logs", "Simulated", "They show even when the role may not write logs; on AWS they would be lost."),
    (
        "IAM roles and policies",
        "Simulated",
        "With conditions, trust policies, boundaries and customer managed policies. The person at the page is the account's root. AWS's managed policies are here in their essence. There are no users, groups or organisations.",
    ),
    (
        "All other services",
        "Not simulated",
        "Tasks that call them fail with Stepyard.NotSimulated and name what is missing.",
    ),
];

#[component]
pub fn Differences() -> Html {
    html! {
        <div class="place">
            <div class="centre-head"><h1>{ "What differs from AWS" }</h1></div>
            <div class="pane-body pane-padded" tabindex="0" role="group" aria-label="What differs from AWS">
                <div class="place-sections">
                    <p>
                        { "Everything here is a simulation in this browser. It uses AWS's names, shapes and error texts, and one virtual clock. \
                           Ids, tokens and random numbers come from a seed, so the same steps give the same run." }
                    </p>
                    <div class="table-scroll">
                        <table class="table">
                            <caption class="visually-hidden">{ "Features and how they differ" }</caption>
                            <thead><tr><th scope="col">{ "Feature" }</th><th scope="col">{ "Here" }</th><th scope="col">{ "What differs" }</th></tr></thead>
                            <tbody>
                                { for ROWS.iter().map(|(feature, here, what)| html! {
                                    <tr key={*feature}><th scope="row">{ *feature }</th><td>{ *here }</td><td>{ *what }</td></tr>
                                }) }
                            </tbody>
                        </table>
                    </div>
                    <p>{ "Not affiliated with Amazon Web Services." }</p>
                </div>
            </div>
        </div>
    }
}
