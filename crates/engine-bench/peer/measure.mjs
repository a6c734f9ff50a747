// Measures our engine, as wasm, in turn with engines in JavaScript, in one process: processor time per transition.
//
//     node measure.mjs <folder of the wasm> [workload...]
//
// Prints one line for each figure: `<name> <ours in ns> <peer's in ns, or -> <what the peer is>`, and for memory
// `bytes-per-event <bytes>`. What a person may want to see meanwhile goes to stderr.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { StateMachine } from "aws-local-stepfunctions";
import jsonata from "jsonata";

const [folder, ...wanted] = process.argv.slice(2);
const { Bench } = createRequire(import.meta.url)(resolve(folder, "engine_bench.js"));

const SAMPLES = 7;
const SAMPLE_NS = 150e6;

/** Processor time of `work`, in ns. */
async function time(work) {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) * 1000;
}

/** A side of the comparison: `run(times, prepared)` does so many executions; `prepare(times)` is not measured. */
class Side {
  samples = [];
  constructor(run, prepare = () => undefined) {
    this.run = run;
    this.prepare = prepare;
  }
  time(times) {
    const prepared = this.prepare(times);
    return time(() => this.run(times, prepared));
  }
  async warmUp() {
    let times = 1;
    let spent = 0;
    // Until one sample is long enough, and the compilers have had their time.
    for (let round = 0; round < 4 || spent < SAMPLE_NS / 2; round++) {
      spent = await this.time(times);
      if (spent < SAMPLE_NS / 2) times = Math.ceil(times * Math.min(8, SAMPLE_NS / Math.max(spent, 1e6)));
    }
    this.times = Math.max(1, Math.round((times * SAMPLE_NS) / spent));
  }
  async sample() {
    this.samples.push((await this.time(this.times)) / this.times);
  }
  get median() {
    return this.samples.toSorted((one, other) => one - other)[this.samples.length >> 1];
  }
}

/** The peer's Tasks, answered in place; a fresh count of attempts for each execution. */
function handlers(definition, answers) {
  const names = [];
  const collect = (level) => {
    for (const [name, state] of Object.entries(level.States)) {
      if (state.Type === "Task") names.push(name);
      for (const inner of [state.ItemProcessor, ...(state.Branches ?? [])]) if (inner) collect(inner);
    }
  };
  collect(definition);
  const failure = (name) => Object.assign(new Error(name), { name });
  const echo = async (input) => input;
  const flaky = () => {
    const attempts = new Map();
    return async ({ id, mode }) => {
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      if (mode === "broken") throw failure("Permanent");
      if (attempt <= 2) throw failure("Transient");
      return { id, attempt };
    };
  };
  return () => ({
    taskResourceLocalHandlers: Object.fromEntries(names.map((name) => [name, answers === "flaky" ? flaky() : echo])),
    // Back-off takes no time here, as on our clock.
    retryIntervalOverrides: Object.fromEntries(names.map((name) => [name, 0])),
  });
}

/** How the peer runs a workload, and what it is called. */
function peerOf(name, bench) {
  const definition = JSON.parse(bench.definition());
  const input = JSON.parse(bench.input());
  if (definition.QueryLanguage === "JSONata") {
    // That engine knows no JSONata, so the expressions alone are evaluated, compiled once: less than an engine's work.
    const [{ Output }] = Object.values(definition.States);
    const expression = jsonata(Output.slice(2, -2));
    const once = async (value) => {
      for (let n = bench.transitions(); n > 0; n--) value = await expression.evaluate(undefined, { states: { input: value } });
      return value;
    };
    return { what: "jsonata", input, once };
  }
  const machine = new StateMachine(definition);
  const overrides = handlers(definition, bench.answers());
  const once = (value) => machine.run(value, { overrides: overrides() }).result;
  return { what: "aws-local-stepfunctions", input, once };
}

/** JSON text that does not depend on the order of keys. */
function canonical(value) {
  const sorted = (_, part) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part;
  return JSON.stringify(value, sorted);
}

async function compare(name) {
  const bench = Bench.load(name);
  const transitions = bench.transitions();
  const ours = new Side((times) => {
    if (!bench.run(times)) throw new Error(`${name} does not succeed`);
  });
  const sides = [ours];
  // Those with a size in their name are compared with each other only.
  const peer = name.includes("-") ? undefined : peerOf(name, bench);
  let theirs;
  if (peer) {
    const [one, other] = [canonical(JSON.parse(bench.output())), canonical(await peer.once(structuredClone(peer.input)))];
    if (one !== other) throw new Error(`${name}: the outputs differ: ${one.slice(0, 200)} and ${other.slice(0, 200)}`);
    // Each execution gets an input of its own, as an engine may change what it is given.
    const copies = (times) => Array.from({ length: times }, () => structuredClone(peer.input));
    theirs = new Side(async (_, inputs) => {
      for (const input of inputs) await peer.once(input);
    }, copies);
    sides.push(theirs);
  }
  for (const side of sides) await side.warmUp();
  for (let n = 0; n < SAMPLES; n++) for (const side of sides) await side.sample();
  const nanos = (side) => (side ? Math.round(side.median / transitions) : "-");
  console.log(`${name} ${nanos(ours)} ${nanos(theirs)} ${peer?.what ?? "-"}`);
  const ratio = theirs ? `, ${peer.what} ${nanos(theirs)} ns: ${(theirs.median / ours.median).toFixed(1)} times` : "";
  console.error(`${name}: ${nanos(ours)} ns${ratio}`);
  bench.free();
}

/** What a finished execution of the loop keeps, for each event of its history. */
function memory() {
  const bench = Bench.load("W2-20k");
  bench.keep(2);
  const size = () => Bench.memory_bytes();
  const before = size();
  const executions = 20;
  bench.keep(executions);
  const bytes = Math.round((size() - before) / (executions * bench.events()));
  console.log(`bytes-per-event ${bytes}`);
  console.error(`${bytes} bytes an event, its payload included`);
}

for (const name of wanted.length > 0 ? wanted : Bench.names()) await compare(name);
if (wanted.length === 0) memory();
