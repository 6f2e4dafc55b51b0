// What works only in the thread that made it: cloning would take no private fields and no methods.

/**
 * @internal The value of an own enumerable member. Structured cloning fails with a `DataCloneError` where it meets a symbol, and shows
 * the symbol's text. JSON leaves it out.
 */
export const UNCLONEABLE = Symbol("works in its own thread only; make a client in each");

type Inspect = (value: object, options: object) => string;

/** @internal Has Node, Bun and Deno leave that member out of what they print of a class's objects. */
export function printWithoutMark({ prototype }: { prototype: { uncloneable: symbol } }): void {
  function inspect(this: typeof prototype, _depth: number, options: object, inspect: Inspect): string {
    const { uncloneable: _, ...shown } = this;
    return `${this.constructor.name} ${inspect(shown, options)}`;
  }
  Object.defineProperty(prototype, Symbol.for("nodejs.util.inspect.custom"), { value: inspect });
}
