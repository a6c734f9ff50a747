// The published JSON Schema of project files describes what is written, and nothing that is not.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import Ajv from "ajv/dist/2020.js";

const read = (name) => JSON.parse(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"));
const follows = new Ajv({ allErrors: true, strict: false }).compile(read("docs/project.schema.json"));
// A test of the crate holds that these are what it writes.
const files = ["tutorial", "tutorial-run", "drafts"];
const written = (name) => read(`crates/share-link/tests/files/${name}.stepyard.json`);

test("written projects follow it", () => {
  for (const name of files) {
    assert.ok(follows(written(name)), `${name}: ${JSON.stringify(follows.errors)}`);
  }
});

test("what is no project does not", () => {
  for (const [path, value] of [
    ["format", "other"],
    ["version", 3],
    ["name", 7],
    ["options.accountId", "12"],
    ["options.limits", "aws-1999"],
    ["position.steps", -1],
    ["log.0.input", "spell"],
    ["log.0.now", "today"],
    ["log.11.turn.micros", -5],
    ["log.12.turn.calls.0.params", {}],
    ["drafts", []],
  ]) {
    const file = written("tutorial-run");
    const steps = path.split(".");
    const last = steps.pop();
    const parent = steps.reduce((part, step) => part[step], file);
    assert.notEqual(parent[last], undefined, `${path} is there`);
    parent[last] = value;
    assert.ok(!follows(file), path);
  }
});
