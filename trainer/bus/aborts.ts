/** Many requests on one AbortSignal: one listener for all of them, since a signal's own are slow and warn beyond ten. */

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `aborted` when the signal fires; returns how to take that back. */
export function whenAborted(signal: AbortSignal, aborted: () => void): () => void {
  let calls = waiting.get(signal);
  if (calls === undefined) {
    const all = new Set<() => void>();
    calls = all;
    waiting.set(signal, all);
    signal.addEventListener(
      'abort',
      () => {
        for (const call of all) call();
      },
      { once: true },
    );
  }
  const mine = calls;
  mine.add(aborted);
  return () => mine.delete(aborted);
}
