// The job itself: which words stand in which files. It knows nothing of progress.

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Every file below a folder, but for hidden ones and what builds leave behind. */
export async function files(folder) {
  const found = [];
  const entries = await readdir(folder, { withFileTypes: true });
  const wanted = ({ name }) => !name.startsWith(".") && name !== "target" && name !== "node_modules";
  const byName = (one, other) => (one.name < other.name ? -1 : 1);
  for (const entry of entries.filter(wanted).sort(byName)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await files(path)));
    else if (entry.isFile()) found.push(path);
  }
  return found;
}

/** In which files each word stands. */
export class Index {
  #filesByWord = new Map();

  /** Adds a file's words, unless it is not text. */
  async add(number, path) {
    let text;
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await readFile(path));
    } catch {
      return;
    }
    for (const [word] of text.matchAll(/[\p{Alphabetic}\p{N}]+/gu)) {
      const key = word.toLowerCase();
      let files = this.#filesByWord.get(key);
      if (!files) this.#filesByWord.set(key, (files = new Set()));
      files.add(number);
    }
  }

  /** How many different words there are. */
  get words() {
    return this.#filesByWord.size;
  }
}
