//! JSONata as Step Functions speaks it.

use shared_json::{Value, json};
use states_query::{JsonataScope, JsonataTemplate, NoVariables, QueryError, Randomness, Variables};

#[derive(Debug)]
struct Assigned(Value);

impl Variables for Assigned {
    fn variable(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }
}

fn run(template: Value, input: Value, variables: Value) -> Result<Value, QueryError> {
    let variables = Assigned(variables);
    let context = json!({"Execution": {"Name": "run-1"}});
    let scope = JsonataScope {
        input: &input,
        result: None,
        error_output: None,
        context: &context,
        variables: &variables,
        now_millis: 1_000_000_000_000,
    };
    JsonataTemplate::compile(&template).unwrap_or_else(|error| panic!("{error:?}")).evaluate(
        "Output",
        &scope,
        &mut Randomness::new(7),
    )
}

fn value(expression: &str) -> Value {
    value_of(expression, json!({"a": {"b": 1.0}, "items": [{"n": 1, "t": "x"}, {"n": 2, "t": "y"}], "s": "text"}))
}

fn value_of(expression: &str, input: Value) -> Value {
    run(json!(format!("{{% {expression} %}}")), input, json!({"v": {"w": [10, 20]}}))
        .unwrap_or_else(|e| panic!("{expression}: {e}"))
}

fn cause(expression: &str) -> String {
    let error = run(json!(format!("{{% {expression} %}}")), json!({"s": "text"}), json!({})).unwrap_err();
    assert_eq!(error.error, "States.QueryEvaluationError");
    assert_eq!(error.location.as_deref(), Some("Output"));
    let start = format!("The JSONata expression '{expression}' specified for the field 'Output' ");
    error.cause.strip_prefix(&start).unwrap_or_else(|| panic!("{}", error.cause)).to_owned()
}

#[test]
fn only_whole_strings_are_expressions() {
    let template = json!({"a": ["{% $states.input.n + 1 %}", "{%1%}", " {% 1 %}", "{% 1 %} ", 5], "b": {"c": null}});
    let result = run(template, json!({"n": 2}), json!({})).unwrap();
    assert_eq!(result, json!({"a": [3, 1, " {% 1 %}", "{% 1 %} ", 5], "b": {"c": null}}));
}

