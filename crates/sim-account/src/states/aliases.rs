//! Aliases: names for one version, or for two that share the executions by weight.

use std::rc::Rc;

use aws_protocol::AwsError;
use shared_json::{Value, json};
use virtual_time::Timestamp;

use super::api::check_arn;
use super::machine_api::{check_active, no_machine};
use super::validation::{Check, TOKEN_CHARACTERS, invalid, listed, required};
use super::versions::{Version, split_qualifier};
use super::{StateMachine, States};

/// An alias as it stands after its last update.
#[derive(Clone, Debug)]
pub struct Alias {
    pub name: Rc<str>,
    pub arn: Rc<str>,
    pub description: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub routes: Vec<Route>,
}

/// A version and its share, in percent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    pub version_arn: Rc<str>,
    pub weight: u8,
}

const NAME_PATTERN: &str = r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$";

/// Not a number alone, which would be a version.
fn is_alias_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c)) && name.chars().any(|c| !c.is_ascii_digit())
}

impl StateMachine {
    /// The aliases in the order of their making.
    #[must_use]
    pub fn aliases(&self) -> &[Alias] {
        &self.aliases
    }

    pub(super) fn alias(&self, name: &str) -> Option<&Alias> {
        self.aliases.iter().find(|alias| &*alias.name == name)
    }

    /// The version that gets the next execution; `chance` is a random number.
    pub(super) fn routed(&self, alias: &Alias, chance: u64) -> Option<&Version> {
        let mut left = chance % 100;
        for route in &alias.routes {
            if left < u64::from(route.weight) {
                return self.versions.iter().find(|version| version.arn == route.version_arn);
            }
            left -= u64::from(route.weight);
        }
        None
    }
}

impl States {
    pub(super) fn create_alias(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let mut check = Check::new(params);
        check.present("name").length("name", 1, 80).pattern("name", NAME_PATTERN, is_alias_name);
        check.length("description", 0, 256).present("routingConfiguration");
        check_routes(&mut check, params);
        check.done()?;
        let routes = self.read_routes(params)?;
        let name = params.get_str("name").unwrap_or_default();
        let description = params.get_str("description").map(str::to_owned);
        let machine_arn = routes.first().map_or("", |route| split_qualifier(&route.version_arn).0);
        let machine = self.machines.get_mut(machine_arn).ok_or_else(no_resource)?;
        check_active(machine)?;
        if let Some(known) = machine.alias(name) {
            if known.description == description && known.routes == routes {
                return Ok(created(known));
            }
            let message = "Failed to create alias because an alias with the same name and a different routing \
                           configuration already exists.";
            return Err(AwsError::new("ConflictException", message));
        }
        let arn = format!("{}:{name}", machine.arn).into();
        let alias = Alias { name: name.into(), arn, description, created_at: now, updated_at: now, routes };
        let answer = created(&alias);
        machine.aliases.push(alias);
        Ok(answer)
    }

    pub(super) fn update_alias(&mut self, now: Timestamp, params: &Value) -> Result<Value, AwsError> {
        let arn = alias_arn(params)?;
        let mut check = Check::new(params);
        check.length("description", 0, 256);
        check_routes(&mut check, params);
        check.done()?;
        self.named_alias(arn)?;
        let description = params.get_str("description");
        let rerouted = params.get("routingConfiguration").is_some_and(|routes| !routes.is_null());
        if description.is_none() && !rerouted {
            return Err(invalid("Either the description or the routingConfiguration must be specified"));
        }
        let routes = if rerouted { Some(self.read_routes(params)?) } else { None };
        let (machine_arn, _) = split_qualifier(arn);
        if routes.iter().flatten().any(|route| split_qualifier(&route.version_arn).0 != machine_arn) {
            return Err(invalid("Routing configuration must contain versions of the alias's own state machine."));
        }
        let machine = self.machines.get_mut(machine_arn).ok_or_else(no_resource)?;
        check_active(machine)?;
        let alias = machine.aliases.iter_mut().find(|alias| &*alias.arn == arn).ok_or_else(no_resource)?;
        if let Some(description) = description {
            alias.description = Some(description.to_owned());
        }
        if let Some(routes) = routes {
            alias.routes = routes;
        }
        alias.updated_at = now;
        Ok(json!({"updateDate": now.epoch_seconds()}))
    }

    pub(super) fn describe_alias(&self, params: &Value) -> Result<Value, AwsError> {
        let alias = self.named_alias(alias_arn(params)?)?;
        let routes: Vec<Value> = alias
            .routes
            .iter()
            .map(|route| json!({"stateMachineVersionArn": &*route.version_arn, "weight": route.weight}))
            .collect();
        let shown = json!({
            "stateMachineAliasArn": &*alias.arn,
            "name": &*alias.name,
            "creationDate": alias.created_at.epoch_seconds(),
            "updateDate": alias.updated_at.epoch_seconds(),
        });
        let shown = shown.with("routingConfiguration", routes.into());
        Ok(match &alias.description {
            Some(description) => shown.with("description", description.as_str().into()),
            None => shown,
        })
    }

    /// An alias that is not there counts as deleted.
    pub(super) fn delete_alias(&mut self, params: &Value) -> Result<Value, AwsError> {
        let arn = alias_arn(params)?;
        if let Some(machine) = self.machines.get_mut(split_qualifier(arn).0) {
            machine.aliases.retain(|alias| &*alias.arn != arn);
        }
        Ok(json!({}))
    }

