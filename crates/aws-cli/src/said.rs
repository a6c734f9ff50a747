//! What a command prints, and the ways in which the AWS CLI refuses one.
//!
//! Return codes: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html>.

/// What a command leaves behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    /// A word of our own, beside what the AWS CLI prints: why, or how to mend it.
    pub hint: Option<String>,
    /// 0, or 252 for a command that could not be read, 254 for one that the service refused, 255 for all else.
    pub code: u8,
    /// Documents that the command wrote, by name.
    pub wrote: Vec<(String, String)>,
}

pub(crate) const USAGE: &str = "usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]\n\
    To see help text, you can run:\n\n  aws help\n  aws <command> help\n  aws <command> <subcommand> help\n";

const UNREADABLE: u8 = 252;
const REFUSED: u8 = 254;
const FAILED: u8 = 255;

impl Said {
    pub(crate) fn printed(out: impl Into<String>) -> Said {
        Said { out: out.into(), ..Said::default() }
    }

    fn error(err: String, code: u8) -> Said {
        Said { err, code, ..Said::default() }
    }

    /// What Python's argument parser objects to.
    pub(crate) fn usage(what: &str) -> Said {
        Said::error(format!("\n{USAGE}\naws: error: {what}\n"), UNREADABLE)
    }

    pub(crate) fn unknown_options(options: &[String]) -> Said {
        Said::error(format!("\n{USAGE}\nUnknown options: {}\n", options.join(", ")), UNREADABLE)
    }

    /// A value that its option cannot have.
    pub(crate) fn parameter(flag: &str, what: &str) -> Said {
        Said::error(format!("\nError parsing parameter '{flag}': {what}\n"), UNREADABLE)
    }

    pub(crate) fn invalid(report: &str) -> Said {
        Said::error(format!("\nParameter validation failed:\n{report}\n"), UNREADABLE)
    }

    pub(crate) fn unreadable(what: &str) -> Said {
        Said::error(format!("\n{what}\n"), UNREADABLE)
    }

    pub(crate) fn failed(what: &str) -> Said {
        Said::error(format!("\n{what}\n"), FAILED)
    }

    /// The service's own error.
    pub(crate) fn refused(code: &str, operation: &str, message: &str) -> Said {
        Said::error(
            format!("\nAn error occurred ({code}) when calling the {operation} operation: {message}\n"),
            REFUSED,
        )
    }

    /// What a shell says itself, with its own return code.
    pub(crate) fn shell(what: &str, code: u8) -> Said {
        Said::error(format!("bash: {what}\n"), code)
    }

    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Said {
        self.hint = Some(hint.into());
        self
    }
}
