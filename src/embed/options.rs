//! What an address asks of an embedded page: `?embed&pane=graph&theme=dark&controls=none#y1.run.…`. docs/embed.md tells
//! it to whoever embeds.

use std::sync::OnceLock;

use crate::host::ui::Theme;

/// What the frame shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmbedPane {
    /// The graph with the run's colours.
    #[default]
    Graph,
    Timeline,
    Activity,
    Logs,
    Callbacks,
    Queues,
    Definition,
}

impl EmbedPane {
    const NAMES: [(&'static str, EmbedPane); 7] = [
        ("graph", EmbedPane::Graph),
        ("timeline", EmbedPane::Timeline),
        ("activity", EmbedPane::Activity),
        ("logs", EmbedPane::Logs),
        ("callbacks", EmbedPane::Callbacks),
        ("queues", EmbedPane::Queues),
        ("definition", EmbedPane::Definition),
    ];
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedOptions {
    pub pane: EmbedPane,
    pub theme: Theme,
    /// Buttons that move in time.
    pub controls: bool,
    /// The sentence about what happened last.
    pub caption: bool,
    /// Nothing can be started; what was recorded can be looked at.
    pub read_only: bool,
    /// Opens right after this step instead of where the link says.
    pub step: Option<u64>,
}

/// What this page's address asks for; `None` when the page stands for itself. Read once: this part of an address
/// changes only with the page.
#[must_use]
pub fn of_this_page() -> Option<&'static EmbedOptions> {
    static ASKED: OnceLock<Option<EmbedOptions>> = OnceLock::new();
    ASKED.get_or_init(|| EmbedOptions::of(&gloo_utils::window().location().search().unwrap_or_default())).as_ref()
}

impl EmbedOptions {
    /// Of the part of an address that begins with `?`; `None` without `embed` in it. What is not known is as if it was
    /// not there: an old page shows a new link, too.
    #[must_use]
    pub fn of(search: &str) -> Option<EmbedOptions> {
        let pairs: Vec<(&str, &str)> =
            search.trim_start_matches('?').split('&').map(|pair| pair.split_once('=').unwrap_or((pair, ""))).collect();
        let value = |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        value("embed")?;
        let pane = value("pane").unwrap_or_default();
        Some(EmbedOptions {
            pane: EmbedPane::NAMES.iter().find(|(name, _)| *name == pane).map(|(_, pane)| *pane).unwrap_or_default(),
            theme: match value("theme") {
                Some("light") => Theme::Light,
                Some("dark") => Theme::Dark,
                _ => Theme::Auto,
            },
            controls: value("controls") != Some("none"),
            caption: value("caption") != Some("none"),
            read_only: value("readonly").is_some(),
            step: value("step").and_then(|step| step.parse().ok()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown() {
        assert_eq!(EmbedOptions::of("?lesson=1"), None);
        let plain = EmbedOptions {
            pane: EmbedPane::Graph,
            theme: Theme::Auto,
            controls: true,
            caption: true,
            read_only: false,
            step: None,
        };
        assert_eq!(EmbedOptions::of("?embed"), Some(plain.clone()));
        let all = "?embed=&pane=logs&theme=dark&controls=none&caption=none&readonly&step=12";
        let asked = EmbedOptions {
            pane: EmbedPane::Logs,
            theme: Theme::Dark,
            controls: false,
            caption: false,
            read_only: true,
            step: Some(12),
        };
        assert_eq!(EmbedOptions::of(all), Some(asked));
        assert_eq!(EmbedOptions::of("?pane=moon&theme=pink&embed&future=1&step=x"), Some(plain));
    }
}
