// Screenshots that are kept, and whether something still looks as it did.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";

const PICTURES = new URL("../pictures/", import.meta.url);
/** The share of a picture that may differ. */
const TOLERANCE = 0.02;

/** Compares with the picture of this name. With UPDATE_PICTURES=1 it is taken anew instead. */
export async function looksAsBefore(page, element, name) {
  const shot = await element.screenshot({ animations: "disabled" });
  const file = new URL(`${name}.png`, PICTURES);
  if (process.env.UPDATE_PICTURES) return writeFile(file, shot);
  const kept = await readFile(file);
  const share = await page.evaluate(differing, [shot.toString("base64"), kept.toString("base64")]);
  if (share <= TOLERANCE) return;
  await writeFile(new URL(`${name}.actual.png`, PICTURES), shot);
  const words = `${name} looks different in ${(100 * share).toFixed(1)} % of its area`;
  assert.fail(`${words}; see tests/js/pictures/${name}.actual.png, and run with UPDATE_PICTURES=1 to keep it`);
}

/**
 * In the page: the share of two pictures that differs by more than a tenth. They are looked at from afar, at a third of their size, so
 * that the edges of letters, which every machine draws a little otherwise, do not count.
 */
async function differing(pictures) {
  const [one, other] = await Promise.all(
    pictures.map(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const [width, height] = [bitmap.width, bitmap.height].map((length) => Math.ceil(length / 3));
      const canvas = new OffscreenCanvas(width, height).getContext("2d");
      canvas.imageSmoothingQuality = "high";
      canvas.drawImage(bitmap, 0, 0, width, height);
      return { size: [bitmap.width, bitmap.height].join(), data: canvas.getImageData(0, 0, width, height).data };
    }),
  );
  if (one.size !== other.size) return 1;
  let different = 0;
  for (let at = 0; at < one.data.length; at += 4) {
    const distance = [0, 1, 2].map((channel) => Math.abs(one.data[at + channel] - other.data[at + channel]));
    different += Math.max(...distance) > 25 ? 1 : 0;
  }
  return different / (one.data.length / 4);
}
