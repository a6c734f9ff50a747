// Measures the account, as wasm in Node.js, by the processor's time.
//
//     node measure.mjs <folder of the wasm>
//
// Prints one line for each workload: `<units a second> <name>`.

import { createRequire } from "node:module";
import { resolve } from "node:path";

const { Workload } = createRequire(import.meta.url)(resolve(process.argv[2], "account_bench.js"));

const SAMPLES = 5;

for (const name of Workload.names()) {
  const workload = Workload.named(name);
  const samples = [];
  // The first one is for the compilers.
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const before = process.cpuUsage();
    const finished = workload.run();
    const { user, system } = process.cpuUsage(before);
    if (!finished.isRight()) throw new Error(`${name} went wrong`);
    finished.free();
    if (sample > 0) samples.push((workload.units() * 1e6) / (user + system));
  }
  samples.sort((one, other) => one - other);
  console.log(Math.round(samples[SAMPLES >> 1]), name);
}
