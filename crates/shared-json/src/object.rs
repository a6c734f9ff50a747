//! An object's members.

use std::hash::BuildHasher;
use std::rc::Rc;
use std::{fmt, mem, slice, vec};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use crate::measure::{self, Length};
use crate::{Value, release};

/// Up to so many members are found by looking at each: most objects are small, and are made more often than searched.
const SMALL: usize = 16;

type Member = (Rc<str>, Value);

/// An object's members in the order in which they were written. It knows how long its JSON text is.
#[derive(Clone, Default)]
pub struct Object {
    members: Vec<Member>,
    /// The places of a large object's members by their keys.
    index: Option<Box<HashTable<usize>>>,
    length: Length,
}

/// Only the members: equal objects read the same, whether or not they were measured or searched.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Object {
    #[must_use]
    pub fn new() -> Object {
        Object::default()
    }

    #[must_use]
    pub fn with_capacity(members: usize) -> Object {
        Object { members: Vec::with_capacity(members), index: None, length: Length::default() }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        Some(&self.members.get(self.place(key)?)?.1)
    }

    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let place = self.place(key)?;
        self.length.forget();
        Some(&mut self.members.get_mut(place)?.1)
    }

    /// The member at a place, from 0.
    #[must_use]
    pub fn get_index(&self, place: usize) -> Option<(&Rc<str>, &Value)> {
        self.members.get(place).map(as_pair)
    }

    #[must_use]
    pub fn first(&self) -> Option<(&Rc<str>, &Value)> {
        self.get_index(0)
    }

    #[must_use]
    pub fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_some()
    }

    /// Sets a member. One that is there already keeps its place; its old value is returned.
    pub fn insert(&mut self, key: Rc<str>, value: Value) -> Option<Value> {
        self.length.forget();
        if let Some((_, old)) = self.place(&key).and_then(|place| self.members.get_mut(place)) {
            return Some(mem::replace(old, value));
        }
        let place = self.members.len();
        self.members.push((key, value));
        if place >= SMALL {
            self.put_into_index(place);
        }
        None
    }

    /// The member, which is made if it is not there.
    pub fn get_or_insert_with(&mut self, key: Rc<str>, make: impl FnOnce() -> Value) -> &mut Value {
        let place = self.place(&key).unwrap_or_else(|| {
            self.insert(key, make());
            self.members.len() - 1
        });
        self.length.forget();
        &mut self.members[place].1
    }

    /// Takes a member out; those behind it move up.
    pub fn shift_remove(&mut self, key: &str) -> Option<Value> {
        let place = self.place(key)?;
        self.length.forget();
        let (_, value) = self.members.remove(place);
        self.index_all();
        Some(value)
    }

    /// Keeps only some of the members.
    pub fn retain(&mut self, mut keep: impl FnMut(&Rc<str>, &mut Value) -> bool) {
        self.length.forget();
        self.members.retain_mut(|(key, value)| keep(key, value));
        self.index_all();
    }

    #[must_use]
    pub fn iter(&self) -> Members<'_> {
        Members(self.members.iter())
    }

    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &Rc<str>> + ExactSizeIterator + Clone {
        self.members.iter().map(|(key, _)| key)
    }

    pub fn values(&self) -> impl DoubleEndedIterator<Item = &Value> + ExactSizeIterator + Clone {
        self.members.iter().map(|(_, value)| value)
    }

    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.length.forget();
        self.members.iter_mut().map(|(_, value)| value)
    }

    /// The number of bytes of the object's compact JSON text. Counted once.
    #[must_use]
    pub fn json_len(&self) -> usize {
        self.length.get(|| {
            let members = self.members.iter().map(|(key, value)| {
                // The key, a colon and the value.
                measure::string(key).saturating_add(1).saturating_add(measure::value(value))
            });
            members.fold(measure::brackets(self.members.len()), usize::saturating_add)
        })
    }

    pub(crate) fn depth(&self) -> u32 {
        self.length.levels(self.values())
    }

    fn place(&self, key: &str) -> Option<usize> {
        match &self.index {
            Some(index) => index.find(hash(key), |place| self.is_at(*place, key)).copied(),
            None => self.members.iter().position(|(name, _)| same(name, key)),
        }
    }

    fn is_at(&self, place: usize, key: &str) -> bool {
        self.members.get(place).is_some_and(|(name, _)| same(name, key))
    }

    /// A new member at the end; the index is made when the object stops being small.
    fn put_into_index(&mut self, place: usize) {
        let Some(index) = &mut self.index else { return self.index_all() };
        let members = &self.members;
        let hash_at = |place: &usize| members.get(*place).map_or(0, |(name, _)| hash(name));
        index.insert_unique(hash_at(&place), place, hash_at);
    }

    fn index_all(&mut self) {
        self.index = (self.members.len() > SMALL).then(|| {
            let mut index = HashTable::with_capacity(self.members.len());
            let hash_at = |place: &usize| self.members.get(*place).map_or(0, |(name, _)| hash(name));
            for place in 0..self.members.len() {
                index.insert_unique(hash_at(&place), place, hash_at);
            }
            Box::new(index)
        });
    }
}

