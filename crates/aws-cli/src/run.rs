//! A command under way: its calls, one after another, and what is printed in the end.

use aws_protocol::AwsError;
use shared_json::Value;

use crate::answer;
use crate::output::{self, Format};
use crate::pages::Pager;
use crate::query::Query;
use crate::said::Said;
use crate::table::{Action, Service};

/// An action to be called.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// `sqs:SendMessage`.
    pub action: String,
    pub params: Value,
}

/// What follows an answer.
#[derive(Clone, Debug)]
pub enum Step {
    /// There is another page: [`Run::call`] names the call.
    Again,
    Done(Said),
}

/// How the pages of an answer were asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paging {
    pub(crate) token: Option<String>,
    pub(crate) size: Option<i64>,
    pub(crate) most: Option<i64>,
}

/// A command that calls the API.
#[derive(Debug)]
pub struct Run {
    service: Service,
    action: Action,
    call: Call,
    pager: Option<Pager>,
    format: Format,
    query: Option<Query>,
    outfile: Option<String>,
    hint: Option<String>,
    width: usize,
}

impl Run {
    pub(crate) fn new(
        service: Service,
        action: Action,
        mut call: Call,
        paging: Option<Paging>,
        format: Format,
        query: Option<Query>,
    ) -> Run {
        let pager = action.pages.clone().zip(paging).map(|(pages, paging)| Pager::new(pages, paging));
        if let Some(pager) = &pager {
            call.params = pager.first(&call.params);
        }
        Run { service, action, call, pager, format, query, outfile: None, hint: None, width: output::WIDTH }
    }

    pub(crate) fn with_outfile(mut self, outfile: Option<String>) -> Run {
        self.outfile = outfile;
        self
    }

    pub(crate) fn with_hint(mut self, hint: Option<String>) -> Run {
        self.hint = hint;
        self
    }

    /// The call to make now.
    #[must_use]
    pub fn call(&self) -> &Call {
        &self.call
    }

    /// Takes the answer of the call.
    pub fn answered(&mut self, result: Result<Value, AwsError>) -> Step {
        let answer = match result {
            Ok(answer) => answer::shaped(&self.service, self.action.output, &answer),
            Err(error) => return Step::Done(self.refused(&error)),
        };
        let Some(pager) = &mut self.pager else { return Step::Done(self.print(&answer)) };
        match pager.take(&self.call.params, answer) {
            Ok(Some(params)) => {
                self.call.params = params;
                Step::Again
            }
            Ok(None) => Step::Done(self.print_pages()),
            Err(what) => Step::Done(Said::failed(&what)),
        }
    }

    fn refused(&self, error: &AwsError) -> Said {
        let code = answer::error_code(&self.service, &error.code);
        let said = Said::refused(code, self.action.name, &error.message);
        let unknown = ["UnknownOperationException", "InvalidAction"].contains(&error.code.as_str());
        match &self.hint {
            _ if unknown => said.with_hint("AWS has this action; it is not simulated here."),
            Some(hint) => said.with_hint(hint.clone()),
            None => said,
        }
    }

    fn print(&self, answer: &Value) -> Said {
        let mut said = Said { hint: self.hint.clone(), ..Said::default() };
        let mut answer = answer.clone();
        if let Some(file) = &self.outfile {
            let body = if self.service.command == "lambda" { "Payload" } else { "Body" };
            let text = answer.get_str(body).unwrap_or_default().to_owned();
            answer = without(&answer, body);
            match file.as_str() {
                "/dev/stdout" | "-" => said.out.push_str(&text),
                "/dev/null" => {}
                file => said.wrote.push((file.to_owned(), text)),
            }
        }
        self.finish(said, &[answer])
    }

    /// Texts are printed page by page, all else as one answer.
    fn print_pages(&self) -> Said {
        let Some(pager) = &self.pager else { return Said::default() };
        let said = Said { hint: self.hint.clone(), ..Said::default() };
        match self.format {
            Format::Text => self.finish(said, &pager.pages_as_text()),
            _ => self.finish(said, &[pager.whole()]),
        }
    }

    fn finish(&self, mut said: Said, answers: &[Value]) -> Said {
        for answer in answers {
            let printed = match &self.query {
                Some(query) => query.search(answer),
                None => Ok(answer.clone()),
            }
            .and_then(|value| output::print(self.format, self.action.name, &value, self.width));
            match printed {
                Ok(text) => said.out.push_str(&text),
                Err(what) => {
                    let failed = Said::failed(&what);
                    (said.err, said.code) = (failed.err, failed.code);
                    return said;
                }
            }
        }
        said
    }
}

fn without(value: &Value, key: &str) -> Value {
    let members = value.as_object().into_iter().flatten().filter(|(name, _)| &***name != key);
    Value::object(members.map(|(name, value)| (name.to_string(), value.clone())))
}
