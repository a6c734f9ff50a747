//! An array's items.

use std::ops::{Deref, DerefMut};
use std::{fmt, mem, slice, vec};

use crate::measure::{self, Length};
use crate::{Value, release};

/// An array's items: a `Vec` that knows how long its JSON text is.
#[derive(Clone, Default)]
pub struct Array {
    items: Vec<Value>,
    length: Length,
}

/// Only the items: equal arrays read the same, whether or not their text was measured.
impl fmt::Debug for Array {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(f)
    }
}

impl Array {
    /// The number of bytes of the array's compact JSON text. Counted once.
    #[must_use]
    pub fn json_len(&self) -> usize {
        self.length.get(|| {
            let items = self.items.iter().map(measure::value);
            items.fold(measure::brackets(self.items.len()), usize::saturating_add)
        })
    }

    pub(crate) fn depth(&self) -> u32 {
        self.length.levels(self.items.iter())
    }
}

impl Deref for Array {
    type Target = Vec<Value>;
    fn deref(&self) -> &Vec<Value> {
        &self.items
    }
}

impl DerefMut for Array {
    fn deref_mut(&mut self) -> &mut Vec<Value> {
        self.length.forget();
        &mut self.items
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        release::all(&mut self.items.iter_mut());
    }
}

impl PartialEq for Array {
    fn eq(&self, other: &Array) -> bool {
        self.items == other.items
    }
}

impl From<Vec<Value>> for Array {
    fn from(items: Vec<Value>) -> Array {
        Array { items, length: Length::default() }
    }
}

impl From<Array> for Vec<Value> {
    fn from(mut array: Array) -> Vec<Value> {
        mem::take(&mut array.items)
    }
}

impl FromIterator<Value> for Array {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Array {
        items.into_iter().collect::<Vec<_>>().into()
    }
}

impl IntoIterator for Array {
    type Item = Value;
    type IntoIter = vec::IntoIter<Value>;
    fn into_iter(self) -> vec::IntoIter<Value> {
        Vec::from(self).into_iter()
    }
}

impl<'a> IntoIterator for &'a Array {
    type Item = &'a Value;
    type IntoIter = slice::Iter<'a, Value>;
    fn into_iter(self) -> slice::Iter<'a, Value> {
        self.items.iter()
    }
}
