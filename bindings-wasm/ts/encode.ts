// JavaScript values as JSON for the core, with no silent change: what JSON cannot hold becomes a marker, which the core
// reports with its path among all other violations. No rule of the API is here.

/** Deeper than any request, and less deep than the core reads. */
const DEEPEST = 100;

/** More than any request is, in values and characters. An object that holds itself twice has more members than can be read. */
const LARGEST = 1_000_000;

/** From here on, integers may be more than a double holds, which the core cannot read. To write one takes up to hours. */
const TOO_MANY_BITS = 1n << 1_023n;

/** The name by which the core recognizes a marker. An object of the caller's that has it would be taken for one. */
const UNSUPPORTED = "$activitysmith_kit::unsupported";

/** A value as JSON. */
export function encode(value: unknown): string {
  const writer = new Writer();
  const text = writer.write(value) ?? unsupported("undefined");
  return writer.isFull ? unsupported("larger than a million values and characters") : text;
}

/** A request as JSON. What has a title or a type and no `content_state` is a state by itself. */
export function encodeRequest(request: unknown): string {
  const text = encode(request);
  return isState(request) ? object({ content_state: text }) : text;
}

/** A push notification as JSON. A text is its title. */
export function encodePush(push: unknown): string {
  return typeof push === "string" ? object({ title: encode(push) }) : encode(push);
}

/** The value of a metric as JSON. A `Date` is sent as text; no other field takes one. */
export function encodeMetric(request: unknown): string {
  try {
    const { timestamp } = request as { timestamp?: unknown };
    if (kindOf(timestamp) === "Date")
      return encode({ ...(request as object), timestamp: (timestamp as Date).toISOString() });
  } catch {
    // What cannot be read, and a `Date` that is none, are encoded as such.
  }
  return encode(request);
}

/** What kind of object it is, of whatever realm. */
export function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
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

/** A kind with its article. */
export function withArticle(kind: string): string {
  return `${/^[AEIO]/i.test(kind) ? "an" : "a"} ${kind}`;
}

/** An object of members that are JSON already; those that are undefined are absent. */
export function object(members: Record<string, string | undefined>): string {
  const given = Object.entries(members).filter(([, value]) => value !== undefined);
  return `{${given.map(([name, value]) => `"${name}":${value}`).join()}}`;
}

/** A marker in place of what JSON does not have. */
export function unsupported(kind: string): string {
  return `{"${UNSUPPORTED}":${JSON.stringify(kind)}}`;
}

/** Writes one value. */
class Writer {
  #left = LARGEST;
  /** The objects that enclose what is being written. */
  readonly #within: object[] = [];

  /** The value was too large, and its text is not whole. */
  get isFull(): boolean {
    return this.#left < 0;
  }

  /** The value as JSON, or nothing where a member is absent. */
  write(value: unknown): string | undefined {
    this.#left -= typeof value === "string" ? value.length + 1 : 1;
    if (this.isFull) return undefined;
    switch (typeof value) {
      case "undefined":
        return undefined;
      case "string":
        return isWhole(value) ? JSON.stringify(value) : unsupported("a string with half a surrogate pair");
      case "number":
        return Number.isFinite(value) ? String(value) : unsupported(String(value).replace("Infinity", "inf"));
      case "bigint":
        return value > -TOO_MANY_BITS && value < TOO_MANY_BITS ? String(value) : unsupported("a BigInt of that size");
      case "boolean":
        return String(value);
      case "object":
        return value === null ? "null" : this.#enclosed(value);
      default:
        return unsupported(`a ${typeof value}`);
    }
  }

  #enclosed(object: object): string | undefined {
    if (this.#within.includes(object)) return unsupported("a circular reference");
    if (this.#within.length === DEEPEST) return unsupported(`nested more than ${DEEPEST} levels deep`);
    this.#within.push(object);
    try {
      return this.#object(object);
    } catch {
      return unsupported("an object that cannot be read");
    } finally {
      this.#within.pop();
    }
  }

  #object(object: object): string | undefined {
    const kind = kindOf(object);
    const { toJSON } = object as { toJSON?: unknown };
    // A `Date` and a `Buffer` have a `toJSON`, too, which makes a text or numbers of what is neither.
    if (typeof toJSON === "function" && kind !== "Date" && !ArrayBuffer.isView(object)) {
      return this.write(toJSON.call(object));
    }
    if (Array.isArray(object)) return this.#list(object);
    if (kind === "Object") return this.#members(object as Record<string, unknown>);
    if (kind === "Date" && Number.isNaN((object as Date).getTime())) return unsupported("an invalid Date");
    return unsupported(withArticle(kind));
  }

  #list(items: readonly unknown[]): string {
    const texts: string[] = [];
    for (let index = 0; index < items.length && !this.isFull; index++) {
      if (!(index in items)) return unsupported("an array with holes");
      texts.push(this.write(items[index]) ?? unsupported("undefined"));
    }
    return `[${texts.join()}]`;
  }

  #members(object: Record<string, unknown>): string {
    const texts: string[] = [];
    for (const name of Object.keys(object)) {
      if (name === UNSUPPORTED) return unsupported(`an object with the reserved name ${name}`);
      this.#left -= name.length + 1;
      if (this.isFull) break;
      let value: string | undefined;
      try {
        value = this.write(object[name]);
      } catch {
        value = unsupported("a property that cannot be read");
      }
      if (!isWhole(name) && value !== undefined) value = unsupported("under a name with half a surrogate pair");
      if (value !== undefined) texts.push(`${JSON.stringify(wellFormed(name))}:${value}`);
    }
    return `{${texts.join()}}`;
  }
}

const HALF = /\p{Surrogate}/gu;

/** Whether each surrogate in a text has its other half; UTF-8 has no form for one without. */
function isWhole(text: string): boolean {
  return typeof text.isWellFormed === "function" ? text.isWellFormed() : text.search(HALF) < 0;
}

/** A text with U+FFFD in place of each surrogate without its other half. */
export function wellFormed(text: string): string {
  return isWhole(text) ? text : text.replace(HALF, "\ufffd");
}
