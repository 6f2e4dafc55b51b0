// A mark by which structured cloning refuses an object: `structuredClone`, `postMessage`, the data of a worker.

/**
 * What an object holds that works only in the thread that made it. Cloning takes no private fields and no methods, and would leave an
 * object that does nothing. It fails with a `DataCloneError` where it meets a symbol, and shows the symbol's text; it looks at own
 * enumerable members only, and not at those that are named by symbols, so that the mark shows in `console.log`, too. JSON leaves it out.
 */
export const UNCLONEABLE = Symbol("works in its own thread only; make a client in each");
