/** Thread of a virtual wire: its boards, fed with bytes and run. Sleeps while no board has anything to do. */
import { parentPort, workerData } from 'node:worker_threads';
import { VirtualBoard } from './board';
import type { FromWorker, ToWorker, WorkerData } from './messages';

/** Longest stretch of training before bytes are looked for. */
const STRETCH_MS = 2;
/** Rounds between two looks at the clock. */
const ROUNDS = 32;
/** Idle boards look after expiries, saves and unfinished frames this often. */
const TICK_MS = 20;
/** Rounds that take in what arrived and answer it. */
const ANSWER_ROUNDS = 2;

const port = parentPort;
if (port === null) throw new Error('this is the thread of a virtual trainer; use VirtualTrainer');

const say = (message: FromWorker): void => port.postMessage(message);
let boards: readonly VirtualBoard[] = [];
let timer: NodeJS.Timeout | undefined;
let immediate: NodeJS.Immediate | undefined;

function start(): boolean {
  const started: VirtualBoard[] = [];
  try {
    for (const options of (workerData as WorkerData).boards) started.push(new VirtualBoard(options));
    boards = started;
    return true;
  } catch (error) {
    for (const board of started) board.close();
    say({ kind: 'failed', error: error as Error });
    return false;
  }
}

/** Lets every board hear the bytes on the line; what they answer. */
function hear(bytes: Uint8Array): Uint8Array[] {
  const answers: Uint8Array[] = [];
  for (const board of boards) {
    board.receive(bytes);
    const answer = board.poll(ANSWER_ROUNDS);
    if (answer !== undefined) answers.push(answer);
  }
  return answers;
}

/** Lets every board have a whole frame; the answer of the one that it is for. */
function exchange(frame: Uint8Array): Uint8Array | undefined {
  let answer: Uint8Array | undefined;
  for (const board of boards) answer = board.exchange(frame) ?? answer;
  return answer;
}

function run(): void {
  immediate = undefined;
  for (const board of boards) {
    const until = performance.now() + STRETCH_MS / boards.length;
    do {
      const answer = board.poll(board.busy ? ROUNDS : ANSWER_ROUNDS);
      if (answer !== undefined) say({ kind: 'data', bytes: answer });
    } while (board.busy && performance.now() < until);
  }
  schedule();
}

/** Back to back while a board works, else at the next tick. Messages come in between. */
function schedule(): void {
  if (immediate !== undefined) return;
  if (boards.some((board) => board.busy)) immediate = setImmediate(run);
  else if (timer === undefined)
    timer = setTimeout(() => {
      timer = undefined;
      if (immediate === undefined) run();
    }, TICK_MS);
}

function changePower({ id, board, change }: Extract<ToWorker, { kind: 'power' }>): void {
  const target = boards[board];
  if (target === undefined) {
    say({ kind: 'power-done', id, error: new RangeError(`there is no board ${board} on this wire`) });
    return;
  }
  if (change.action === 'cut-after') target.powerCutAfter(change.bytes);
  else if (change.action === 'cut') target.powerCut();
  else target.restart();
  say({ kind: 'power-done', id });
}

function close(): void {
  clearTimeout(timer);
  clearImmediate(immediate);
  for (const board of boards) board.close();
  boards = [];
  port?.close();
}

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'bytes':
      for (const bytes of hear(message.bytes)) say({ kind: 'data', bytes });
      break;
    case 'exchange':
      say({ kind: 'answer', id: message.id, frame: exchange(message.frame) });
      break;
    case 'power':
      changePower(message);
      break;
    case 'state':
      say({
        kind: 'state',
        id: message.id,
        boards: boards.map(({ powered, unit, busy, clockMs, starts, actuation }) => {
          return { powered, unit, busy, clockMs, starts, actuation };
        }),
      });
      break;
    case 'close':
      close();
      return;
  }
  schedule();
});

if (start()) {
  say({ kind: 'started' });
  schedule();
} else {
  port.close();
}
