//! HTTP endpoints of API Gateway, as data: which request gets which response.
//!
//! `apigateway:RegisterEndpoint` stands in for building an API out of methods and integrations. Its parameters:
//! `endpoint`, `routes[]` {`method`, `stage`, `path`, optional `whenBody`, `respond`} and `otherwise`; a response is
//! {`statusCode`, `headers`, `body`}.

use std::collections::BTreeMap;

use aws_protocol::AwsError;
use shared_json::{Value, json};

use crate::params::{not_simulated, required};

#[derive(Debug, Default)]
pub(crate) struct ApiGateway {
    endpoints: BTreeMap<String, Value>,
}

impl ApiGateway {
    pub(crate) fn call(&mut self, operation: &str, params: &Value) -> Result<Value, AwsError> {
        match operation {
            "RegisterEndpoint" => {
                self.endpoints.insert(required(params, "endpoint")?.to_owned(), params.clone());
                Ok(json!({}))
            }
            "Invoke" => self.invoke(params),
            _ => Err(not_simulated(&format!("apigateway:{operation}"))),
        }
    }

    /// Sends a request; the answer is the response, whatever its status.
    fn invoke(&self, params: &Value) -> Result<Value, AwsError> {
        let endpoint = required(params, "ApiEndpoint")?;
        let Some(api) = self.endpoints.get(endpoint) else {
            let message = format!("Unable to execute HTTP request: {endpoint}: Name or service not known");
            return Err(AwsError::new("UnknownHost", message));
        };
        let routes = api.get("routes").and_then(Value::as_array).unwrap_or_default();
        let route = routes.iter().find(|route| answers(route, params));
        let response = route.map(|route| route["respond"].clone()).or_else(|| api.get("otherwise").cloned());
        Ok(response.unwrap_or_else(|| {
            json!({
                "statusCode": 403, "headers": {"Content-Type": "application/json"},
                "body": "{\"message\":\"Missing Authentication Token\"}",
            })
        }))
    }
}

fn answers(route: &Value, request: &Value) -> bool {
    let plain = |text: Option<&str>| text.unwrap_or_default().trim_matches('/').to_owned();
    let method = |value: Option<&str>| value.unwrap_or("GET").to_owned();
    let body = request.get("RequestBody").cloned().unwrap_or_default();
    let fits = |wanted: &Value| {
        *wanted == body || body.as_str().and_then(|text| Value::parse(text).ok()).is_some_and(|body| *wanted == body)
    };
    method(route.get_str("method")) == method(request.get_str("Method"))
        && plain(route.get_str("stage")) == plain(request.get_str("Stage"))
        && plain(route.get_str("path")) == plain(request.get_str("Path"))
        && route.get("whenBody").is_none_or(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_finds_its_route() {
        let mut apis = ApiGateway::default();
        let respond = |status: i64| json!({"statusCode": status, "headers": {}, "body": "{}"});
        let route = json!({"method": "PUT", "stage": "live", "path": "orders"});
        let routes = vec![
            route.with("whenBody", json!({"paid": true})).with("respond", respond(201)),
            route.with("respond", respond(200)),
        ];
        let api = json!({"endpoint": "abc.example"}).with("routes", Value::array(routes));
        apis.call("RegisterEndpoint", &api).unwrap();
        let request = json!({"ApiEndpoint": "abc.example", "Method": "PUT", "Stage": "live", "Path": "/orders"});
        let cases = [
            (request.clone(), 200),
            (request.with("RequestBody", json!({"paid": true})), 201),
            (request.with("RequestBody", json!("{\"paid\": true}")), 201),
            (request.with("Method", "GET".into()), 403),
            (request.with("Path", "/other".into()), 403),
        ];
        for (request, status) in cases {
            assert_eq!(apis.call("Invoke", &request).unwrap()["statusCode"].as_i64(), Some(status), "{request}");
        }
        let elsewhere = apis.call("Invoke", &request.with("ApiEndpoint", "no.example".into())).unwrap_err();
        assert_eq!(elsewhere.code, "UnknownHost");
    }
}