fn hash(key: &str) -> u64 {
    FxBuildHasher.hash_one(key)
}

/// Keys of one definition are mostly one allocation, which needs no look at the letters.
fn same(name: &Rc<str>, key: &str) -> bool {
    std::ptr::eq(&**name, key) || **name == *key
}

fn as_pair((key, value): &Member) -> (&Rc<str>, &Value) {
    (key, value)
}

impl Drop for Object {
    fn drop(&mut self) {
        release::all(&mut self.members.iter_mut().map(|(_, value)| value));
    }
}

/// The same members, in any order.
impl PartialEq for Object {
    fn eq(&self, other: &Object) -> bool {
        self.len() == other.len()
            && self.members.iter().zip(&other.members).all(|((key, value), (name, there))| {
                if key == name { value == there } else { other.get(key) == Some(value) }
            })
    }
}

impl FromIterator<(Rc<str>, Value)> for Object {
    fn from_iter<I: IntoIterator<Item = (Rc<str>, Value)>>(members: I) -> Object {
        let members = members.into_iter();
        let mut object = Object::with_capacity(members.size_hint().0);
        object.extend(members);
        object
    }
}

impl Extend<(Rc<str>, Value)> for Object {
    fn extend<I: IntoIterator<Item = (Rc<str>, Value)>>(&mut self, members: I) {
        for (key, value) in members {
            self.insert(key, value);
        }
    }
}

impl IntoIterator for Object {
    type Item = Member;
    type IntoIter = vec::IntoIter<Member>;
    fn into_iter(mut self) -> vec::IntoIter<Member> {
        mem::take(&mut self.members).into_iter()
    }
}

impl<'a> IntoIterator for &'a Object {
    type Item = (&'a Rc<str>, &'a Value);
    type IntoIter = Members<'a>;
    fn into_iter(self) -> Members<'a> {
        self.iter()
    }
}

/// An object's members by reference.
#[derive(Clone, Debug)]
pub struct Members<'a>(slice::Iter<'a, Member>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a Rc<str>, &'a Value);
    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(as_pair)
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for Members<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(as_pair)
    }
}

impl ExactSizeIterator for Members<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(count: usize) -> Object {
        (0..count).map(|n| (Rc::from(format!("key-{n}")), Value::from(n))).collect()
    }

    fn keys(object: &Object) -> Vec<&str> {
        object.keys().map(|key| &**key).collect()
    }

    #[test]
    fn small_and_large_objects_find_their_members() {
        for count in [0, 1, SMALL - 1, SMALL, SMALL + 1, 1000] {
            let object = numbered(count);
            assert_eq!(object.len(), count);
            for n in 0..count {
                assert_eq!(object.get(&format!("key-{n}")), Some(&Value::from(n)));
            }
            assert_eq!(object.get("key"), None);
        }
    }

    #[test]
    fn a_member_set_again_keeps_its_place() {
        for count in [3, 30] {
            let mut object = numbered(count);
            assert_eq!(object.insert("key-1".into(), Value::Null), Some(Value::from(1)));
            assert_eq!(object.get_index(1), Some((&Rc::from("key-1"), &Value::Null)));
            assert_eq!(object.len(), count);
        }
    }

    #[test]
    fn removal_keeps_the_order() {
        for count in [4, SMALL + 1, 40] {
            let mut object = numbered(count);
            assert_eq!(object.shift_remove("key-1"), Some(Value::from(1)));
            assert_eq!(object.shift_remove("key-1"), None);
            assert_eq!(keys(&object).get(..3), Some(&["key-0", "key-2", "key-3"][..]));
            assert_eq!(object.get("key-3"), Some(&Value::from(3)));
            object.retain(|key, _| &**key != "key-0");
            assert_eq!(object.get("key-2"), Some(&Value::from(2)));
            assert_eq!(object.len(), count - 2);
            *object.get_or_insert_with("new".into(), || Value::from(1)) = Value::from(2);
            assert_eq!(object.get("new"), Some(&Value::from(2)));
        }
    }

    #[test]
    fn order_makes_no_difference_to_equality() {
        for count in [3, 30] {
            let object = numbered(count);
            let turned: Object = object.iter().rev().map(|(key, value)| (key.clone(), value.clone())).collect();
            assert_eq!(object, turned);
            assert_ne!(object, numbered(count + 1));
            let mut other = turned;
            other.insert("key-0".into(), Value::Null);
            assert_ne!(object, other);
        }
    }
}
