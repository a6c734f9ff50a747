import assert from "node:assert/strict";
import { test } from "node:test";
import { inflateRawSync } from "node:zlib";

import { inScript, pack, policy } from "./single.mjs";

test("nothing in a script ends its element", () => {
  assert.equal(inScript('"</script><!--"'), '"<\\/script><\\!--"');
});

test("what is packed can be unpacked", () => {
  const bytes = Buffer.from([0, 97, 115, 109, 1]);
  assert.deepEqual(inflateRawSync(Buffer.from(pack(bytes), "base64")), bytes);
});

test("the policy names scripts and styles by their hashes and allows no connection", () => {
  const allowed = policy(["a"], ["b"]);
  assert.match(allowed, /script-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7\/gUfE5yuYB3ha\/uSLs=' 'wasm-unsafe-eval'/);
  assert.match(allowed, /connect-src 'none'/);
  assert.doesNotMatch(allowed, /unsafe-eval'.*'unsafe-inline'.*script/);
});
