//! What is simulated, what is not yet, and what differs from AWS.

use yew::prelude::*;

/// Feature, whether it is simulated, and what differs.
const ROWS: [(&str, &str, &str); 18] = [
    ("Standard workflows", "Simulated", "Latencies between steps are fixed, so that a run can be repeated."),
    (
        "Task, Pass, Choice, Wait, Succeed, Fail",
        "Simulated",
        "In JSONPath mode, with Retry, Catch, timeouts and heartbeats.",
    ),
    ("Parallel and Map", "Not yet", "They are drawn; a definition with them cannot be saved yet."),
    ("JSONata", "Not yet", "A definition that asks for it cannot be saved yet."),
    ("Express workflows", "Not yet", "Only the type Standard can be chosen."),
    ("Activities, nested .sync executions", "Not yet", "Such tasks fail with Stepyard.NotSimulated."),
    (
        "Standard queues",
        "Simulated",
        "A poll always finds the oldest available messages; on AWS it may miss some, and order may vary.",
    ),
    ("FIFO queues", "Not yet", "Only the type Standard can be created."),
    ("Dead-letter queues", "Simulated", "Redrive back to the source queue is not there yet."),
    ("Queue access policies", "Partly", "They are kept and shown, but only identity-based policies decide."),
    (
        "Functions in Node.js",
        "Simulated",
        "Handlers run in an interpreter inside a Web Worker, not in Node.js: one file, no npm packages, no network, no file system.",
    ),
    ("AWS SDK v2 and v3", "Partly", "For Step Functions and SQS calls; others answer that they are not simulated."),
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
        "The person at the page is the account's root, who may do everything. Managed policies hold the essence of AWS's own.",
    ),
    (
        "All other services",
        "Not simulated",
        "Tasks that call them parse and draw, and fail with Stepyard.NotSimulated.",
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
