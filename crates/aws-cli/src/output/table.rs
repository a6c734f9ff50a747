//! Tables with borders, laid out as the AWS CLI lays them out on a terminal.

use shared_json::Value;

use crate::python;

pub(super) fn print(title: &str, value: &Value, terminal: usize) -> Result<String, String> {
    let mut table = Table::default();
    if !table.build(Some(title), value, 0)? {
        return Ok(String::new());
    }
    Ok(table.render(terminal))
}

#[derive(Default)]
struct Table {
    sections: Vec<Section>,
}

#[derive(Default)]
struct Section {
    title: String,
    depth: usize,
    headers: Vec<String>,
    rows: Vec<Vec<String>>,
    widths: Vec<usize>,
}

impl Table {
    fn section(&mut self) -> &mut Section {
        if self.sections.is_empty() {
            self.sections.push(Section::default());
        }
        let last = self.sections.len() - 1;
        &mut self.sections[last]
    }

    fn open(&mut self, title: &str, depth: usize) {
        self.sections.push(Section { title: title.to_owned(), depth, ..Section::default() });
    }

    /// Adds a value; false when there is nothing to show.
    fn build(&mut self, title: Option<&str>, value: &Value, depth: usize) -> Result<bool, String> {
        if is_falsy(value) {
            return Ok(false);
        }
        if let Some(title) = title {
            self.open(title, depth);
        }
        match value {
            Value::Array(items) if items.first().is_some_and(|item| item.as_object().is_some()) => {
                self.list_of_objects(items, title.unwrap_or_default(), depth)?;
            }
            Value::Array(items) => self.list(items)?,
            Value::Object(_) => self.object(value, depth)?,
            _ => {}
        }
        Ok(true)
    }

    fn list(&mut self, items: &[Value]) -> Result<(), String> {
        for item in items {
            match item {
                Value::Array(cells) if cells.iter().all(is_scalar) => {
                    self.section().row(cells.iter().map(python::str).collect())?;
                }
                // Its names only: the AWS CLI's own oddity with an object inside a list of lists.
                Value::Object(members) => {
                    self.section().row(members.keys().map(ToString::to_string).collect())?;
                }
                scalar if is_scalar(scalar) => self.section().row(vec![python::str(scalar)])?,
                nested => {
                    self.build(None, nested, 0)?;
                }
            }
        }
        Ok(())
    }

    fn object(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        let (headers, more) = keys(std::slice::from_ref(value));
        let cell = |key: &String| value.get(key).map(python::str).unwrap_or_default();
        match headers.as_slice() {
            [] => {}
            [only] => self.section().row(vec![only.clone(), cell(only)])?,
            headers => {
                self.section().header(headers.to_vec());
                self.section().row(headers.iter().map(cell).collect())?;
            }
        }
        for key in more {
            self.build(Some(&key), &value[key.as_str()], depth + 1)?;
        }
        Ok(())
    }

    fn list_of_objects(&mut self, items: &[Value], title: &str, depth: usize) -> Result<(), String> {
        let (headers, more) = keys(items);
        self.section().header(headers.clone());
        for (place, item) in items.iter().enumerate() {
            if place > 0 && !more.is_empty() {
                self.open(title, depth);
                self.section().header(headers.clone());
            }
            let cell = |key: &String| item.get(key).map(python::str).unwrap_or_default();
            self.section().row(headers.iter().map(cell).collect())?;
            for key in more.iter().filter(|key| item.get(key).is_some()) {
                self.build(Some(key), &item[key.as_str()], depth + 1)?;
            }
        }
        Ok(())
    }

    fn width(&self) -> usize {
        self.sections.iter().map(Section::total_width).max().unwrap_or_default()
    }

    fn render(mut self, terminal: usize) -> String {
        if self.width() > terminal {
            self.sections.iter_mut().for_each(Section::turn);
        }
        let width = self.width();
        let mut text = format!("{}\n", "-".repeat(width));
        for section in &self.sections {
            section.render(width.saturating_sub(2 * section.depth), &mut text);
        }
        text
    }
}

