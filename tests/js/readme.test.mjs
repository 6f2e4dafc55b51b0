// The README's examples, run as they are written, beside the emulator that ACTIVITYSMITH_BASE_URL names.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";

import { fresh, run } from "./support/kit.mjs";

/** The examples of the package that is installed in a folder, in their order. */
async function examples(folder) {
  const readme = await readFile(join(folder, "node_modules/activitysmith-kit/README.md"), "utf8");
  return [...readme.matchAll(/^```js\n([^]*?)^```$/gm)].map(([, text]) => text);
}

test("each example runs", async (t) => {
  const folder = await fresh(t);
  const texts = await examples(folder);
  assert.equal(texts.length, 4);
  for (const [number, text] of texts.entries()) {
    const name = `example-${number}.mjs`;
    await writeFile(join(folder, name), text);
    const printed = await run("node", [name], folder);
    if (text.includes("node:test")) assert.match(printed, /pass 1\b/);
  }
});
