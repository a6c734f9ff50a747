//! Work goes to somebody else and comes from somebody else: by link, file, clipboard, and as a picture.

use std::fmt::Write as _;

use e2e::{Options, Page};
use serde_json::json;

const UNTOUCHED: &str = "Made by someone else. Nothing has run.";

/// In the page: a link of a kind, whole on the outside, around any text. `'` stands for the quotes of strings.
const SEAL: &str = r#"
    const [kind, text] = arguments;
    const bytes = new TextEncoder().encode(text.replaceAll("'", "\u0001"));
    const packing = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
    const packed = new Uint8Array(await new Response(packing).arrayBuffer());
    let binary = "";
    for (const byte of packed) binary += String.fromCharCode(byte);
    const data = btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    const before = `y1.${kind}.${data.length + 8}.${data}`;
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(before)));
    return before + [...sum.slice(0, 4)].map(byte => byte.toString(16).padStart(2, "0")).join("");
"#;

pub async fn seal(page: &Page, kind: &str, text: &str) -> String {
    let link = page.execute_async(SEAL, vec![json!(kind), json!(text)]).await;
    link.as_str().expect("a link").to_owned()
}

/// Follows a link in the open page, as a click on one in it would.
pub async fn follow(page: &Page, link: &str) {
    page.execute("location.hash = arguments[0];", vec![json!(link)]).await;
}

/// Opens the dialog, chooses a kind, and gives what is behind the address.
pub async fn share(page: &Page, kind: &str) -> String {
    page.click("button", "Share").await;
    page.click("dialog > radio", kind).await;
    let link = page.by_role_name("dialog > textbox", "Link").await;
    let link = link.prop("value").await.expect("a property").expect("a link");
    page.click("dialog > button", "Close").await;
    link.split_once('#').expect("a fragment").1.to_owned()
}

async fn run_the_tutorial(page: &Page) {
    page.click("main > button", "Start execution").await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
}

#[tokio::test]
async fn a_run_sent_as_a_link_shows_the_same_history_to_somebody_else() {
    let page = Page::open("").await;
    run_the_tutorial(&page).await;
    page.click("button", "Share").await;
    let chosen = page.by_role_name("dialog > radio", "Run…").await;
    assert!(chosen.is_selected().await.expect("a radio button"), "an execution is shared as a run");
    page.wait_for_text_of("dialog", "Share", "It fits").await;
    page.assert_accessible().await;
    page.click("dialog > button", "Close").await;
    let link = share(&page, "Run…").await;
    assert!(link.len() < 1_500, "{}", link.len());
    page.click("main > tab", "Event view…").await;
    page.by_role_name("main > rowheader", "ExecutionSucceeded").await;
    let history = page.names("main > row").await;
    page.assert_no_console_errors().await;
    page.close().await;

    let other = Page::open(&format!("#{link}")).await;
    other.wait_for_text_of("region", "Received work", UNTOUCHED).await;
    other.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    other.click("main > tab", "Event view…").await;
    other.by_role_name("main > rowheader", "ExecutionSucceeded").await;
    assert_eq!(other.names("main > row").await, history);
    assert_eq!(other.execute("return location.hash;", vec![]).await, "", "the link is out of the address");
    other.assert_accessible().await;

    other.click("region «Received work» > button", "Read the code").await;
    other.by_role_name("main > heading", "Inventory").await;
    other.click("region «Received work» > button", "Back to mine").await;
    other.wait_for_text_of("main", "", "0 executions").await;
    other.wait_until_gone("region", "Received work").await;
    other.reload().await;
    other.wait_for_text_of("main", "", "0 executions").await;
    assert!(!other.text().await.contains(UNTOUCHED), "a reload does not open it again");
    other.assert_no_console_errors().await;
    other.close().await;
}

#[tokio::test]
async fn a_moment_opens_there_and_goes_on_when_its_reader_says_so() {
    let page = Page::open("").await;
    run_the_tutorial(&page).await;
    page.click("button", "Pause").await;
    for _ in 0..4 {
        page.click("button", "Step back").await;
    }
    page.wait_until_gone("button", "Notify Success, Pass, Succeeded").await;
    let link = share(&page, "This moment…").await;
    page.close().await;

    let other = Page::open(&format!("#{link}")).await;
    other.wait_for_text_of("region", "Received work", UNTOUCHED).await;
    other.by_role_name("button", "Notify Success, Pass, Not started").await;
    other.click("button", "Play").await;
    other.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    other.wait_for_text_of("region", "Received work", "You let it run.").await;
    other.assert_no_console_errors().await;
    other.close().await;
}

