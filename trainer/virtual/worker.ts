/** Thread of virtual wires: looks after those that work in turns, and sleeps while none has anything to do. */
import { parentPort } from 'node:worker_threads';
import type { ToThread } from './messages';
import { WireInThread } from './wire_in_thread';

/** Longest stretch of work before messages are looked for. */
const STRETCH_MS = 2;

const port = parentPort;
if (port === null) throw new Error('this is the thread of virtual trainers; use VirtualTrainer');

let wires: WireInThread[] = [];
let timer: NodeJS.Timeout | undefined;
let dueAt = Number.POSITIVE_INFINITY;
let immediate: NodeJS.Immediate | undefined;

/** Lets the wires that are busy work, in turns, for one stretch. */
function work(): void {
  immediate = undefined;
  const until = performance.now() + STRETCH_MS;
  let worked: boolean;
  do {
    worked = false;
    for (let turns = wires.length; turns > 0 && performance.now() < until; turns--) {
      const wire = wires.shift() as WireInThread;
      wires.push(wire);
      if (!wire.busy) continue;
      wire.run(false);
      worked = true;
    }
  } while (worked && performance.now() < until);
  schedule();
}

/** Lets every wire look after expiries, saves and unfinished frames. */
function tick(): void {
  timer = undefined;
  dueAt = Number.POSITIVE_INFINITY;
  for (const wire of [...wires]) wire.run(true);
  schedule();
}

/** Back to back while a board works, else at the next tick. Messages come in between. */
function schedule(): void {
  wires = wires.filter((wire) => !wire.closed);
  if (wires.length === 0) {
    clearTimeout(timer);
    timer = undefined;
    dueAt = Number.POSITIVE_INFINITY;
    return;
  }
  if (immediate === undefined && wires.some((wire) => wire.busy)) immediate = setImmediate(work);
  const due = performance.now() + Math.min(...wires.map((wire) => wire.tickMs));
  if (due >= dueAt) return;
  dueAt = due;
  clearTimeout(timer);
  timer = setTimeout(tick, due - performance.now());
}

port.on('message', (message: ToThread) => {
  if (message.kind === 'end') {
    port.close();
    return;
  }
  wires.push(new WireInThread(message.boards, message.port, schedule));
  schedule();
});
