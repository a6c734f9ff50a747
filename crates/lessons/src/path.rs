//! A way into JSON: `definition.States."Check Inventory".TimeoutSeconds`. `*` is any member or element, `**` any depth.

use shared_json::Value;

use crate::words::take_quoted;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Vec<Segment>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Named(String),
    Any,
    Deep,
}

impl Path {
    /// Reads up to the first space, and hands over what comes after.
    pub fn read(text: &str) -> Option<(Path, &str)> {
        let mut segments = Vec::new();
        let mut rest = text;
        loop {
            let (name, quoted, after) = if rest.starts_with('"') {
                let (name, after) = take_quoted(rest)?;
                (name, true, after)
            } else {
                let end = rest.find(['.', ' ']).unwrap_or(rest.len());
                (rest[..end].to_owned(), false, &rest[end..])
            };
            segments.push(match name.as_str() {
                "*" if !quoted => Segment::Any,
                "**" if !quoted => Segment::Deep,
                "" => return None,
                _ => Segment::Named(name),
            });
            match after.strip_prefix('.') {
                Some(next) => rest = next,
                None => return Some((Path(segments), after)),
            }
        }
    }

    /// The first segment, which must be a name, and the way from there.
    pub fn split_first(self) -> Option<(String, Path)> {
        let mut segments = self.0.into_iter();
        match segments.next()? {
            Segment::Named(name) => Some((name, Path(segments.collect()))),
            Segment::Any | Segment::Deep => None,
        }
    }

    /// Everything at the end of the way.
    pub fn find<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![value];
        for segment in &self.0 {
            let mut next = Vec::new();
            for value in found {
                match segment {
                    Segment::Named(name) => next.extend(named(value, name)),
                    Segment::Any => next.extend(children(value)),
                    Segment::Deep => deep(value, &mut next),
                }
            }
            found = next;
        }
        found
    }
}

fn named<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value.as_array() {
        Some(items) => items.get(name.parse::<usize>().ok()?),
        None => value.get(name),
    }
}

fn children(value: &Value) -> Vec<&Value> {
    match (value.as_array(), value.as_object()) {
        (Some(items), _) => items.iter().collect(),
        (None, Some(object)) => object.values().collect(),
        (None, None) => Vec::new(),
    }
}

/// A value and all that is in it. JSON that was parsed is never so deep that this could overflow.
fn deep<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(value);
    for child in children(value) {
        deep(child, found);
    }
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn ways_lead_through_names_elements_and_depths() {
        let value = json!({"a b": {"list": [{"x": 1}, {"x": 2}]}, "x": 3});
        let find =
            |text: &str| Path::read(text).unwrap().0.find(&value).iter().map(|v| v.to_string()).collect::<Vec<_>>();
        assert_eq!(find("\"a b\".list.1.x"), ["2"]);
        assert_eq!(find("\"a b\".list.*.x"), ["1", "2"]);
        assert_eq!(find("**.x"), ["3", "1", "2"]);
        assert!(find("nothing.there").is_empty());
        assert!(Path::read("a..b").is_none());
        assert_eq!(Path::read("a.b = 1").unwrap().1, " = 1");
    }
}
