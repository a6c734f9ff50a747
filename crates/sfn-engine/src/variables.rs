//! Workflow variables and their scopes.

use std::rc::Rc;

use shared_json::{Object, Value};
use states_query::Variables;

/// The variables that a frame sees: its own, and those of the states around it, which it can read but not assign.
#[derive(Clone, Debug, Default)]
pub(crate) struct VariableScope {
    own: Rc<Object>,
    outer: Option<Rc<VariableScope>>,
}

impl VariableScope {
    /// The scope of a branch or iteration that starts now: the frame around it stands still meanwhile.
    pub(crate) fn inner(&self) -> VariableScope {
        let outer = (!self.own.is_empty()).then(|| Rc::new(self.clone())).or_else(|| self.outer.clone());
        VariableScope { own: Rc::default(), outer }
    }

    /// With the variables that TestState gives.
    pub(crate) fn with(variables: &Value) -> VariableScope {
        VariableScope { own: Rc::new(variables.as_object().cloned().unwrap_or_default()), outer: None }
    }

    pub(crate) fn assign(&mut self, assigned: &Object) {
        let own = Rc::make_mut(&mut self.own);
        for (name, value) in assigned {
            own.insert(Rc::clone(name), value.clone());
        }
    }

    /// Bytes of all variables that are visible, as JSON text.
    pub(crate) fn json_len(&self) -> usize {
        let outer = self.outer.as_deref().map_or(0, VariableScope::json_len);
        self.own.json_len().saturating_add(outer)
    }

    /// The frame's own variables.
    pub(crate) fn own(&self) -> &Rc<Object> {
        &self.own
    }
}

impl Variables for VariableScope {
    fn variable(&self, name: &str) -> Option<&Value> {
        let mut scope = self;
        loop {
            if let Some(value) = scope.own.get(name) {
                return Some(value);
            }
            scope = scope.outer.as_deref()?;
        }
    }
}
