// Prints `<bytes> <brotli bytes> <file>` for each file named. Brotli at its highest quality, as static hosts use it.

import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

for (const file of process.argv.slice(2)) {
  const bytes = readFileSync(file);
  const packed = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  console.log(`${bytes.length} ${packed.length} ${file}`);
}
