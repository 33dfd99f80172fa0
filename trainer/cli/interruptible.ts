/**
 * Ctrl-C as an abort: the running action stops and puts right what it has changed before the process ends.
 */
import { text, worded } from '../text';

/** @throws what `action` throws; the reason of the abort when a signal came */
export async function interruptible<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (abort.signal.aborted) return; // already stopping; a board is being given back
    process.stderr.write(`\nedge-trainer: ${name}: stopping\n`);
    abort.abort(new Error(worded(text('command.stopped', { signal: name }))));
  };
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop);
  try {
    return await action(abort.signal);
  } finally {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
  }
}
