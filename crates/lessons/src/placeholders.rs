//! `{{queue Orders}}` in a lesson's texts and calls: names that only the account knows.

use shared_json::Value;
use sim_account::Account;

use crate::lesson::Lesson;
use crate::words::quoted_or_word;

/// Texts in texts in texts are a mistake, or an attack.
const DEEPEST: usize = 4;
/// More than any call may carry.
const LONGEST: usize = 2_000_000;

/// Where placeholders look.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub account: &'a Account,
    pub lesson: &'a Lesson,
    /// The answer of the latest call of the script.
    pub answer: &'a Value,
}

const KNOWN: &str =
    "queue, queue-arn, machine, function, role, activity, trigger, execution, token, text, answer, account and region";

impl Source<'_> {
    /// Fills in every placeholder of a text; one whose thing is not there stays as it is, in words.
    #[must_use]
    pub fn shown(&self, text: &str) -> String {
        self.fill(text, 0, false).unwrap_or_else(|_| text.to_owned())
    }

    /// Fills in the strings of a call's parameters.
    ///
    /// # Errors
    /// What is missing, in words.
    pub fn params(&self, params: &Value) -> Result<Value, String> {
        if let Some(text) = params.as_str() {
            return self.fill(text, 0, true).map(Value::from);
        }
        if let Some(items) = params.as_array() {
            return items.iter().map(|item| self.params(item)).collect::<Result<_, _>>().map(Value::array);
        }
        let Some(object) = params.as_object() else { return Ok(params.clone()) };
        let members = object.iter().map(|(key, value)| Ok((key.clone(), self.params(value)?)));
        Ok(Value::object(members.collect::<Result<Vec<_>, String>>()?))
    }

    /// A named text with its placeholders filled in.
    ///
    /// # Errors
    /// What is missing, in words.
    pub fn text(&self, name: &str) -> Result<String, String> {
        self.fill_text(name, 0)
    }

    fn fill_text(&self, name: &str, depth: usize) -> Result<String, String> {
        let text = self.lesson.texts.get(name).ok_or_else(|| format!("The lesson has no text called {name}."))?;
        if depth > DEEPEST {
            return Err(format!("The text {name} stands in itself."));
        }
        self.fill(text, depth + 1, false)
    }

    /// Strict about unknown words only where no foreign braces can be.
    fn fill(&self, text: &str, depth: usize, strict: bool) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            filled.push_str(before);
            let Some((inner, next)) = after.split_once("}}") else {
                filled.push_str("{{");
                rest = after;
                continue;
            };
            let (word, of) = inner.split_once(' ').unwrap_or((inner, ""));
            match self.look_up(word, of.trim(), depth) {
                Some(Ok(found)) => filled.push_str(&found),
                Some(Err(missing)) if strict => return Err(missing),
                // Shown to people: the place where the thing's name will be.
                Some(Err(_)) => filled.push_str(&format!("<{inner}>")),
                None if strict => {
                    return Err(format!("“{{{{{inner}}}}}” is no placeholder. Placeholders are {KNOWN}."));
                }
                None => {
                    filled.push_str("{{");
                    rest = after;
                    continue;
                }
            }
            rest = next;
            if filled.len() > LONGEST {
                return Err("The text grows too long with what is filled in.".to_owned());
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }

    fn look_up(&self, word: &str, of: &str, depth: usize) -> Option<Result<String, String>> {
        let (account, missing) = (self.account, || format!("There is no {word} {of} yet."));
        let name = quoted_or_word(of).map(|(name, _)| name).unwrap_or_default();
        let found = match word {
            "queue" => account.queues().queue(&name).map(|queue| queue.url().to_owned()),
            "queue-arn" => account.queues().queue(&name).map(|queue| queue.arn().to_owned()),
            "machine" => account.states().machines().find(|m| *m.name == *name).map(|m| m.arn.to_string()),
            "function" => account.functions().function(&name).map(|function| function.arn.to_string()),
            "role" => account.iam().role(&name).map(|role| role.arn().to_owned()),
            "activity" => account.states().activities().find(|a| *a.name == *name).map(|a| a.arn.to_string()),
            "trigger" => self.trigger(of),
            "execution" => {
                let newest = account.states().executions().iter().rev().find(|e| *e.state_machine_name == *name);
                newest.map(|newest| newest.arn.to_string())
            }
            "token" => self.token(&name),
            "text" => return Some(self.fill_text(&name, depth)),
            "answer" => self.answer_at(of),
            "account" => Some(account.options().account_id.clone()),
            "region" => Some(account.options().region.clone()),
            _ => return None,
        };
        Some(found.ok_or_else(missing))
    }

    /// The mapping from a queue to a function: `QUEUE -> FUNCTION`.
    pub(crate) fn trigger(&self, of: &str) -> Option<String> {
        let (queue, function) = of.split_once("->")?;
        let (queue, function) = (quoted_or_word(queue)?.0, quoted_or_word(function)?.0);
        let fits = |mapping: &&lambda_sim::EventSourceMapping| {
            mapping.event_source_arn.rsplit(':').next() == Some(&queue) && *mapping.function_name == *function
        };
        self.account.functions().mappings().find(fits).map(|mapping| mapping.uuid.to_string())
    }

    /// The token that has waited longest in a machine's executions.
    fn token(&self, machine: &str) -> Option<String> {
        let states = self.account.states();
        let of_machine = |execution: usize| {
            states.executions().get(execution).is_some_and(|record| *record.state_machine_name == *machine)
        };
        let waiting = states.pending_callbacks().filter(|callback| of_machine(callback.execution));
        waiting
            .min_by_key(|callback| (callback.issued_at, callback.execution))
            .map(|callback| callback.token.to_string())
    }

    fn answer_at(&self, of: &str) -> Option<String> {
        let (path, _) = crate::path::Path::read(of)?;
        let found = path.find(self.answer);
        let found = found.first()?;
        Some(found.as_str().map_or_else(|| found.to_string(), str::to_owned))
    }
}