#[test]
fn input_context_and_variables_are_seen() {
    assert_eq!(value("$states.input.a.b"), json!(1));
    assert_eq!(value("$states.input.a.b").to_string(), "1");
    assert_eq!(value("$states.context.Execution.Name"), json!("run-1"));
    assert_eq!(value("$v.w[1] + 1"), json!(21));
    assert_eq!(value("$states.input.items[n > 1].t"), json!("y"));
    assert_eq!(value("$states.input.items.n"), json!([1, 2]));
    assert_eq!(value("$keys($states)"), json!(["input", "context"]));
    assert_eq!(value("$count($keys($states.input))"), json!(3));
    assert_eq!(value(r#"$merge([$states.input.a, {"n": 1}])"#), json!({"b": 1, "n": 1}));
}

#[test]
fn what_is_not_there_is_undefined() {
    assert_eq!(cause("$nothing"), "returned nothing (undefined).");
    assert_eq!(cause("$states.result"), "returned nothing (undefined).");
    assert_eq!(value("$exists($states.result)"), json!(false));
    assert_eq!(value_of("$states.input.x", json!({"x": null})), json!(null));
}

#[test]
fn failures_are_told_with_their_place() {
    let error = run(json!({"a": {"b": [1, "{% $gone %}"]}}), json!({}), json!({})).unwrap_err();
    assert_eq!(error.location.as_deref(), Some("Output/a/b[1]"));
    assert_eq!(
        error.cause,
        "The JSONata expression '$gone' specified for the field 'Output/a/b[1]' returned nothing (undefined)."
    );
    assert_eq!(cause("$fn := function($x){$x}"), "returned an unsupported result type.");
    assert_eq!(cause("$sum"), "returned an unsupported result type.");
}

#[test]
fn typed_fields_refuse_other_types() {
    let template = JsonataTemplate::compile(&json!("{% $states.input %}")).unwrap();
    let (input, context) = (json!({"foo": "bar"}), json!({}));
    let scope = JsonataScope {
        input: &input,
        result: None,
        error_output: None,
        context: &context,
        variables: &NoVariables,
        now_millis: 0,
    };
    let error = template.evaluate_array("Items", &scope, &mut Randomness::new(1)).unwrap_err();
    assert_eq!(
        error.cause,
        "The JSONata expression '$states.input' specified for the field 'Items' returned an unexpected result type. \
         Expected 'array', but was 'object' for value: {\"foo\":\"bar\"}"
    );
    assert_eq!(error.location.as_deref(), Some("Items"));
}

#[test]
fn the_functions_of_step_functions() {
    assert_eq!(value("$partition([1,2,3,4,5], 2)"), json!([[1, 2], [3, 4], [5]]));
    assert_eq!(value("$range(0, 6, 2)"), json!([0, 2, 4, 6]));
    assert_eq!(value("$range(5, 1, -1.5)"), json!([5, 4, 3, 2, 1]));
    assert_eq!(value("$range(3, 3, 1)"), json!(3));
    assert_eq!(value("$range(3, 5, 4)"), json!(3));
    assert_eq!(value("$range(3, 0, -4)"), json!(3));
    assert_eq!(value("[$range(3, 5, 4)]"), json!([3]));
    assert_eq!(value(r#"$hash("input", "SHA-1")"#), json!("140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"));
    assert_eq!(value(r#"$parse("{\"a\":[1,null]}").a"#), json!([1, null]));
    assert_eq!(value("$map(['1', '2'], $parse)"), json!([1, 2]));
    assert_eq!(value("$random(42)"), json!(0.7275636800328681));
    assert_eq!(value("$length($uuid())"), json!(36));
    assert_eq!(value("$uuid() = $uuid()"), json!(false));
    assert_eq!(value("$count($shuffle([1..9]))"), json!(9));
    assert_eq!(value("$millis()"), json!(1_000_000_000_000_i64));
    assert_eq!(value("$now()"), json!("2001-09-09T01:46:40.000Z"));
    assert_eq!(value("$now('[Y]-[M01]')"), json!("2001-09"));
}

#[test]
fn dates_take_the_rest_from_the_virtual_clock() {
    // It is 2001-09-09T01:46:40.000Z.
    for (expression, expected) in [
        ("$toMillis('13:45', '[H01]:[m01]')", "2001-09-09T13:45:00.000Z"),
        ("'13:45' ~> $toMillis('[H01]:[m01]')", "2001-09-09T13:45:00.000Z"),
        ("($at := $toMillis(?, '[H01]:[m01]'); $at('13:45'))", "2001-09-09T13:45:00.000Z"),
        ("($f := $toMillis; $f('13:45', '[H01]:[m01]'))", "2001-09-09T13:45:00.000Z"),
        ("$toMillis('05', '[s01]')", "2001-09-09T01:46:05.000Z"),
        ("$toMillis('5:30 pm', '[h]:[m01] [Pn]')", "2001-09-09T17:30:00.000Z"),
        ("$toMillis('5:30', '[h]:[m01]')", "2001-09-09T05:30:00.000Z"),
        ("$toMillis('17', '[D01]')", "2001-09-17T00:00:00.000Z"),
        ("$toMillis('Dec 24', '[MNn,3-3] [D]')", "2001-12-24T00:00:00.000Z"),
        ("$toMillis('2018 13', '[Y] [H]')", ""),
        ("$toMillis('2018-02', '[Y]-[M01]')", "2018-02-01T00:00:00.000Z"),
        ("$toMillis('2018-02-03')", "2018-02-03T00:00:00.000Z"),
        ("('2018').$toMillis()", "2018-01-01T00:00:00.000Z"),
        ("['2018', '2019'] ~> $map(function($t){ $toMillis($t) }) ~> $max()", "2019-01-01T00:00:00.000Z"),
        ("'2018-02-03' ~> $toMillis", "2018-02-03T00:00:00.000Z"),
        ("$toMillis('13:45+02:00', '[H01]:[m01][Z]')", "2001-09-09T11:45:00.000Z"),
    ] {
        if expected.is_empty() {
            assert!(cause(expression).contains("D3136"), "{expression}");
        } else {
            assert_eq!(value(&format!("({expression}) ~> $fromMillis()")), json!(expected), "{expression}");
        }
    }
    assert_eq!(value("(1e12).$fromMillis('[Y]')"), json!("2001"));
    assert_eq!(value("(1e12).$fromMillis()"), json!("2001-09-09T01:46:40.000Z"));
    assert_eq!(value("$now() ~> $toMillis"), json!(1_000_000_000_000_i64));
    assert_eq!(value("(7).$formatInteger('w')"), json!("seven"));
    assert_eq!(value("$parseInteger('xii', 'i') & $formatInteger(12, 'I')"), json!("12XII"));
}

#[test]
fn pictures_that_the_library_cannot_stand() {
    for expression in [
        "$fromMillis(0, '[,]')",
        "$fromMillis(0, '[é]')",
        "$fromMillis(0, '[Y,999999999]')",
        "$fromMillis(0, '[M,1-999999999]')",
        "$fromMillis(1e300)",
        "$fromMillis(0, '[Y]', '+99999999999999999')",
        "$toMillis('1', '[,]')",
        "$formatInteger(1e18, 'I')",
        "$parseInteger('aaaaaaaaaaaaaaaaaaaa', 'a')",
        "($f := $formatInteger(?, 'I'); $f(1e18))",
        "$map([1e18], function($n){ $n ~> $formatInteger('I') })",
    ] {
        assert!(cause(expression).starts_with("threw an error"), "{expression}");
    }
}

#[test]
fn wrong_arguments_of_these_functions() {
    let thrown = |rest: &str| format!("threw an error during evaluation. {rest}");
    assert_eq!(
        cause("$hash('a', 'md5')"),
        thrown("D3137: Hash algorithm 'md5' must be one of SHA-1, SHA-384, SHA-256, SHA-512, MD5")
    );
    assert_eq!(cause("$parse('{')"), thrown("D3137: Invalid JSON"));
    assert_eq!(cause(r#"$parse('{"a":1,"a":2}')"#), thrown("D3137: Invalid JSON"));
    assert_eq!(cause("$partition([1], -1)"), thrown("D3137: Second argument must be zero or greater"));
    assert_eq!(cause("$uuid(1)"), thrown("T0410: Argument 1 of function \"uuid\" does not match function signature"));
    assert_eq!(cause("$range(1, 2)"), "returned nothing (undefined).");
    assert_eq!(cause("$eval('1+1')"), thrown("T1006: Attempted to invoke a non-function"));
}

fn refusal(expression: &str) -> String {
    JsonataTemplate::compile(&json!({"v": format!("{{% {expression} %}}")})).unwrap_err().message
}

#[test]
fn expressions_that_aws_refuses() {
    assert_eq!(refusal("phone"), "Reference to 'phone' at the top level is not supported.");
    assert_eq!(
        refusal("$map($states.input.a, function($x){ b })"),
        "Reference to 'b' at the top level is not supported."
    );
    assert_eq!(refusal("$.a"), "Reference to '$' at the top level is not supported.");
    assert_eq!(refusal("$states.input[a = $$.b]"), "Reference to '$$' is not supported.");
    let problems = JsonataTemplate::problems(&json!({"x/y": ["{% aaa + bbb %}"]}));
    assert_eq!(problems.len(), 2);
    assert_eq!((problems[1].pointer.as_str(), problems[1].location.as_str()), ("/x~1y/0", "/x/y[0]"));
    assert_eq!(problems[1].code, "UNSUPPORTED_JSONATA_EXPRESSION");
    for fine in
        ["$count($states.result[$ = 1])", "$a.b.c", "$x ~> $sum", "$states.input.items^(n)", "$states.input{a: b}"]
    {
        JsonataTemplate::compile(&json!(format!("{{%{fine}%}}"))).unwrap();
    }
}

fn variables(expression: &str) -> Vec<String> {
    let template = JsonataTemplate::compile(&json!([format!("{{% {expression} %}}")])).unwrap();
    template.variables().iter().map(|name| name.to_string()).collect()
}

#[test]
fn variables_that_an_expression_reads() {
    assert_eq!(variables("$b + $a.x + $b"), ["a", "b"]);
    assert_eq!(variables("($y := $z; $map($l, function($v, $i){ $v + $i + $y }))"), ["l", "z"]);
    assert_eq!(variables("$map($l, $sum)"), ["l"]);
    assert_eq!(variables("$count + 1"), ["count"]);
    assert_eq!(variables("$states.input.a[b = $c]"), ["c"]);
    assert_eq!(variables("$orders@$o.items#$i.{'o': $o, 'i': $i}"), ["orders"]);
    assert_eq!(variables("($f := function($n){ $n = 0 ? 1 : $f($n - 1) }; $f($start))"), ["start"]);
    assert_eq!(variables("1 + 1"), [""; 0]);
}

#[test]
fn hostile_expressions_end() {
    let timeout = "threw an error during evaluation: Expression evaluation timeout: Check for infinite loop";
    let memory = "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage";
    let stack = "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive";
    for (expression, end) in [
        ("($f := function($x){ $f($x + 1) }; $f(1))", timeout),
        ("($f := function($x){ 1 + $f($x) }; $f(1))", stack),
        ("(function($f){ $f($f) })(function($f){ $f($f) })", timeout),
        ("($f := function($s){ $f($s & $s) }; $f('x'))", memory),
        ("($f := function($s){ $f([$s, $s]) }; $f('x'))", memory),
        ("($f := function($s){ $f({'a': $s, 'b': $s}) }; $f('x'))", memory),
        ("$reduce([1..100], function($a, $x){ $a & $a }, 'xy')", memory),
        ("[1..900000] ~> $count()", memory),
        ("$sum([1..10000000])", memory),
        ("$count($range(1, 1e9, 1))", memory),
        ("$pad('x', 1e9)", memory),
        ("'x' ~> $pad(1e9)", memory),
        ("$map([1..100000], function($x){ $map([1..100000], function($y){ $x * $y }) })", timeout),
        ("[1..100000].($x := $; [1..100000].($x * $))", timeout),
        ("($a := [1..800000]; $b := [$a, $a]; $c := [$b, $b]; $count($c))", memory),
    ] {
        assert_eq!(cause(expression), end, "{expression}");
    }
    assert_eq!(value("($q := function($x){ $x * $x }; [1..5] ~> $map($q) ~> $sum())"), json!(55));
    assert_eq!(value("[1..3] ~> $map(function($x){ $x & 'y' }) ~> $join('-')"), json!("1y-2y-3y"));
    let escaped = format!("{}'\"'{}", "$string([".repeat(30), "])".repeat(30));
    assert_eq!(cause(&escaped), memory);
    assert_eq!(
        value("( $loop := function($n, $acc) { $n = 0 ? $acc : $loop($n - 1, $acc + $n) }; $loop(1000, 0) )"),
        json!(500500)
    );
    assert_eq!(value("$sum([1..1000].($x := $; [1..10].($x * $)))"), json!(27_527_500));
}

#[test]
fn hostile_regular_expressions_end() {
    let text = "a".repeat(200_000);
    assert_eq!(value_of("$contains($states.input, /^(a+)+$/)", json!(format!("{text}b"))), json!(false));
}

#[test]
fn deeply_nested_text_is_refused() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{'a':", "}"), ("$f(", ")"), ("$a[", "]"), ("function($x){", "}")] {
        let text = format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
        assert!(JsonataTemplate::compile(&json!(format!("{{%{text}%}}"))).is_err());
    }
    for chain in ["1+", "-", "$a:=", "$a.", "$a~>", "'x'&", "$a?1:", "$a^("] {
        let text = format!("{{%{}1%}}", chain.repeat(20_000));
        let _ = JsonataTemplate::compile(&json!(text));
    }
}

#[test]
fn plain_expressions_follow_the_same_rules() {
    // Each beside a twin that the quick way does not know: `($x := …; $x)`.
    for expression in [
        "$states.input.a.b + 1",
        "$states.input.s & 1 & true & null & $states.input.gone & 'é'",
        "$states.input.items",
        "$states.input.items.n",
        "$states.input.s = 'text' and $states.input.a.b >= 1 or false",
        "$states.input.gone = $states.input.gone",
        "$states.input.gone != 1",
        "$not($states.input.a) ? 1 : {'a': [1, [2], $states.input.items], 'g': $states.input.gone}",
        "[$states.input.items, [[]], $states.input.gone]",
        "$merge([$states.input.a, {'b': 2, 'c': -$states.input.a.b}])",
        "$merge($states.input.items)",
        "$exists($states.input.gone) or $exists($v.w)",
        "7 % 4 / 2 * 3 - 1",
        "1 / 3",
        "$states.input",
        "'b' > 'a'",
        "{'x': $states.input.a.b}",
        "$states.input.a = {'b': 1}",
    ] {
        assert_eq!(
            value(expression).to_string(),
            value(&format!("($x := ({expression}); $x)")).to_string(),
            "{expression}"
        );
    }
    for expression in [
        "$states.input.s + 1",
        "1 < 'a'",
        "-'a'",
        "$states.input.s.x",
        "$states.input.gone + 1",
        "$states.input.x ? 1",
        "{'a': 1, 'a': 2}",
    ] {
        let twin = cause(&format!("($x := ({expression}); $x)"));
        assert_eq!(cause(expression), twin, "{expression}");
    }
}

#[test]
fn errors_in_the_words_of_the_reference_implementation() {
    for (expression, text) in [
        ("'a' + 1", "T2001: The left side of the \"+\" operator must evaluate to a number"),
        ("1 - $states.input.s", "T2002: The right side of the \"-\" operator must evaluate to a number"),
        ("$sum(['a'])", "T0412: Argument 1 of function \"sum\" must be an array of \"numbers\""),
        ("$abs('x')", "T0410: Argument 1 of function \"abs\" does not match function signature"),
        ("$abs(1, 2)", "T0410: Argument 2 of function \"abs\" does not match function signature"),
        ("$uppercase(1)", "T0410: Argument 1 of function \"uppercase\" does not match function signature"),
        ("$number('x')", "D3030: Unable to cast value to a number: \"x\""),
        ("$nothing(1)", "T1006: Attempted to invoke a non-function"),
        ("$error('own words')", "D3137: own words"),
        ("['a'..3]", "T2003: The left side of the range operator (..) must evaluate to an integer"),
        (
            "$reduce([1,2], function($a){ $a })",
            "D3050: The second argument of reduce function must be a function with at least two arguments",
        ),
        (
            "$formatBase(1, 99)",
            "D3100: The radix of the formatBase function must be between 2 and 36.  It was given 99",
        ),
    ] {
        assert_eq!(cause(expression), format!("threw an error during evaluation. {text}"), "{expression}");
    }
    for (expression, text) in [
        ("1 +", "Unexpected end of expression"),
        ("$a[1,2)", "Expected \"]\", got \",\""),
        ("\"open", "String literal must be terminated by a matching quote"),
        ("$match('a', /abc", "No terminating / in regular expression"),
        ("{\"a\":}", "The symbol \"}\" cannot be used as a unary operator"),
        ("($a", "Expected \")\" before end of expression"),
        ("$x ?? 1", "Syntax error: 1"),
        ("$x ?: 1", "The symbol \":\" cannot be used as a unary operator"),
    ] {
        assert_eq!(refusal(expression), text, "{expression}");
    }
}
