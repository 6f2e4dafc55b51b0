// Signals of callers: however many calls wait for one, it has one listener, since Node warns of more than ten.

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls back when a signal is aborted, until what it gives back is called. */
export function onAbort(signal: AbortSignal, abort: () => void): () => void {
  const calls = waiting.get(signal) ?? new Set();
  if (calls.size === 0) {
    waiting.set(signal, calls);
    signal.addEventListener("abort", fire);
  }
  calls.add(abort);
  return () => {
    calls.delete(abort);
    if (calls.size === 0) signal.removeEventListener("abort", fire);
  };
}

function fire(this: AbortSignal): void {
  for (const abort of waiting.get(this) ?? []) abort();
}
