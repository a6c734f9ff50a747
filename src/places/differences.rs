//! What is simulated, what is not yet, and what differs from AWS.

use sim_account::LimitProfile;
use yew::prelude::*;

use super::coverage::{coverage, limits};
use crate::host::session_context::use_session;

/// Feature, whether it is simulated, and what differs.
const ROWS: &[(&str, &str, &str)] = &[
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
        "A failed execution has a Redrive button; the others have no form in the page, but every command and the API.",
    ),
    (
        "Standard queues",
        "Simulated",
        "A poll always finds the oldest available messages; on AWS it may miss some, and order may vary.",
    ),
    (
        "FIFO queues",
        "Simulated",
        "Calls are never throttled, whatever the throughput limit says. A group whose message comes back stands behind \
         the groups that waited.",
    ),
    ("Fair queues", "Not simulated", "A message group id on a standard queue is kept and shown; it changes no order."),
    (
        "Dead-letter queues and redrive",
        "Simulated",
        "Without a pace of its own a redrive moves 500 messages a second; AWS chooses and changes it.",
    ),
    (
        "Encryption of queues",
        "Kept only",
        "The setting is stored and given back; nothing is encrypted, no key is asked for.",
    ),
    (
        "Queue metrics",
        "Simulated",
        "From one point a second; CloudWatch has one a minute, some minutes late. There are no alarms.",
    ),
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
        "A trigger's metrics configuration and key",
        "Kept only",
        "They are stored and given back; nothing is published, nothing is encrypted. Provisioned pollers are simulated.",
    ),
    (
        "A function's time and memory",
        "Differs",
        "A step of the interpreter costs a fixed virtual time; the memory in REPORT lines is a fixed figure.",
    ),
    (
        "SQS triggers",
        "Simulated",
        "With every option but provisioned pollers. How much errors lower the concurrency is a guess: AWS does not say.",
    ),
    (
        "Asynchronous invocation",
        "Simulated",
        "Destinations and dead letters go to queues and topics; functions and event buses are refused as destinations.",
    ),
    (
        "Mock rules and injected failures",
        "Only here",
        "Rules answer instead of code, and messages and invocations can be broken. AWS has neither.",
    ),
    (
        "AWS command line",
        "Simulated",
        "Names, options, errors and outputs of the AWS CLI, version 2, without a shell around it; times are in UTC, and a \
         function's zip file is one document of JavaScript.",
    ),
    ("Undo", "Differs", "A deletion can be undone here. On AWS it cannot."),
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
                    <Limits />
                    <Actions />
                    <p>{ "Not affiliated with Amazon Web Services." }</p>
                </div>
            </div>
        </div>
    }
}

/// The limits of this workspace, and what they are in the other profile.
#[component]
fn Limits() -> Html {
    let session = use_session();
    let own = session.read(|s| s.account().options().limits);
    let rows: Vec<(&str, [String; 2])> = limits().into_iter().filter(|(_, values)| values[0] != values[1]).collect();
    html! {
        <section aria-labelledby="limit-profiles">
            <h2 id="limit-profiles">{ "Limits" }</h2>
            <p>
                { "This workspace has the limits of " }<strong>{ own.name() }</strong>{ ". A workspace keeps them for life; \
                   a new one has those of aws-2026 unless it is started with the others, in the menu Workspace. All limits that \
                   are not in this table are the same in both." }
            </p>
            <div class="table-scroll">
                <table class="table">
                    <caption class="visually-hidden">{ "Limits that differ between the profiles" }</caption>
                    <thead><tr>
                        <th scope="col">{ "Limit" }</th>
                        { for LimitProfile::ALL.iter().map(|profile| html! { <th key={profile.name()} scope="col">{ profile.name() }</th> }) }
                    </tr></thead>
                    <tbody>
                        { for rows.into_iter().map(|(name, [before, now])| html! {
                            <tr key={name}><th scope="row">{ name }</th><td>{ before }</td><td>{ now }</td></tr>
                        }) }
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// Which actions of each API are simulated: asked of an account, so it is what this version does.
#[component]
fn Actions() -> Html {
    let services = use_memo((), |()| coverage());
    html! {
        <section aria-labelledby="api-actions">
            <h2 id="api-actions">{ "API actions" }</h2>
            <p>{ "Asked of this very version. What is not simulated answers so, by UnknownOperationException or InvalidAction." }</p>
            { for services.iter().map(|service| html! {
                <details key={service.name}>
                    <summary>{ format!("{}: {} of {} actions simulated", service.name, service.simulated.len(), service.simulated.len() + service.missing.len()) }</summary>
                    <p><strong>{ "Simulated: " }</strong>{ service.simulated.join(", ") }</p>
                    if !service.missing.is_empty() {
                        <p><strong>{ "Not simulated: " }</strong>{ service.missing.join(", ") }</p>
                    }
                </details>
            }) }
        </section>
    }
}
