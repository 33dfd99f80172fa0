/**
 * The threads that virtual wires run in. Many wires share one: a thread of Node.js takes some 20 MB, a virtual board less than one, and
 * a board that waits needs hardly any time.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type MessagePort, Worker } from 'node:worker_threads';
import { text, WordedError } from '../text';
import type { VirtualBoardOptions } from './board';
import type { ToThread } from './messages';

/** Wires that a thread takes before another one is started. */
const WIRES_EACH = 8;
/** One core is left to the rest of the process; more than this gain nothing. */
const MOST_THREADS = Math.max(1, Math.min(4, availableParallelism() - 1));

/** The thread went away without an error. */
class ThreadEndedError extends WordedError {
  constructor(code: number) {
    super(text('virtual.thread', { code }));
  }
}

/** Notifies a wire of the end of its thread. */
export type ThreadEnded = (reason: Error) => void;

class Thread {
  private readonly worker: Worker;
  private readonly wires = new Set<ThreadEnded>();

  constructor(ended: () => void) {
    this.worker = new Worker(join(__dirname, 'worker.js'), { execArgv: [] });
    let failure: Error | undefined;
    this.worker.on('error', (error) => {
      failure = error;
    });
    this.worker.once('exit', (code) => {
      ended();
      for (const wire of this.wires) wire(failure ?? new ThreadEndedError(code));
    });
  }

  get load(): number {
    return this.wires.size;
  }

  open(boards: readonly VirtualBoardOptions[], port: MessagePort, ended: ThreadEnded): void {
    this.wires.add(ended);
    this.post({ kind: 'open', boards, port }, [port]);
  }

  /** The wire has closed. True: it was the last one, and the thread ends. */
  release(ended: ThreadEnded): boolean {
    this.wires.delete(ended);
    if (this.wires.size > 0) return false;
    this.post({ kind: 'end' });
    return true;
  }

  private post(message: ToThread, transfer: readonly MessagePort[] = []): void {
    this.worker.postMessage(message, transfer);
  }
}

let threads: Thread[] = [];

/**
 * Opens a wire in the thread with the fewest.
 * @param ended called when the thread ends while the wire is open
 * @returns call it when the wire has closed
 */
export function openInThread(
  boards: readonly VirtualBoardOptions[],
  port: MessagePort,
  ended: ThreadEnded,
): () => void {
  const remove = (thread: Thread): void => {
    threads = threads.filter((candidate) => candidate !== thread);
  };
  let thread = threads.reduce<Thread | undefined>(
    (least, candidate) => (least === undefined || candidate.load < least.load ? candidate : least),
    undefined,
  );
  if (thread === undefined || (thread.load >= WIRES_EACH && threads.length < MOST_THREADS)) {
    const fresh: Thread = new Thread(() => remove(fresh));
    threads.push(fresh);
    thread = fresh;
  }
  const mine = thread;
  mine.open(boards, port, ended);
  return () => {
    if (mine.release(ended)) remove(mine);
  };
}