impl Section {
    fn header(&mut self, headers: Vec<String>) {
        self.widen(&headers);
        self.headers = headers;
    }

    fn row(&mut self, cells: Vec<String>) -> Result<(), String> {
        let columns = self.rows.first().map_or(self.headers.len(), Vec::len);
        if (!self.rows.is_empty() || !self.headers.is_empty()) && columns != cells.len() {
            return Err(format!("Row should have {columns} elements, instead it has {}", cells.len()));
        }
        self.widen(&cells);
        self.rows.push(cells);
        Ok(())
    }

    fn widen(&mut self, cells: &[String]) {
        if self.widths.is_empty() {
            self.widths = vec![0; cells.len()];
        }
        for (width, cell) in self.widths.iter_mut().zip(cells) {
            *width = (*width).max(columns(cell));
        }
    }

    /// A wide section with one row becomes one with two columns.
    fn turn(&mut self) {
        if let ([row], false) = (self.rows.as_slice(), self.headers.is_empty()) {
            let pairs: Vec<Vec<String>> =
                self.headers.iter().zip(row).map(|(header, cell)| vec![header.clone(), cell.clone()]).collect();
            let mut turned = Section { title: self.title.clone(), depth: self.depth, ..Section::default() };
            pairs.iter().for_each(|pair| turned.widen(pair));
            turned.rows = pairs;
            *self = turned;
        }
    }

    fn total_width(&self) -> usize {
        let cells: usize = self.widths.iter().map(|width| width + 4).sum();
        (columns(&self.title) + 2 + 2 * self.depth).max(cells + 2 + 2 * self.depth)
    }

    /// Columns that fill the width together.
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "widths are small")]
    fn scaled(&self, width: usize) -> Vec<isize> {
        let unscaled: Vec<usize> = self.widths.iter().map(|width| width + 4).collect();
        let total: usize = unscaled.iter().sum();
        if unscaled.is_empty() || total == 0 {
            return Vec::new();
        }
        let factor = width as f64 / total as f64;
        let mut scaled: Vec<isize> =
            unscaled.iter().map(|width| (factor * *width as f64).round_ties_even() as isize).collect();
        let mut off = scaled.iter().sum::<isize>() - isize::try_from(width).unwrap_or_default();
        while off != 0 {
            let last = scaled.len() - 1;
            for place in 0..=last {
                let place = if off < 0 { last - place } else { place };
                scaled[place] -= off.signum();
                off -= off.signum();
                if off == 0 {
                    break;
                }
            }
        }
        scaled
    }

    fn render(&self, width: usize, text: &mut String) {
        let edge = "|".repeat(self.depth);
        let mut line = |content: &str| text.push_str(&format!("{edge}{content}{edge}\n"));
        if !self.title.is_empty() {
            line(&centred(&self.title, isize::try_from(width).unwrap_or_default(), "|"));
            if self.headers.is_empty() && self.rows.is_empty() {
                line(&format!("+{}+", "-".repeat(width.saturating_sub(2))));
            }
        }
        let widths = self.scaled(width);
        if !self.headers.is_empty() {
            line(&rule(&widths));
            line(&cells(&widths, &self.headers, centred));
        }
        if !self.rows.is_empty() && !widths.is_empty() {
            line(&rule(&widths));
            self.rows.iter().for_each(|row| line(&cells(&widths, row, left)));
            line(&rule(&widths));
        }
    }
}