#[tokio::test]
async fn a_received_project_is_kept_only_when_one_says_so() {
    let page = Page::open("").await;
    run_the_tutorial(&page).await;
    // While time goes on there is always something to save again.
    page.click("button", "Pause").await;
    page.wait_for_text("· saved").await;
    let link =
        seal(&page, "project", "{'n':'From afar','l':[[0,0,'sqs:CreateQueue',{'QueueName':'Far'}]],'p':[0,0]}").await;
    follow(&page, &link).await;
    page.wait_for_text_of("region", "Received work", UNTOUCHED).await;
    page.by_role_name("main > heading", "From afar").await;
    page.reload().await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    follow(&page, &link).await;
    page.click("region «Received work» > button", "Keep as my workspace").await;
    page.wait_until_gone("region", "Received work").await;
    page.wait_for_text("· saved").await;
    page.reload().await;
    page.by_role_name("tree «Queues» > treeitem", "Far…").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn hostile_links_do_nothing_lose_nothing_and_say_what_is_wrong() {
    let page = Page::open("").await;
    run_the_tutorial(&page).await;
    page.wait_for_text("· saved").await;
    let whole = share(&page, "Project…").await;
    let middle = whole.len() / 2;
    let mut changed = whole.clone();
    changed.replace_range(middle..=middle, if &whole[middle..=middle] == "A" { "B" } else { "A" });
    let bomb = seal(&page, "run", &" ".repeat(64 * 1024 * 1024)).await;
    let forever = seal(&page, "run", "{'n':'N','l':[],'p':[99999999999,0]}").await;
    let elsewhere = seal(&page, "run", "{'n':'N','l':[[7,0,'sqs:CreateQueue',{}]],'p':[9,0]}").await;
    let foreign = seal(&page, "run", "{'n':'N'}").await;
    for (link, said) in [
        (&whole[..whole.len() - 40], "The link is cut off"),
        (&whole[..6], "The link is cut off"),
        (changed.as_str(), "The link is damaged"),
        (&whole.replacen("y1.", "y7.", 1), "The link is from a later Stepyard"),
        (&whole.replacen(".project.", ".spell.", 1), "The link is of an unknown kind"),
        (&bomb, "The number of bytes that the link unpacks to is over the limit"),
        (&forever, "The number of simulated events is over the limit"),
        (&elsewhere, "What you received cannot be shown"),
        (&foreign, "The link holds something else"),
    ] {
        follow(&page, link).await;
        page.wait_for_text_of("main", "", said).await;
        assert!(!page.text().await.contains(UNTOUCHED), "{said}: nothing was opened");
        page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
        while let Some(dismiss) = page.all_by_role_name("main > button", "Dismiss").await.first() {
            let _ = dismiss.click().await;
        }
    }
    page.reload().await;
    page.by_role_name("button", "Notify Success, Pass, Succeeded").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn scripts_in_names_are_shown_as_names() {
    const NAME: &str = "<img src=x onerror=window.broken=1><script>window.broken=1</script>";
    let page = Page::open("").await;
    page.by_role_name("main > button", "Start execution").await;
    let log = "[0,0,'sqs:CreateQueue',{'QueueName':'Q'}]";
    let link =
        seal(&page, "project", &format!("{{'n':'{NAME}','l':[{log}],'p':[0,0],'d':{{'{NAME}':'{NAME}'}}}}")).await;
    follow(&page, &link).await;
    page.by_role_name("main > heading", NAME).await;
    page.click("button", "Share").await;
    page.click("dialog > button", "Close").await;
    let broken = page.execute("return window.broken ?? document.images.length;", vec![]).await;
    assert_eq!(broken, 0);
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn files_and_links_can_be_dropped_and_pasted() {
    // Firefox makes no event with a clipboard of its own.
    const PASTE: &str = "const data = new DataTransfer(); data.setData('text/plain', arguments[0]);
        const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true });
        Object.defineProperty(event, 'clipboardData', { value: data });
        document.body.dispatchEvent(event);";
    const DROP: &str = "const data = new DataTransfer();
        data.items.add(new File([arguments[0]], 'sent.stepyard.json', { type: 'application/json' }));
        for (const type of ['dragover', 'drop'])
            document.body.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));";
    let page = Page::open("").await;
    page.by_role_name("main > button", "Start execution").await;
    let link = seal(&page, "project", "{'n':'Pasted','l':[],'p':[0,0]}").await;
    page.execute(PASTE, vec![json!("only some text")]).await;
    page.execute(PASTE, vec![json!(format!("{}#{link}", page.url()))]).await;
    page.wait_for_text_of("region", "Received work", UNTOUCHED).await;
    page.wait_for_text_of("banner", "", "Pasted").await;

    let file = r#"{"format":"stepyard-project","version":2,"name":"Dropped","options":{"accountId":"123456789012","region":"us-east-1",
        "seed":1,"start":0,"limits":"aws-2026","latencies":{"transition":1,"taskStart":1,"serviceCall":1,"sdkCall":1,"pollPickup":1}},
        "position":{"steps":0,"inputs":0,"now":0},"log":[]}"#;
    page.execute(DROP, vec![json!(file)]).await;
    page.wait_for_text_of("banner", "", "Dropped").await;
    page.execute(DROP, vec![json!("{\"format\":\"stepyard-project\",\"version\":99}")]).await;
    page.wait_for_text_of("main", "", "written by a later Stepyard").await;
    page.click("region «Received work» > button", "Back to mine").await;
    page.wait_for_text_of("banner", "", "Queue-based microservices").await;

    page.click("button", "Share").await;
    page.click("dialog > button", "Open what somebody sent you").await;
    page.replace_text("dialog > textbox", "Link, or a project file's text", &link).await;
    page.click("dialog > button", "Open").await;
    page.wait_for_text_of("banner", "", "Pasted").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn secrets_are_pointed_out_and_what_is_too_long_goes_into_a_file() {
    let page = Page::open_with("", &Options { width: 375, height: 812, ..Options::default() }).await;
    page.by_role_name("main > button", "Start execution").await;
    let mut log =
        "[0,0,'sqs:CreateQueue',{'QueueName':'Q','tags':{'Owner':'arn:aws:iam::210987654321:user/u'}}]".to_owned();
    let link = seal(&page, "project", &format!("{{'n':'Telling','l':[{log}],'p':[0,0]}}")).await;
    follow(&page, &link).await;
    page.wait_for_text(UNTOUCHED).await;
    page.click("button", "Share").await;
    page.wait_for_text_of("dialog", "Share", "An account id, 210987654321, in sqs:CreateQueue, input 1").await;
    page.assert_accessible().await;
    page.assert_no_sideways_scrolling().await;
    page.click("dialog > button", "Close").await;

    for at in 0..20_001 {
        let _ = write!(log, ",[0,0,'a:B{at}',{{}}]");
    }
    let many = seal(&page, "project", &format!("{{'n':'Many','l':[{log}],'p':[0,0]}}")).await;
    follow(&page, &many).await;
    page.wait_for_text("The number of recorded inputs is over the limit of 20000").await;
    page.assert_no_console_errors().await;
    page.close().await;
}

