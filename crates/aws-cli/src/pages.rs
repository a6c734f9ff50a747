//! Answers that come in pages, put together as the AWS CLI does it.
//!
//! <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared_json::Value;

use crate::query::Query;
use crate::run::Paging;
use crate::table::Pages;

/// More pages than anyone reads; a service that never ends must not hold the page.
const MOST_PAGES: usize = 1_000;

#[derive(Debug)]
pub(crate) struct Pager {
    pages: Pages,
    paging: Paging,
    taken: Vec<Value>,
    items: usize,
    /// The token that the page under way was asked with.
    token: Option<Value>,
    /// Items of the first page that were shown before.
    skip: usize,
    resume: Option<String>,
}

impl Pager {
    pub(crate) fn new(pages: Pages, paging: Paging) -> Pager {
        let (token, skip) = match &paging.token {
            Some(text) => decode(text, pages.token_in),
            None => (None, 0),
        };
        Pager { pages, paging, taken: Vec::new(), items: 0, token, skip, resume: None }
    }

    /// The parameters of the first call.
    pub(crate) fn first(&self, params: &Value) -> Value {
        let params = match (&self.pages.limit, self.paging.size) {
            (Some(limit), Some(size)) => params.with(limit, Value::from(size)),
            _ => params.clone(),
        };
        match &self.token {
            Some(token) => params.with(self.pages.token_in, token.clone()),
            None => params,
        }
    }

    /// Takes a page. Gives the parameters of the next call, if there must be one.
    pub(crate) fn take(&mut self, params: &Value, page: Value) -> Result<Option<Value>, String> {
        let primary = self.pages.results.first().copied().unwrap_or_default();
        let skipped = if self.taken.is_empty() { self.skip } else { 0 };
        let page = if skipped > 0 { self.shortened(&page, skipped) } else { page };
        let items = page.get(primary).and_then(Value::as_array).map_or(0, <[Value]>::len);
        let most = self.paging.most.map(|most| usize::try_from(most).unwrap_or(0));
        if let Some(keep) = most.map(|most| most.saturating_sub(self.items)).filter(|keep| *keep < items) {
            let kept = page.get(primary).and_then(Value::as_array).map(|all| all[..keep].to_vec()).unwrap_or_default();
            self.taken.push(page.with(primary, Value::array(kept)));
            self.resume = Some(encode(self.pages.token_in, self.token.as_ref(), Some(keep + skipped)));
            return Ok(None);
        }
        let next = self.next_token(&page)?;
        self.taken.push(page);
        self.items += items;
        let Some(next) = next else { return Ok(None) };
        if most == Some(self.items) || self.taken.len() >= MOST_PAGES {
            self.resume = Some(encode(self.pages.token_in, Some(&next), None));
            return Ok(None);
        }
        if self.token.as_ref() == Some(&next) {
            let token = crate::python::repr(&next);
            return Err(format!(
                "Error during pagination: The same next token was received twice: {{'{}': {token}}}",
                self.pages.token_in
            ));
        }
        self.token = Some(next.clone());
        Ok(Some(params.with(self.pages.token_in, next)))
    }

    fn next_token(&self, page: &Value) -> Result<Option<Value>, String> {
        if self.pages.more.is_some_and(|more| page.get(more).and_then(Value::as_bool) != Some(true)) {
            return Ok(None);
        }
        let token = Query::parse(self.pages.token_out)?.search(page)?;
        let is_there = match &token {
            Value::String(text) => !text.is_empty(),
            Value::Object(members) => !members.is_empty(),
            other => !other.is_null(),
        };
        Ok(is_there.then_some(token))
    }

    /// A page without what was shown of it before.
    fn shortened(&self, page: &Value, skip: usize) -> Value {
        let mut page = page.clone();
        for (place, key) in self.pages.results.iter().enumerate() {
            if let Some(items) = page.get(key).and_then(Value::as_array) {
                let rest = if place == 0 { items.get(skip..).unwrap_or_default().to_vec() } else { Vec::new() };
                page = page.with(key, Value::array(rest));
            }
        }
        page
    }

    /// All pages as one answer.
    pub(crate) fn whole(&self) -> Value {
        let mut whole: Vec<(&str, Value)> = Vec::new();
        for key in &self.pages.results {
            let values: Vec<&Value> = self.taken.iter().filter_map(|page| page.get(key)).collect();
            if let Some(value) = together(&values) {
                whole.push((key, value));
            }
        }
        whole.extend(self.same());
        whole.extend(self.resume.as_ref().map(|token| ("NextToken", Value::string(token))));
        Value::object(whole)
    }

    fn same(&self) -> Option<(&'static str, Value)> {
        let same = self.pages.same?;
        Some((same, self.taken.first()?.get(same)?.clone()))
    }

    /// Each page as the text output prints it: what it lists, even if that is nothing.
    pub(crate) fn pages_as_text(&self) -> Vec<Value> {
        let page = |(place, page): (usize, &Value)| {
            let same = self.same().filter(|_| place == 0);
            let keys = self.pages.results.iter();
            let results = keys.map(|key| (*key, page.get(key).cloned().unwrap_or(Value::Null)));
            Value::object(same.into_iter().chain(results))
        };
        let mut pages: Vec<Value> = self.taken.iter().enumerate().map(page).collect();
        if let Some(token) = &self.resume {
            let inner = Value::object([("NextToken", Value::string(token))]);
            pages.push(Value::object([("NextToken", inner)]));
        }
        pages
    }
}

/// Lists one after another, numbers added up.
fn together(values: &[&Value]) -> Option<Value> {
    let first = values.first()?;
    Some(match first {
        Value::Array(_) => {
            Value::array(values.iter().filter_map(|value| value.as_array()).flatten().cloned().collect())
        }
        Value::Number(_) => Value::from(values.iter().filter_map(|value| value.as_i64()).sum::<i64>()),
        first => (*first).clone(),
    })
}

/// The token to go on with: the service's, and how much of its page was shown.
fn encode(name: &str, token: Option<&Value>, shown: Option<usize>) -> String {
    let token = token.map_or("null".to_owned(), |token| serde_json::to_string(token).unwrap_or_default());
    let shown = shown.map(|shown| format!(", \"boto_truncate_amount\": {shown}")).unwrap_or_default();
    STANDARD.encode(format!("{{\"{name}\": {token}{shown}}}"))
}

fn decode(text: &str, name: &str) -> (Option<Value>, usize) {
    let json = STANDARD.decode(text).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match json.and_then(|json| Value::parse(&json).ok()).filter(|value| value.as_object().is_some()) {
        Some(value) => {
            let skip = value.get("boto_truncate_amount").and_then(Value::as_i64);
            let skip = skip.and_then(|skip| usize::try_from(skip).ok()).unwrap_or(0);
            (value.get(name).filter(|token| !token.is_null()).cloned(), skip)
        }
        None => (Some(Value::string(text)), 0),
    }
}
