//! The page as a person meets it: things have a role and a name, text can be read, keys can be pressed.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::{TimeoutConfiguration, WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::browser::Browser;
use crate::driver::Driver;
use crate::site::Site;

/// How long a person would wait before they say that nothing happens.
const PATIENCE: Duration = Duration::from_secs(15);
/// More stops than any page has.
const MOST_TABS: usize = 150;
const PAUSE: Duration = Duration::from_millis(50);

/// How the page is shown.
#[derive(Clone, Debug)]
pub struct Options {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
    /// Where the page is hosted: `/`, or a sub-path.
    pub prefix: String,
    /// Another folder than the built page's.
    pub folder: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Self {
        Options { width: 1440, height: 900, dark: false, prefix: "/".to_owned(), folder: None }
    }
}

/// One browser with one page. Its failures are panics that say what was looked for and what was there.
#[derive(Debug)]
pub struct Page {
    client: Client,
    browser: Browser,
    site: Site,
    driver: Driver,
    _profile: TempDir,
}

impl Page {
    /// Opens the page at 1440 × 900.
    pub async fn open(path: &str) -> Page {
        Page::open_with(path, &Options::default()).await
    }

    /// Opens the page with `path` (a fragment or query, or nothing) after its address.
    pub async fn open_with(path: &str, options: &Options) -> Page {
        let site = Site::start_in(&options.prefix, &options.folder.clone().unwrap_or_else(crate::web_dir));
        let browser = Browser::chosen();
        let driver = Driver::start(browser);
        let profile = tempfile::tempdir().expect("a folder for the browser's profile");
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(browser.capabilities(profile.path(), options))
            .connect(&driver.url())
            .await
            .expect("the browser starts");
        let timeouts = TimeoutConfiguration::new(Some(Duration::from_secs(60)), Some(Duration::from_secs(60)), None);
        client.update_timeouts(timeouts).await.expect("time limits");
        let page = Page { client, browser, site, driver, _profile: profile };
        page.resize(options.width, options.height).await;
        page.client.goto(&page.site.url(path)).await.expect("the page opens");
        page
    }

    /// Ends the browser. A page that is dropped without it ends with its driver.
    pub async fn close(self) {
        let _ = self.client.close().await;
    }

    pub async fn reload(&self) {
        if self.browser != Browser::Firefox {
            return self.client.refresh().await.expect("the page reloads");
        }
        // Its driver does not ask the service worker.
        self.execute("window.isOld = true; location.reload();", vec![]).await;
        self.wait_until("the page is reloaded", async || {
            let new = self.client.execute("return !window.isOld && document.readyState === 'complete';", vec![]).await;
            new.is_ok_and(|new| new == true)
        })
        .await;
    }

    /// The host goes away: every further request fails.
    pub fn stop_server(&self) {
        self.site.stop();
    }