#[tokio::test]
async fn the_graph_becomes_a_picture_and_a_text() {
    let page = Page::open("").await;
    run_the_tutorial(&page).await;
    page.execute(
        "window.made = []; const make = URL.createObjectURL;
         URL.createObjectURL = blob => { made.push(blob); return make.call(URL, blob); };
         navigator.clipboard.writeText = async text => { window.copied = text; };",
        vec![],
    )
    .await;
    page.click("toolbar «Graph view» > button", "Picture").await;
    page.click("menuitem", "Download as SVG").await;
    page.wait_for_text("svg was made.").await;
    let svg = page.execute_async("return await made[0].text();", vec![]).await;
    let svg = svg.as_str().expect("text");
    assert!(svg.contains("Check Inventory") && svg.contains("<svg") && svg.contains("rgb("), "{svg}");
    for of_the_page in ["class=", "var(--", "tabindex", "aria-", "<style", "data-node"] {
        assert!(!svg.contains(of_the_page), "{of_the_page} in {svg}");
    }
    page.click("toolbar «Graph view» > button", "Picture").await;
    page.click("menuitem", "Download as PNG").await;
    page.wait_for_text("png was made.").await;
    let png = page
        .execute_async(
            "const image = await createImageBitmap(made.at(-1)); return [made.at(-1).type, image.width, image.height];",
            vec![],
        )
        .await;
    assert_eq!(png[0], "image/png");
    assert!(png[1].as_u64() > Some(400) && png[2].as_u64() > Some(400), "{png}");

    page.click("toolbar «Graph view» > button", "Picture").await;
    page.click("menuitem", "Copy as Markdown").await;
    page.wait_for_text("Copied. Where the text names").await;
    let text = page.execute("return copied;", vec![]).await;
    let text = text.as_str().expect("text").to_owned();
    assert!(text.contains("- Notify Success, Pass") && text.contains("**Succeeded**"), "{text}");
    let link = text.split_once("](http").and_then(|(_, rest)| rest.split_once('#')).expect("a link in the text").1;
    follow(&page, link.trim_end_matches([')', '\n'])).await;
    page.wait_for_text_of("region", "Received work", UNTOUCHED).await;
    page.assert_no_console_errors().await;
    page.close().await;
}
