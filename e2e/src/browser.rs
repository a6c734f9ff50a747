//! The two browsers that the tests run in, and how each is started.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::page::Options;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Browser {
    Chromium,
    Firefox,
}

impl Browser {
    /// Chromium, unless `STEPYARD_BROWSER` says `firefox`.
    #[must_use]
    pub fn chosen() -> Browser {
        match std::env::var("STEPYARD_BROWSER").as_deref() {
            Ok("firefox") => Browser::Firefox,
            _ => Browser::Chromium,
        }
    }

    /// Its WebDriver server, on a port of its own choice.
    pub(crate) fn driver(self) -> (String, Vec<&'static str>) {
        let named = |variable: &str, name: &str| std::env::var(variable).unwrap_or_else(|_| name.to_owned());
        match self {
            Browser::Chromium => (named("CHROMEDRIVER", "chromedriver"), vec!["--port=0"]),
            // Several run at a time: each needs a second port of its own, too.
            Browser::Firefox => (named("GECKODRIVER", "geckodriver"), vec!["--port=0", "--websocket-port=0"]),
        }
    }

    /// The port in a line that the driver prints when it is ready.
    pub(crate) fn port_in(self, line: &str) -> Option<u16> {
        let before = match self {
            Browser::Chromium => "successfully on port ",
            Browser::Firefox => "Listening on 127.0.0.1:",
        };
        line.split(before).nth(1)?.trim_end_matches('.').trim().parse().ok()
    }

    pub(crate) fn capabilities(self, profile: &Path, options: &Options) -> fantoccini::wd::Capabilities {
        let capabilities = match self {
            Browser::Chromium => chromium(profile, options),
            Browser::Firefox => firefox(profile, options),
        };
        capabilities.as_object().cloned().unwrap_or_default()
    }
}

fn chromium(profile: &Path, options: &Options) -> Value {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
    ]
    .map(str::to_owned)
    .to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    arguments.push(format!("--window-size={},{}", options.width, options.height));
    if options.dark {
        arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": { "args": arguments },
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}

fn firefox(profile: &Path, options: &Options) -> Value {
    // Its window is at least 450 pixels wide, unless a style sheet of the profile says otherwise.
    let chrome = profile.join("chrome");
    fs::create_dir_all(&chrome).expect("a folder in the profile");
    fs::write(chrome.join("userChrome.css"), ":root { min-width: 0 !important; }").expect("a style sheet");
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "args": ["-headless", "-profile", profile],
            "prefs": {
                "toolkit.legacyUserProfileCustomizations.stylesheets": true,
                // 0 is dark, 1 is light.
                "layout.css.prefers-color-scheme.content-override": i32::from(!options.dark),
                // The console goes to the driver's output, where [`crate::Page::console_errors`] reads it.
                "devtools.console.stdout.content": true,
                "dom.disable_beforeunload": true,
                "browser.tabs.remote.autostart": true,
            },
        },
    })
}