    /// The aliases of a state machine, or those that route to a version.
    pub(super) fn list_aliases(&self, params: &Value) -> Result<Value, AwsError> {
        let arn = check_arn(required(params, "stateMachineArn")?, "stateMachine")?;
        let (machine_arn, qualifier) = split_qualifier(arn);
        let machine = self.machines.get(machine_arn).ok_or_else(|| no_machine(arn))?;
        if qualifier.is_some_and(|qualifier| machine.version(qualifier).is_none()) {
            return Err(no_machine(arn));
        }
        let routed = |alias: &&Alias| alias.routes.iter().any(|route| &*route.version_arn == arn);
        let aliases: Vec<&Alias> =
            machine.aliases.iter().filter(|alias| qualifier.is_none() || routed(alias)).collect();
        listed("stateMachineAliases", &aliases, params, TOKEN_CHARACTERS, |alias| created(alias))
    }

    fn named_alias(&self, arn: &str) -> Result<&Alias, AwsError> {
        let (machine_arn, qualifier) = split_qualifier(arn);
        let machine = self.machines.get(machine_arn).ok_or_else(no_resource)?;
        qualifier.and_then(|name| machine.alias(name)).ok_or_else(no_resource)
    }

    /// One or two different versions of one state machine that share 100 per cent.
    fn read_routes(&self, params: &Value) -> Result<Vec<Route>, AwsError> {
        let routes: Vec<Route> = listed_routes(params)
            .iter()
            .map(|route| Route {
                version_arn: route.get_str("stateMachineVersionArn").unwrap_or_default().into(),
                weight: route.get("weight").and_then(Value::as_i64).and_then(|n| u8::try_from(n).ok()).unwrap_or(0),
            })
            .collect();
        for route in &routes {
            check_arn(&route.version_arn, "stateMachine")?;
        }
        let arns = routes.iter().map(|route| &*route.version_arn).collect::<Vec<_>>().join(", ");
        let is_version = |arn: &str| split_qualifier(arn).1.is_some_and(|number| number.parse::<u64>().is_ok());
        if !routes.iter().all(|route| is_version(&route.version_arn)) {
            return Err(invalid(format!(
                "Routing configuration must contain state machine version ARNs. Received: [{arns}]"
            )));
        }
        if let [first, second] = &*routes {
            if first.version_arn == second.version_arn {
                return Err(invalid(format!(
                    "Routing configuration must contain distinct state machine version ARNs. Received: [{arns}]"
                )));
            }
            if split_qualifier(&first.version_arn).0 != split_qualifier(&second.version_arn).0 {
                return Err(invalid(format!(
                    "Routing configuration must contain versions of the same state machine. Received: [{arns}]"
                )));
            }
        }
        if routes.iter().map(|route| u32::from(route.weight)).sum::<u32>() != 100 {
            let weights = routes.iter().map(|route| route.weight.to_string()).collect::<Vec<_>>().join(", ");
            return Err(invalid(format!("Sum of routing configuration weights must equal 100. Received: [{weights}]")));
        }
        let exists = |arn: &str| {
            let (machine, number) = split_qualifier(arn);
            self.machines.get(machine).is_some_and(|machine| number.is_some_and(|n| machine.version(n).is_some()))
        };
        if routes.iter().all(|route| exists(&route.version_arn)) { Ok(routes) } else { Err(no_resource()) }
    }
}

fn listed_routes(params: &Value) -> &[Value] {
    params.get("routingConfiguration").and_then(Value::as_array).unwrap_or_default()
}

/// The form of `routingConfiguration`, when it is given.
fn check_routes(check: &mut Check<'_>, params: &Value) {
    if params.get("routingConfiguration").is_none_or(Value::is_null) {
        return;
    }
    let routes = listed_routes(params);
    let shown: Vec<String> = routes
        .iter()
        .map(|route| {
            let arn = route.get_str("stateMachineVersionArn").unwrap_or("null");
            let weight = route.get("weight").map_or_else(|| "null".to_owned(), Value::to_string);
            format!("RoutingConfigurationListItem(stateMachineVersionArn={arn}, weight={weight})")
        })
        .collect();
    let shown = format!("[{}]", shown.join(", "));
    if routes.is_empty() {
        let constraint = "Member must have length greater than or equal to 1";
        check.fail(Some(&shown), "routingConfiguration", constraint);
    } else if routes.len() > 2 {
        check.fail(Some(&shown), "routingConfiguration", "Member must have length less than or equal to 2");
    }
    for (route, place) in routes.iter().zip(1..) {
        let place = |key: &str| format!("routingConfiguration.{place}.member.{key}");
        match route.get_str("stateMachineVersionArn") {
            Some(arn) => check.length_of(arn, &place("stateMachineVersionArn"), 1, 2_000),
            None => check.fail(None, &place("stateMachineVersionArn"), "Member must not be null"),
        };
        match route.get("weight").and_then(Value::as_f64) {
            Some(weight) => check.range_of(weight, &place("weight"), 0, 100),
            None => check.fail(None, &place("weight"), "Member must not be null"),
        };
    }
}

fn alias_arn(params: &Value) -> Result<&str, AwsError> {
    check_arn(required(params, "stateMachineAliasArn")?, "stateMachine")
}

fn created(alias: &Alias) -> Value {
    json!({"stateMachineAliasArn": &*alias.arn, "creationDate": alias.created_at.epoch_seconds()})
}

fn no_resource() -> AwsError {
    AwsError::new("ResourceNotFound", "Request references a resource that does not exist.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_not_a_number() {
        for (name, good) in [("prod", true), ("7a", true), ("-", true), ("42", false), ("a b", false), ("é", false)] {
            assert_eq!(is_alias_name(name), good, "{name}");
        }
    }
}
