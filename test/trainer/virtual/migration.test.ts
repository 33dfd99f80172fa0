/** What another version of the firmware saved: other sections, other layouts, and the stored states of every layout before this one. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LOOP, teachAndTrain } from '../../../bench/loop/problem';
import { openBus, Trainer, type TrainerDefinition, type TrainerStatus } from '../../../trainer';
import { crc32 } from '../../../trainer/definition/crc32';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';

const HEADER_BYTES = 32;
const SECTION_HEADER_BYTES = 12;
const IDENTITY = 1;
const COUNTERS = 2;
/** Nothing that a firmware has known so far: one that must be known, one that may be skipped. */
const UNKNOWN = 99;
const OPTIONAL = 0x8063;

interface Section {
  readonly id: number;
  readonly layout: number;
  readonly bytes: Uint8Array;
  /** Default: that of the bytes. */
  readonly crc?: number;
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
    change(sections).map(({ id, layout, bytes: content, crc }) => {
      const head = Buffer.alloc(SECTION_HEADER_BYTES);
      head.writeUInt16LE(id, 0);
      head.writeUInt16LE(layout, 2);
      head.writeUInt32LE(content.length, 4);
      head.writeUInt32LE(crc ?? crc32(content), 8);
      return Buffer.concat([head, content]);
    }),
  );
  bytes.set(payload, start + HEADER_BYTES);
  view.setUint32(start + 12, payload.length, true);
  view.setUint32(start + 16, crc32(payload), true);
  view.setUint32(start + 28, crc32(bytes.subarray(start, start + 28)), true);
}

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

  it('comes back from a newer one that kept more, in sections that may be skipped', async () => {
    rewrite(board, (sections) => [
      { id: OPTIONAL, layout: 1, bytes: new Uint8Array(20) },
      ...sections,
      { id: OPTIONAL + 1, layout: 9, bytes: new Uint8Array(3) },
    ]);
    assert.equal((await startAgain()).startReason, 'slot-newest');
  });

  const REFUSED: readonly [string, number, (sections: readonly Section[]) => readonly Section[]][] = [
    [
      'has a section that must be known',
      UNKNOWN,
      (sections) => [...sections, { id: UNKNOWN, layout: 1, bytes: new Uint8Array(4) }],
    ],
    ['lacks a section', IDENTITY, (sections) => sections.filter(({ id }) => id !== IDENTITY)],
    [
      'has a section of another layout',
      COUNTERS,
      (sections) =>
        sections.map((section) => (section.id === COUNTERS ? { ...section, layout: 2 } : section)),
    ],
    [
      'has a section of another length',
      COUNTERS,
      (sections) =>
        sections.map((section) =>
          section.id === COUNTERS ? { ...section, bytes: section.bytes.subarray(4) } : section,
        ),
    ],
    [
      'has a section whose checksum is wrong',
      COUNTERS,
      (sections) => sections.map((section) => (section.id === COUNTERS ? { ...section, crc: 1 } : section)),
    ],
  ];
  for (const [what, section, change] of REFUSED)
    it(`starts from defaults when it ${what}, and logs which`, async () => {
      rewrite(board, change);
      board.restart();
      board.runUntilIdle();
      const status = await trainer.status();
      assert.deepEqual(
        [status.startReason, status.generation, status.definitionFingerprint],
        ['defaults-corrupt', 0, 0],
      );
      const start = (await trainer.log.read()).findLast(({ event }) => event === 'start');
      assert.equal(start?.b, section);
    });
});

interface Image {
  readonly definition: TrainerDefinition;
  readonly arenaBytes: number;
  readonly nvmBytes: number;
  readonly status: Readonly<Record<string, unknown>>;
  readonly slot: string;
  readonly decisions?: readonly { features: [number, number]; label: string; confidence: number }[];
  readonly patterns?: readonly unknown[];
}

const states = resolve(__dirname, '../../../../test/data/states');

describe('A state of an earlier layout', () => {
  for (const name of readdirSync(states))
    it(`comes back whole, says so, and is saved in this one (${name})`, async () => {
      const image: Image = JSON.parse(readFileSync(join(states, name), 'utf8'));
      const { arenaBytes, nvmBytes } = image;
      const board = new VirtualBoard({ arenaBytes, nvmBytes, clock: 'manual' });
      board.nvm.bytes.set(gunzipSync(Buffer.from(image.slot, 'base64')));
      board.restart();
      const bus = openBus({ kind: 'virtual', id: name, connect: async () => new BoardPipe(board) });
      try {
        const trainer = new Trainer(bus, { unit: 1, definition: image.definition });
        const status = (await trainer.status()) as unknown as Record<string, unknown>;
        assert.equal(status.startReason, 'migrated');
        assert.deepEqual(
          Object.fromEntries(Object.keys(image.status).map((key) => [key, status[key]])),
          image.status,
        );
        await trainer.useBoardDefinition(); // it knows no names: register units, classes by number
        if (image.patterns !== undefined)
          assert.deepEqual(JSON.parse(JSON.stringify(await trainer.patterns.list())), image.patterns);
        const names = image.definition.classes?.map((entry) => entry.label) ?? [];
        for (const { features, label, confidence } of image.decisions ?? []) {
          const decision = await trainer.infer(features.map((value) => 100 * value));
          assert.equal(decision.label, `class ${names.indexOf(label)}`, `confidence was ${confidence}`);
        }
        await trainer.save();
        board.restart();
        board.runUntilIdle();
        const again = await trainer.status();
        assert.deepEqual(
          [again.startReason, again.generation, again.modelFingerprint],
          ['slot-newest', image.status.generation, image.status.modelFingerprint],
        );
      } finally {
        await bus.close();
        board.close();
      }
    });
});
