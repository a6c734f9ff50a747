//! Where a step points: a place of the page, and a control in it by its role and name.
//!
//! `function Inventory > Configuration > button "Add trigger"`

use crate::lesson::Mistake;
use crate::words::{quoted_or_word, take_quoted};

/// What "Show me" opens and points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointer {
    pub place: Option<Spot>,
    /// The place's tab, by its label.
    pub tab: Option<String>,
    pub control: Option<Control>,
}

/// A control by what a screen reader calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    pub role: String,
    pub name: String,
}

/// A place of the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spot {
    Welcome,
    NewQueue,
    Queue(String),
    NewMachine,
    Machine(String),
    /// The newest execution of a state machine.
    Execution(String),
    NewFunction,
    Function(String),
    NewRole,
    Role(String),
    /// The pane below, with a tab of it.
    Dock,
    /// The bar with the clock.
    Top,
}

const ROLES: [&str; 10] =
    ["button", "tab", "textbox", "combobox", "checkbox", "switch", "link", "region", "group", "slider"];

impl Pointer {
    pub(crate) fn read(line: usize, text: &str) -> Result<Pointer, Mistake> {
        let mut pointer = Pointer { place: None, tab: None, control: None };
        for part in split(text) {
            let part = part.trim();
            let (first, rest) = part.split_once(' ').unwrap_or((part, ""));
            if ROLES.contains(&first) && rest.trim_start().starts_with('"') {
                let (name, _) =
                    take_quoted(rest.trim_start()).filter(|(_, after)| after.trim().is_empty()).ok_or_else(|| {
                        Mistake::new(line, format!("The name of the {first} must stand in one pair of quotes."))
                    })?;
                pointer.control = Some(Control { role: first.to_owned(), name });
            } else if pointer.place.is_none() && pointer.control.is_none() {
                pointer.place = Some(spot(line, part)?);
            } else if pointer.tab.is_none() && pointer.control.is_none() {
                pointer.tab = Some(part.to_owned());
            } else {
                return Err(Mistake::new(line, format!("“{part}” is one part too many: place > tab > control.")));
            }
        }
        Ok(pointer)
    }
}

/// At every `>` that is not in quotes.
fn split(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut quoted) = (0, false);
    for (at, character) in text.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '>' if !quoted => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

fn spot(line: usize, text: &str) -> Result<Spot, Mistake> {
    const KNOWN: &str = "welcome, new queue, queue NAME, new machine, machine NAME, execution NAME, new function, function NAME, new role, role NAME, dock and top";
    match text {
        "welcome" => return Ok(Spot::Welcome),
        "new queue" => return Ok(Spot::NewQueue),
        "new machine" => return Ok(Spot::NewMachine),
        "new function" => return Ok(Spot::NewFunction),
        "new role" => return Ok(Spot::NewRole),
        "dock" => return Ok(Spot::Dock),
        "top" => return Ok(Spot::Top),
        _ => {}
    }
    let named = text.split_once(' ').and_then(|(kind, rest)| {
        let make: fn(String) -> Spot = match kind {
            "queue" => Spot::Queue,
            "machine" => Spot::Machine,
            "execution" => Spot::Execution,
            "function" => Spot::Function,
            "role" => Spot::Role,
            _ => return None,
        };
        let (name, after) = quoted_or_word(rest)?;
        after.trim().is_empty().then(|| make(name))
    });
    named.ok_or_else(|| Mistake::new(line, format!("“{text}” is no place. Places are {KNOWN}.")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_tab_and_control_are_read() {
        let read = |text| Pointer::read(1, text).unwrap();
        let control = Some(Control { role: "button".into(), name: "Add > trigger".into() });
        let tab = Some("Configuration".to_owned());
        assert_eq!(
            read("function Inventory > Configuration > button \"Add > trigger\""),
            Pointer { place: Some(Spot::Function("Inventory".into())), tab, control }
        );
        assert_eq!(read("new queue").place, Some(Spot::NewQueue));
        assert!(read("button \"Play\"").place.is_none());
        assert!(Pointer::read(3, "cupboard Orders").unwrap_err().to_string().starts_with("Line 3: “cupboard Orders”"));
        assert!(Pointer::read(3, "queue A > B > C").is_err());
    }
}