    /// Runs a script in each further document before anything of the page runs. False in Firefox, whose driver cannot.
    #[must_use]
    pub async fn before_load(&self, script: &str) -> bool {
        if self.browser == Browser::Firefox {
            return false;
        }
        self.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script })).await;
        true
    }

    /// The tab that is looked at.
    pub async fn tab(&self) -> WindowHandle {
        self.client.window().await.expect("a tab")
    }

    /// Opens the page in a further tab and looks at it.
    pub async fn new_tab(&self, path: &str) {
        let tab = self.client.new_window(true).await.expect("a further tab");
        self.switch_to(&tab.handle).await;
        self.client.goto(&self.site.url(path)).await.expect("the page opens");
    }

    /// Looks at another tab.
    pub async fn switch_to(&self, tab: &WindowHandle) {
        self.client.switch_to_window(tab.clone()).await.expect("the tab is there");
    }

    /// Makes the page's own area `width` × `height` CSS pixels.
    pub async fn resize(&self, width: u32, height: u32) {
        if self.browser == Browser::Chromium {
            let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            return self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        }
        let script = "return [window.outerWidth - window.innerWidth, window.outerHeight - window.innerHeight];";
        // What the window has around the page is known once it has a size.
        for _ in 0..2 {
            let around = self.execute(script, vec![]).await;
            let [more_width, more_height] = [0, 1].map(|side| around[side].as_u64().unwrap_or_default() as u32);
            self.client.set_window_size(width + more_width, height + more_height).await.expect("the window's size");
        }
    }

    /// What has this role and exactly this accessible name. Waits for it; it must be the only one.
    ///
    /// The role may say where to look: `dialog > button`, `region «Dock» > tab`. A name that ends with `…` stands for
    /// all that begin so.
    pub async fn by_role_name(&self, role: &str, name: &str) -> Element {
        let start = Instant::now();
        loop {
            let found = self.all_by_role_name(role, name).await;
            match <[Element; 1]>::try_from(found) {
                Ok([element]) => return element,
                Err(found) if start.elapsed() > PATIENCE => {
                    let names = self.helper("names(arguments[0])", vec![json!(role)]).await;
                    panic!("{} of role {role} named «{name}»; there are: {names}", found.len());
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// All that has this role and exactly this accessible name, now.
    pub async fn all_by_role_name(&self, role: &str, name: &str) -> Vec<Element> {
        let found = self.helper("find(arguments[0], arguments[1], true)", vec![json!(role), json!(name)]).await;
        self.elements(found)
    }

    /// All that has this role and a name with `part` in it, now.
    pub async fn all_by_role_containing(&self, role: &str, part: &str) -> Vec<Element> {
        let found = self.helper("find(arguments[0], arguments[1], false)", vec![json!(role), json!(part)]).await;
        self.elements(found)
    }

    /// Waits until nothing has this role and name.
    pub async fn wait_until_gone(&self, role: &str, name: &str) {
        self.wait_until(&format!("{role} «{name}» is gone"), async || {
            self.all_by_role_name(role, name).await.is_empty()
        })
        .await;
    }

    /// Clicks it with the mouse, scrolling it into view first.
    pub async fn click(&self, role: &str, name: &str) {
        let start = Instant::now();
        loop {
            // It may be redrawn between being found and being clicked.
            let found = self.by_role_name(role, name).await;
            let clicked = match self.browser {
                // Its driver finds no group of a drawing in the place where that is drawn.
                Browser::Firefox if found.tag_name().await.is_ok_and(|tag| tag == "g") => {
                    self.click_middle(&found).await
                }
                _ => found.click().await,
            };
            match clicked {
                Ok(()) => return,
                Err(error) if start.elapsed() > PATIENCE => panic!("{role} «{name}» cannot be clicked: {error}"),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    /// Moves the mouse to the middle of what is there and clicks.
    async fn click_middle(&self, element: &Element) -> Result<(), CmdError> {
        let middle = "const place = () => arguments[0].getBoundingClientRect();
            arguments[0].scrollIntoView({ block: 'nearest' });
            // Firefox scrolls no page for a part of a drawing.
            if (place().bottom > innerHeight) window.scrollBy(0, place().bottom - innerHeight);
            const { x, y, width, height } = place();
            return [x + width / 2, y + height / 2];";
        let middle = self.client.execute(middle, vec![serde_json::to_value(element)?]).await?;
        let [x, y] = [0, 1].map(|axis| middle[axis].as_f64().unwrap_or_default());
        let there = PointerAction::MoveTo { duration: None, x, y };
        let mouse = MouseActions::new("mouse".to_owned())
            .then(there)
            .then(PointerAction::Down { button: MOUSE_BUTTON_LEFT })
            .then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(mouse).await
    }

    /// Types at the end of what is in it. Keys are written as [`fantoccini::key::Key`].
    pub async fn type_text(&self, role: &str, name: &str, text: &str) {
        let element = self.by_role_name(role, name).await;
        element.send_keys(text).await.expect("text can be typed");
    }

    /// Selects all that is in it and pastes over it: the way to put whole files into the code editor.
    pub async fn replace_text(&self, role: &str, name: &str, text: &str) {
        let element = self.by_role_name(role, name).await;
        element.click().await.expect("it can be clicked");
        element.send_keys(&format!("{}a", char::from(fantoccini::key::Key::Control))).await.expect("Ctrl A");
        if element.tag_name().await.expect("an element") == "div" {
            let element = serde_json::to_value(&element).expect("a reference");
            self.helper("paste(arguments[0], arguments[1])", vec![element, json!(text)]).await;
        } else {
            element.send_keys(text).await.expect("text can be typed");
        }
    }

    /// Presses keys wherever the focus is.
    pub async fn press(&self, keys: &str) {
        let focused = self.client.active_element().await.expect("something has the focus");
        focused.send_keys(keys).await.expect("keys can be pressed");
    }

    /// Waits until this text can be read somewhere in the page.
    pub async fn wait_for_text(&self, text: &str) {
        let start = Instant::now();
        loop {
            let all = self.text().await;
            if all.contains(text) {
                return;
            }
            assert!(start.elapsed() <= PATIENCE, "«{text}» is not in the page, which says: {all}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// All text that can be read in the page, blanks collapsed.
    pub async fn text(&self) -> String {
        self.helper("text()", vec![]).await.as_str().unwrap_or_default().to_owned()
    }

    /// All text that can be read in what has this role and name, blanks collapsed.
    pub async fn text_of(&self, role: &str, name: &str) -> String {
        let text = self.helper("text(arguments[0], arguments[1])", vec![json!(role), json!(name)]).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until this text can be read in what has this role and name.
    pub async fn wait_for_text_of(&self, role: &str, name: &str, text: &str) {
        let start = Instant::now();
        loop {
            let all = self.text_of(role, name).await;
            if all.contains(text) {
                return;
            }
            assert!(start.elapsed() <= PATIENCE, "«{text}» is not in {role} «{name}», which says: {all}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Chooses an option of a select by what it says.
    pub async fn choose(&self, role: &str, name: &str, option: &str) {
        let select = self.by_role_name(role, name).await;
        if let Err(error) = select.select_by_label(option).await {
            panic!("«{option}» cannot be chosen in «{name}»: {error}");
        }
    }

    /// Waits until `is_so`.
    pub async fn wait_until(&self, what: &str, is_so: impl AsyncFn() -> bool) {
        let start = Instant::now();
        while !is_so().await {
            assert!(start.elapsed() <= PATIENCE, "waited in vain: {what}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Runs a function body in the page. For what no person could tell, such as storage.
    pub async fn execute(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Like [`Page::execute`], for a function body that returns a promise.
    pub async fn execute_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async function () {{ {script} }}).apply(null, Array.prototype.slice.call(arguments, 0, -1))
               .then(value => done({{ value }}), error => done({{ error: String(error) }}));"
        );
        let answer = self.client.execute_async(&script, arguments).await.expect("the script runs");
        assert!(answer.get("error").is_none(), "{script}: {}", answer["error"]);
        answer["value"].clone()
    }

    /// Breaches of WCAG 2.2 AA in the page as it is now, found by axe.
    pub async fn accessibility_problems(&self) -> Vec<String> {
        self.inject_helpers().await;
        let problems = self.execute_async("return await stepyardTests.accessibilityProblems();", vec![]).await;
        problems.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    pub async fn assert_accessible(&self) {
        let problems = self.accessibility_problems().await;
        assert!(problems.is_empty(), "axe found:\n{}", problems.join("\n"));
    }

    /// The same, on a small screen that shows a pane beside the main part.
    pub async fn assert_pane_accessible(&self) {
        let mut problems = self.accessibility_problems().await;
        // The main part and its heading are one tap away; WCAG asks for neither, axe recommends them.
        problems.retain(|line| !line.starts_with("landmark-one-main") && !line.starts_with("page-has-heading-one"));
        assert!(problems.is_empty(), "axe found:\n{}", problems.join("\n"));
    }

    /// The page is not wider than the window, and nothing in it stands out at the right.
    pub async fn assert_no_sideways_scrolling(&self) {
        let script = "return [document.documentElement.scrollWidth, window.innerWidth];";
        let widths = self.execute(script, vec![]).await;
        assert!(widths[0].as_f64() <= widths[1].as_f64(), "the page is wider than the window: {widths}");
    }

    /// Presses Tab until what has this role and name has the focus.
    pub async fn tab_to(&self, role: &str, name: &str) {
        self.press_until_at(&char::from(Key::Tab).to_string(), role, name).await;
    }

    /// The same backwards. Around the page's end would lead through the browser's own buttons.
    pub async fn tab_back_to(&self, role: &str, name: &str) {
        let keys: String = [Key::Shift, Key::Tab].map(char::from).iter().collect();
        self.press_until_at(&keys, role, name).await;
    }

    async fn press_until_at(&self, keys: &str, role: &str, name: &str) {
        let mut met = Vec::new();
        for _ in 0..MOST_TABS {
            self.press(keys).await;
            let focused = self.helper("focused()", vec![]).await;
            let (its_role, its_name) = (focused[0].as_str().unwrap_or(""), focused[1].as_str().unwrap_or(""));
            let fits = name.strip_suffix('…').map_or(its_name == name, |start| its_name.starts_with(start));
            if its_role == role && fits {
                return;
            }
            met.push(format!("{its_role} «{its_name}»"));
        }
        panic!("they never come to {role} «{name}», but to: {}", met.join(", "));
    }

    /// The names of all that have this role.
    pub async fn names(&self, role: &str) -> Vec<String> {
        let names = self.helper("names(arguments[0])", vec![json!(role)]).await;
        names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Warnings and errors in the browser's console since the last call: also what broke the
    /// Content-Security-Policy, and what could not be loaded.
    pub async fn console_errors(&self) -> Vec<String> {
        if self.browser == Browser::Firefox {
            let bad = ["console.error:", "console.warn:", "JavaScript error: http", "JavaScript error: file"];
            // Its own parts speak there, too, each by its name.
            let own = [
                "console.warn: services.",
                "console.error: services.",
                "console.warn: Search",
                "console.error: Search",
                // Of the sites that it has remedies for.
                "console.warn: \"Skipping\"",
                "console.error: \"There was an error sending FormAutofill",
            ];
            let is_own = |line: &str| line.contains("resource://") || line.contains(".sys.mjs");
            let begins = |line: &str, starts: &[&str]| starts.iter().any(|start| line.starts_with(start));
            let lines = self.driver.take_lines();
            return lines
                .into_iter()
                .filter(|line| begins(line, &bad) && !begins(line, &own) && !is_own(line))
                .collect();
        }
        let lines = self.client.issue_cmd(ConsoleLog).await.expect("the console can be read");
        let lines = lines.as_array().into_iter().flatten();
        let bad = lines.filter(|line| matches!(line["level"].as_str(), Some("SEVERE" | "WARNING")));
        bad.map(|line| format!("{}: {}", line["level"], line["message"])).collect()
    }

    pub async fn assert_no_console_errors(&self) {
        let errors = self.console_errors().await;
        assert!(errors.is_empty(), "the console says:\n{}", errors.join("\n"));
    }

    /// Writes `<name>.png`, `width` × `height`, into the folder of [`crate::tests_dir`].
    pub async fn screenshot(&self, name: &str, width: u32, height: u32) {
        self.resize(width, height).await;
        let picture = self.client.screenshot().await.expect("a screenshot");
        let folder = crate::tests_dir().join("screenshots");
        fs::create_dir_all(&folder).expect("a folder for screenshots");
        fs::write(folder.join(format!("{name}.png")), picture).expect("the screenshot can be written");
    }

    /// The WebDriver client, for what has no word here yet.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The page's address.
    #[must_use]
    pub fn url(&self) -> String {
        self.site.url("")
    }

    async fn helper(&self, call: &str, arguments: Vec<Value>) -> Value {
        let script = format!("return window.stepyardTests ? {{ value: stepyardTests.{call} }} : null;");
        let first = self.execute(&script, arguments.clone()).await;
        if !first.is_null() {
            return first["value"].clone();
        }
        self.inject_helpers().await;
        self.execute(&script, arguments).await["value"].clone()
    }

    /// The helpers go with the document: after a reload they are put in again.
    async fn inject_helpers(&self) {
        let file = crate::tests_dir().join("e2e.js");
        let source = fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{}: {error}; run `cargo xtask test` once", file.display()));
        self.execute(&format!("if (!window.stepyardTests) {{ {source} }}"), vec![]).await;
    }

    fn elements(&self, found: Value) -> Vec<Element> {
        let references = found.as_array().cloned().unwrap_or_default();
        references
            .into_iter()
            .map(|reference| {
                let id = reference.as_object().and_then(|object| object.values().next()?.as_str());
                let id = id.expect("a reference to an element").to_owned();
                Element::from_element_id(self.client.clone(), id.into())
            })
            .collect()
    }

    /// Shows the page in the system's own few colours, as a contrast theme does. False where the driver cannot.
    pub async fn force_colors(&self) -> bool {
        if self.browser == Browser::Chromium {
            let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
            self.devtools("Emulation.setEmulatedMedia", forced).await;
        }
        self.execute("return matchMedia('(forced-colors: active)').matches;", vec![]).await == true
    }

    async fn devtools(&self, command: &str, parameters: Value) {
        let command = Devtools(json!({ "cmd": command, "params": parameters }));
        self.client.issue_cmd(command).await.expect("a DevTools command");
    }
}

/// Chromedriver's own command for the browser's console.
#[derive(Debug)]
struct ConsoleLog;

impl WebDriverCompatibleCommand for ConsoleLog {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// Chromedriver's own way to the browser's DevTools.
#[derive(Debug)]
struct Devtools(Value);

impl WebDriverCompatibleCommand for Devtools {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.0.to_string()))
    }
}