/// The names of plain values and of nested ones, each in the order of the alphabet.
fn keys(items: &[Value]) -> (Vec<String>, Vec<String>) {
    let members = || items.iter().filter_map(Value::as_object).flatten();
    let sorted = |scalar: bool| {
        let mut keys: Vec<String> =
            members().filter(|(_, value)| is_scalar(value) == scalar).map(|(key, _)| key.to_string()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    };
    (sorted(true), sorted(false))
}

fn cells(widths: &[isize], cells: &[String], align: fn(&str, isize, &str) -> String) -> String {
    let each = widths.iter().zip(cells).enumerate();
    each.map(|(place, (width, cell))| align(cell, *width, if place == 0 { "|" } else { "" })).collect()
}

fn rule(widths: &[isize]) -> String {
    let part = |(place, width): (usize, &isize)| match place {
        0 => format!("+{}+", repeat("-", width - 2)),
        _ => format!("{}+", repeat("-", width - 1)),
    };
    widths.iter().enumerate().map(part).collect()
}

fn centred(text: &str, width: isize, edge: &str) -> String {
    let (length, edge_length) = (size(text), size(edge));
    let before = width / 2 - length / 2 - 1;
    let after = width - 1 - (edge_length + before + length);
    format!("{edge}{}{text}{}|", repeat(" ", before), repeat(" ", after))
}

fn left(text: &str, width: isize, edge: &str) -> String {
    let (length, edge_length) = (size(text), size(edge));
    let padding = if width > length + 2 + edge_length { 2 } else { 0 };
    let after = width - (edge_length + padding + length) - 1;
    format!("{edge}{}{text}{}|", repeat(" ", padding), repeat(" ", after))
}

fn repeat(text: &str, times: isize) -> String {
    text.repeat(usize::try_from(times).unwrap_or_default())
}

fn size(text: &str) -> isize {
    isize::try_from(columns(text)).unwrap_or_default()
}

/// Columns on the screen: letters of East Asian scripts take two, and so do those that may (Unicode's classes W, F and A).
fn columns(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() || !is_wide(u32::from(letter)) { 1 } else { 2 }).sum()
}

#[rustfmt::skip]
fn is_wide(letter: u32) -> bool {
    matches!(letter,
        // May be wide: parts of Latin-1, Greek, Cyrillic, punctuation, arrows and boxes.
        0xa1 | 0xa4 | 0xa7 | 0xa8 | 0xaa | 0xad | 0xae | 0xb0..=0xb4 | 0xb6..=0xba | 0xbc..=0xbf | 0xc6 | 0xd0 | 0xd7
        | 0xd8 | 0xde..=0xe1 | 0xe6 | 0xe8..=0xea | 0xec | 0xed | 0xf0 | 0xf2 | 0xf3 | 0xf7..=0xfa | 0xfc | 0xfe
        | 0x391..=0x3a1 | 0x3a3..=0x3a9 | 0x3b1..=0x3c1 | 0x3c3..=0x3c9 | 0x401 | 0x410..=0x44f | 0x451
        | 0x2010 | 0x2013..=0x2016 | 0x2018 | 0x2019 | 0x201c | 0x201d | 0x2020..=0x2022 | 0x2024..=0x2027 | 0x2030
        | 0x20ac | 0x2122 | 0x2190..=0x2199 | 0x2460..=0x24e9 | 0x2500..=0x254b | 0x25a0 | 0x25a1
        // Wide.
        | 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60
        | 0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x1f680..=0x1faff | 0x20000..=0x3fffd)
}

fn is_scalar(value: &Value) -> bool {
    !matches!(value, Value::Array(_) | Value::Object(_))
}

/// What is as good as nothing in Python.
fn is_falsy(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Bool(true) => false,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use shared_json::json;

    use super::*;

    #[test]
    fn a_list_of_texts_is_one_column() {
        let text = print("ListQueues", &json!({"QueueUrls": ["https://sqs/1", "https://sqs/22"]}), 80).unwrap();
        assert_eq!(
            text,
            "----------------------\n\
             |     ListQueues     |\n\
             +--------------------+\n\
             ||     QueueUrls    ||\n\
             |+------------------+|\n\
             ||  https://sqs/1   ||\n\
             ||  https://sqs/22  ||\n\
             |+------------------+|\n"
        );
    }

    #[test]
    fn rows_of_different_lengths_are_refused() {
        let ragged = print("X", &json!([[1, 2], [1, 2, 3]]), 80);
        assert_eq!(ragged, Err("Row should have 2 elements, instead it has 3".to_owned()));
        assert_eq!(print("X", &json!({}), 80), Ok(String::new()));
    }
}
