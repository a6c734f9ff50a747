//! What a row, a card or a cause leads to, as plain data; the page makes a place of it.

/// Something that can be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    StateMachine { arn: String },
    Execution { arn: String },
    Queue { name: String },
    Function { name: String },
    Role { name: String },
}

impl Target {
    #[must_use]
    pub fn execution(arn: &str) -> Target {
        Target::Execution { arn: arn.to_owned() }
    }

    #[must_use]
    pub fn queue(name: &str) -> Target {
        Target::Queue { name: name.to_owned() }
    }

    #[must_use]
    pub fn function(name: &str) -> Target {
        Target::Function { name: name.to_owned() }
    }

    #[must_use]
    pub fn role(name: &str) -> Target {
        Target::Role { name: name.to_owned() }
    }
}

/// How good or bad something is; the page adds an icon and a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Plain,
    Busy,
    Good,
    Warning,
    Bad,
}
