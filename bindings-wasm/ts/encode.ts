// JavaScript values as JSON for the core, with no silent change: what JSON cannot hold becomes a marker, which the core
// reports with its path among all other violations. No rule of the API is here.

/** Deeper than any request, and less deep than the core reads. */
const DEEPEST = 100;

/** More than any request is, in values and characters. */
const LARGEST = 1_000_000;

/** How much of a value may still be looked at: one that holds itself twice has more members than anything could walk through. */
class Room {
  left = LARGEST;

  /** Takes what a value needs, if it is there. */
  take(value: unknown): boolean {
    this.left -= typeof value === "string" ? value.length + 1 : 1;
    return this.left >= 0;
  }
}

/** A value as JSON. */
export function encode(value: unknown): string {
  if (isPlain(value, 0, new Room())) {
    try {
      return JSON.stringify(value);
    } catch {
      // It is another one each time that it is read.
    }
  }
  return written(value, [], new Room()) ?? unsupported("undefined");
}

/** A request as JSON. What has a title or a type and no `content_state` is a state by itself. */
export function encodeRequest(request: unknown): string {
  const text = encode(request);
  return isState(request) ? object({ content_state: text }) : text;
}

function isState(request: unknown): boolean {
  if (typeof request !== "object" || request === null) return false;
  try {
    return !("content_state" in request) && ("title" in request || "type" in request);
  } catch {
    // What cannot be read has been encoded as such.
    return false;
  }
}

/** An object of members that are JSON already; those that are undefined are absent. */
export function object(members: Record<string, string | undefined>): string {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return `{${given.map(([name, value]) => `"${name}":${value}`).join()}}`;
}

/** Whether `JSON.stringify` would change nothing about it. */
function isPlain(value: unknown, depth: number, room: Room): boolean {
  if (!room.take(value)) return false;
  switch (typeof value) {
    case "string":
      return isWhole(value);
    case "number":
      return Number.isFinite(value);
    case "boolean":
      return true;
    case "object":
      return value === null || (depth < DEEPEST && arePlain(value, depth + 1, room));
    default:
      return false;
  }
}

function arePlain(object: object, depth: number, room: Room): boolean {
  try {
    if (Array.isArray(object)) {
      for (let index = 0; index < object.length; index++) if (!isPlain(object[index], depth, room)) return false;
      return !hasToJson(object);
    }
    const prototype = Object.getPrototypeOf(object);
    if (prototype !== Object.prototype && prototype !== null) return false;
    for (const name of Object.keys(object)) {
      const value = (object as Record<string, unknown>)[name];
      if (!(value === undefined || isPlain(value, depth, room)) || !isPlainName(name, room)) return false;
    }
    return !hasToJson(object);
  } catch {
    // What cannot be read is told apart below.
    return false;
  }
}

function isPlainName(name: string, room: Room): boolean {
  return room.take(name) && isWhole(name) && name !== UNSUPPORTED;
}

/** The value as JSON, or nothing where a member is absent. What has no room is named with all that it is in. */
function written(value: unknown, within: readonly object[], room: Room): string | undefined {
  if (!room.take(value)) return TOO_LARGE;
  switch (typeof value) {
    case "undefined":
      return undefined;
    case "string":
      return isWhole(value) ? JSON.stringify(value) : unsupported("a string with half a surrogate pair");
    case "number":
      return Number.isFinite(value) ? JSON.stringify(value) : unsupported(NOT_FINITE.get(String(value))!);
    case "bigint":
      return value > -TOO_MANY_BITS && value < TOO_MANY_BITS ? String(value) : unsupported("a BigInt of that size");
    case "boolean":
      return String(value);
    case "object":
      return value === null ? "null" : writtenObject(value, within, room);
    default:
      return unsupported(`a ${typeof value}`);
  }
}

const NOT_FINITE = new Map([
  ["NaN", "NaN"],
  ["Infinity", "inf"],
  ["-Infinity", "-inf"],
]);

function writtenObject(object: object, within: readonly object[], room: Room): string | undefined {
  if (within.includes(object)) return unsupported("a circular reference");
  if (within.length === DEEPEST) return unsupported(`nested more than ${DEEPEST} levels deep`);
  try {
    const inside = [...within, object];
    const kind = Object.prototype.toString.call(object).slice("[object ".length, -1);
    // Both know `toJSON`, which makes a text or numbers of something that is neither.
    if (kind === "Date" || ArrayBuffer.isView(object)) return unsupported(withArticle(kind));
    if (hasToJson(object)) return written(object.toJSON(), inside, room);
    if (Array.isArray(object)) return list(object, inside, room);
    if (kind === "Object") return members(object as Record<string, unknown>, inside, room);
    return unsupported(withArticle(kind));
  } catch {
    return unsupported("an object that cannot be read");
  }
}

function list(items: readonly unknown[], within: readonly object[], room: Room): string {
  const texts: string[] = [];
  for (let index = 0; index < items.length; index++) {
    if (!(index in items)) return unsupported("an array with holes");
    texts.push(written(items[index], within, room) ?? unsupported("undefined"));
    if (room.left < 0) return TOO_LARGE;
  }
  return `[${texts.join()}]`;
}

function members(object: Record<string, unknown>, within: readonly object[], room: Room): string {
  const texts: string[] = [];
  for (const name of Object.keys(object)) {
    if (name === UNSUPPORTED) return unsupported(`an object with the reserved name ${name}`);
    let value: string | undefined;
    try {
      value = written(object[name], within, room);
    } catch {
      value = unsupported("a property that cannot be read");
    }
    if (!room.take(name)) return TOO_LARGE;
    if (value === undefined) continue;
    if (isWhole(name)) texts.push(`${JSON.stringify(name)}:${value}`);
    else texts.push(`${JSON.stringify(wellFormed(name))}:${unsupported("under a name with half a surrogate pair")}`);
  }
  return `{${texts.join()}}`;
}

/** The name by which the core knows a marker. An object of the caller's that has it would be taken for one. */
const UNSUPPORTED = "$activitysmith_kit::unsupported";

/** For whatever JSON does not have. The core knows numbers that are not finite by their names. */
export function unsupported(kind: string): string {
  return `{"${UNSUPPORTED}":${JSON.stringify(kind)}}`;
}

const TOO_LARGE = unsupported("larger than a million values and characters");

/** From here on, integers may be more than a double holds, which the core cannot read. To write one out takes the longer the more bits there are, up to hours. */
const TOO_MANY_BITS = 1n << 1_023n;

function hasToJson(object: object): object is { toJSON(): unknown } {
  return typeof (object as { toJSON?: unknown }).toJSON === "function";
}

function withArticle(kind: string): string {
  return `${/^[AEIO]/.test(kind) ? "an" : "a"} ${kind}`;
}

const HALF = /\p{Surrogate}/u;

/** Whether each surrogate in a text has its other half; UTF-8 has no form for one without. */
function isWhole(text: string): boolean {
  return typeof text.isWellFormed === "function" ? text.isWellFormed() : !HALF.test(text);
}

/** A text with U+FFFD in place of each surrogate without its other half. */
export function wellFormed(text: string): string {
  return isWhole(text) ? text : text.replace(new RegExp(HALF, "gu"), "\ufffd");
}
