/** What another version of the firmware saved: less or more than this one does, in the same sections. */
import assert from 'node:assert/strict';
import { LOOP, teachAndTrain } from '../../../bench/loop/problem';
import { openBus, Trainer, type TrainerStatus } from '../../../trainer';
import { crc32 } from '../../../trainer/definition/crc32';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';

const HEADER_BYTES = 32;
const SECTION_HEADER_BYTES = 8;
const META = 1;
/** Nothing that a firmware has known so far. */
const UNKNOWN = 99;
/** Trial of a promotion: the fields that were added last. */
const ADDED_LAST_BYTES = 8;

interface Section {
  readonly id: number;
  readonly layout: number;
  readonly bytes: Uint8Array;
}

/** The newest slot's sections, changed and sealed again in its place. */
function rewrite(board: VirtualBoard, change: (sections: readonly Section[]) => readonly Section[]): void {
  const { bytes } = board.nvm;
  const slotBytes = bytes.length / 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const sequence = (slot: number): number =>
    view.getUint32(slot * slotBytes, true) === 0x53545445 ? view.getUint32(slot * slotBytes + 8, true) : -1;
  const start = (sequence(1) > sequence(0) ? 1 : 0) * slotBytes;
  const length = view.getUint32(start + 12, true);
  const sections: Section[] = [];
  for (let at = start + HEADER_BYTES; at < start + HEADER_BYTES + length; ) {
    const size = view.getUint32(at + 4, true);
    const from = at + SECTION_HEADER_BYTES;
    sections.push({
      id: view.getUint16(at, true),
      layout: view.getUint16(at + 2, true),
      bytes: bytes.slice(from, from + size),
    });
    at = from + size;
  }
  const payload = Buffer.concat(
    change(sections).map(({ id, layout, bytes: content }) => {
      const head = Buffer.alloc(SECTION_HEADER_BYTES);
      head.writeUInt16LE(id, 0);
      head.writeUInt16LE(layout, 2);
      head.writeUInt32LE(content.length, 4);
      return Buffer.concat([head, content]);
    }),
  );
  bytes.set(payload, start + HEADER_BYTES);
  view.setUint32(start + 12, payload.length, true);
  view.setUint32(start + 16, crc32(payload), true);
  view.setUint32(start + 28, crc32(bytes.subarray(start, start + 28)), true);
}

const resize = (section: Section, bytes: number): Section => {
  const content = new Uint8Array(section.bytes.length + bytes).fill(0xa5);
  content.set(section.bytes.subarray(0, content.length));
  return { ...section, bytes: content };
};

describe('A state that another version saved', () => {
  let board: VirtualBoard;
  let trainer: Trainer;
  let before: TrainerStatus;
  let bus: ReturnType<typeof openBus>;
  let runs = 0;

  beforeEach(async () => {
    board = new VirtualBoard({ arenaBytes: 8192, nvmBytes: 32_768, clock: 'manual' });
    bus = openBus({ kind: 'virtual', id: `migration ${++runs}`, connect: async () => new BoardPipe(board) });
    trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy(LOOP);
    await teachAndTrain(trainer, 30);
    await trainer.save();
    before = await trainer.status();
  });
  afterEach(async () => {
    await bus.close();
    board.close();
  });

  async function startAgain(): Promise<TrainerStatus> {
    board.restart();
    board.runUntilIdle();
    const status = await trainer.status();
    const keeps = ({
      generation,
      definitionFingerprint,
      modelFingerprint,
      samplesStored,
      inferences,
      stitched,
    }: TrainerStatus) => [
      generation,
      definitionFingerprint,
      modelFingerprint,
      samplesStored,
      inferences,
      stitched,
    ];
    assert.deepEqual(keeps(status), keeps(before));
    assert.equal((await trainer.infer([90, 80])).label, 'high');
    return status;
  }

  it('comes back whole when it is this version’s', async () => {
    rewrite(board, (sections) => sections);
    assert.equal((await startAgain()).startReason, 'slot-newest');
  });

  it('comes back from an older one that kept less, and says so', async () => {
    rewrite(board, (sections) =>
      sections.map((one) => (one.id === META ? resize(one, -ADDED_LAST_BYTES) : one)),
    );
    assert.equal((await startAgain()).startReason, 'migrated');
    await trainer.save();
    assert.equal((await startAgainAfterSave()).startReason, 'slot-newest', 'saved anew in this layout');
  });

  it('comes back from a newer one that kept more, in fields and in sections of its own', async () => {
    rewrite(board, (sections) => [
      ...sections.map((one) => (one.id === META ? resize(one, 16) : one)),
      { id: UNKNOWN, layout: 1, bytes: new Uint8Array(20) },
    ]);
    assert.equal((await startAgain()).startReason, 'slot-newest');
  });

  it('starts from defaults when the part that holds it together is not there', async () => {
    rewrite(board, (sections) => sections.filter(({ id }) => id !== META));
    board.restart();
    board.runUntilIdle();
    const status = await trainer.status();
    assert.deepEqual(
      [status.startReason, status.generation, status.definitionFingerprint],
      ['defaults-corrupt', 0, 0],
    );
  });

  async function startAgainAfterSave(): Promise<TrainerStatus> {
    before = await trainer.status();
    return startAgain();
  }
});
