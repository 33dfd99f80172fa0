/** A feature that is an array: it travels in pages, a ticket names it by its check sum, and nothing is ever decided from a mixture. */
import assert from 'node:assert/strict';
import {
  crc16,
  DefinitionError,
  encodeDefinition,
  InputError,
  parseDefinition,
  type TrainerDefinition,
} from '../../../trainer';
import { BulkObject, FeedbackKind, Limits, Registers } from '../../../trainer/contract/contract.generated';
import { crc32 } from '../../../trainer/definition/crc32';
import { VirtualBoard } from '../../../trainer/virtual';
import { randomBelow } from '../../support/random';
import { exceptionOf, frame } from '../virtual/frames';
import { PlainMaster } from '../virtual/plain_master';
import { deployTo } from '../virtual/raw_deploy';
import { type Board, openBoard } from './board';

const SIDE = 32;
const COUNT = SIDE * SIDE;
const LABELS = ['left', 'right'] as const;
const PAGES = Math.ceil(COUNT / Limits.PAGE_BYTES);

const DEFINITION: TrainerDefinition = {
  name: 'camera',
  features: [{ name: 'image', count: COUNT, min: 0, max: 255 }],
  classes: LABELS.map((label) => ({ label })),
  model: {
    type: 'dnn',
    height: SIDE,
    width: SIDE,
    layers: [
      {
        kind: 'conv',
        filters: 4,
        kernelHeight: 3,
        kernelWidth: 3,
        strideHeight: 2,
        strideWidth: 2,
        activation: 'relu',
      },
      { kind: 'max-pool', kernelHeight: 3, kernelWidth: 3 },
      { kind: 'dense', units: 2 },
    ],
  },
  feedback: { rule: 'label' },
  stitching: { capacity: 60 },
  training: { mode: 'manual', minSamples: 4 },
};

const random = randomBelow(11);

/** A picture with a bright spot in its left or right half. */
function picture(label: (typeof LABELS)[number]): Buffer {
  const [row, column] = [4 + random(20), (label === 'left' ? 2 : SIDE / 2 + 2) + random(8)];
  return Buffer.from(
    Array.from({ length: COUNT }, (_, i) => {
      const [y, x] = [Math.floor(i / SIDE), i % SIDE];
      return y >= row && y < row + 5 && x >= column && x < column + 5 ? 200 + random(56) : random(50);
    }),
  );
}

describe('an array as the only feature', function () {
  this.timeout(120_000);

  describe('through the client', () => {
    let board: Board;

    beforeEach(async () => {
      board = await openBoard();
      await board.trainer.deploy(DEFINITION);
    });
    afterEach(() => board.close());

    it('is learned from and decided about, and stays byte for byte in the data set', async () => {
      const taught: Buffer[] = [];
      for (let i = 0; i < 40; i++) {
        const label = LABELS[i % 2] as (typeof LABELS)[number];
        taught.push(picture(label));
        await board.trainer.dataset.add(taught[i] as Buffer, label);
      }
      const stored = (await board.trainer.dataset.read()).sort((a, b) => b.age - a.age);
      assert.deepEqual(
        stored.map(({ features }) => Buffer.from(features)),
        taught,
      );
      assert.equal((await board.trainer.model.train()).result, 'promoted');
      for (let i = 0; i < 20; i++) {
        const label = LABELS[i % 2] as (typeof LABELS)[number];
        const { label: decided, generation } = await board.trainer.infer({ image: picture(label) });
        assert.deepEqual([decided, generation], [label, 1]);
      }
    });

    it('gives the same decision for numbers, typed arrays and a Buffer, and sends pages that lie there no second time', async () => {
      const image = picture('left');
      const { ticket } = await board.trainer.infer(image, { ticket: 7 });
      board.faults.reset();
      for (const same of [Array.from(image), new Uint8Array(image), new Float64Array(image)])
        assert.equal((await board.trainer.infer(same, { ticket: 7 })).ticket, ticket);
      assert.equal(board.faults.sent.filter((fc) => fc === 16).length, 0);
      assert.equal((await board.trainer.status()).inferences, 1);
    });

    it('goes on when another client sends an array of its own in between', async () => {
      const other = board.another(DEFINITION);
      const [mine, its] = [picture('left'), picture('right')];
      await board.trainer.infer(mine);
      await other.infer(its);
      await board.trainer.infer(mine); // not there any more: its pages are sent again
      await Promise.all([
        board.trainer.infer(its),
        other.infer(mine),
        board.trainer.infer(mine),
        other.infer(its),
      ]);
      assert.equal((await board.trainer.status()).inferences, 7);
    });

    it('survives lost and doubled pages', async () => {
      let at = 0;
      board.faults.request = () => (++at % 4 === 0 ? 'drop' : 'pass');
      board.faults.reply = () => (at % 3 === 0 ? 'twice' : 'pass');
      await board.trainer.infer(picture('left'));
      board.faults.reset();
      assert.equal((await board.trainer.status()).inferences, 1);
    });

    it('names what is wrong with the values before anything is sent', async () => {
      board.faults.reset();
      const bad = (features: unknown, field: string): Promise<void> =>
        assert.rejects(board.trainer.infer(features as number[]), (error) => {
          assert.ok(error instanceof InputError, String(error));
          assert.equal(error.field, field);
          return true;
        });
      await bad(picture('left').subarray(1), 'image');
      await bad(17, 'image');
      await bad({ picture: picture('left') }, 'picture');
      await bad(
        Array.from(picture('left'), (value, i) => (i === 5 ? Number.NaN : value)),
        'image[5]',
      );
      await bad(
        Array.from(picture('left'), (value, i) => (i === 9 ? 300 : value)),
        'image[9]',
      );
      assert.deepEqual(board.faults.sent, []);
    });

    it('goes into a backup and comes back', async () => {
      for (const label of LABELS) await board.trainer.dataset.add(picture(label), label);
      const before = await board.trainer.dataset.read();
      const backup = await board.trainer.backup.take('running', { samples: true });
      await board.trainer.dataset.clear();
      await board.trainer.backup.restoreSamples(JSON.parse(JSON.stringify(backup)));
      assert.deepEqual(
        (await board.trainer.dataset.read()).map(({ features }) => features),
        before.map(({ features }) => features),
      );
    });
  });

  describe('through plain Modbus', () => {
    let board: VirtualBoard;
    const master = new PlainMaster(() => board);

    beforeEach(() => {
      board = new VirtualBoard({ clock: 'manual' });
      assert.ok(deployTo(board, encodeDefinition(parseDefinition(DEFINITION))));
      board.runUntilIdle();
    });
    afterEach(() => board.close());

    const write = (address: number, ...words: number[]): number => master.write(address, ...words);
    const read = (register: { address: number; words: number }): number[] => master.read(register);
    const refused = (...given: Parameters<PlainMaster['refused']>): void => master.refused(...given);

    /** One page as a PLC would write it. */
    function put(image: Uint8Array, page: number, { total = COUNT, damage = 0 } = {}): number {
      const data = image.subarray(page * Limits.PAGE_BYTES, (page + 1) * Limits.PAGE_BYTES);
      const wire = Buffer.alloc(12 + data.length + (data.length % 2));
      wire.writeUInt16BE(BulkObject.INPUT, 0);
      wire.writeUInt16BE(page, 2);
      wire.writeUInt32BE(total, 4);
      wire.writeUInt16BE(data.length, 8);
      wire.set(data, 12);
      const summed = Buffer.concat([wire.subarray(0, 10), data]);
      wire.writeUInt16BE(crc16(summed, 0, summed.length) ^ damage, 10);
      const words = Array.from({ length: wire.length / 2 }, (_, i) => wire.readUInt16BE(2 * i));
      return write(Registers.bulkObject.address, ...words);
    }
    const putAll = (image: Uint8Array): void => {
      for (let page = 0; page < PAGES; page++) assert.equal(put(image, page), 0);
    };
    const ask = (ticket: number, image: Uint8Array): number => {
      const sum = crc32(image);
      return write(Registers.ticket.address, ticket, sum >>> 16, sum & 0xffff);
    };
    const inferences = (): number => read(Registers.inferences)[1] as number;

    it('comes in pages that may be repeated, and is decided about under its check sum', () => {
      const image = picture('left');
      refused(ask(1, image), 'INPUT_OTHER');
      for (let page = 0; page < PAGES; page++) {
        assert.equal(put(image, page), 0);
        assert.equal(put(image, page), 0, 'the answer was lost');
        if (page > 1) assert.equal(put(image, page - 1), 0, 'a late one');
        if (page < PAGES - 1) refused(ask(1, image), 'INPUT_OTHER');
      }
      assert.deepEqual(read({ address: Registers.bulkObject.address, words: 4 }), [
        BulkObject.INPUT,
        PAGES,
        0,
        COUNT,
      ]);
      refused(write(Registers.ticket.address, 1, 12), 'WORDS_MISSING');
      assert.equal(ask(1, image), 0);
      assert.equal(ask(1, image), 0);
      assert.equal(inferences(), 1);
    });

    it('is refused by name: out of order, damaged, of another length', () => {
      const image = picture('left');
      refused(put(image, 1), 'PAGE');
      assert.equal(put(image, 0), 0);
      refused(put(image, 2), 'PAGE');
      refused(put(image, 1, { damage: 1 }), 'PAGE_CRC');
      refused(put(image, 1, { total: COUNT - 1 }), 'VALUE');
      assert.equal(put(image, 1), 0, 'none of them has changed anything');
    });

    it('never mixes the pages of two masters', () => {
      const [mine, its] = [picture('left'), picture('right')];
      assert.equal(put(mine, 0), 0);
      assert.equal(put(mine, 1), 0);
      refused(put(its, 1), 'PAGE');
      assert.equal(put(its, 0), 6, 'busy: the other one is on its way');
      board.advance(2001);
      assert.equal(put(its, 0), 0, 'it was given up');
      refused(put(mine, 2), 'PAGE');
      assert.equal(put(mine, 1), 0, 'a page gets in,');
      for (let page = 2; page < PAGES; page++) assert.equal(put(its, page), 0);
      refused(ask(1, its), 'INPUT_OTHER');
      refused(ask(2, mine), 'INPUT_OTHER');
      assert.equal(inferences(), 0, 'but nothing is decided from it');
      board.advance(2001);
      putAll(its);
      assert.equal(ask(1, its), 0);
      putAll(mine);
      assert.equal(ask(1, its), 0, 'a repeat needs no pages');
      refused(ask(1, mine), 'TICKET_TAKEN');
      assert.equal(ask(2, mine), 0);
      assert.equal(inferences(), 2);
    });

    it('is forgotten over a restart and another definition, and said so', () => {
      const image = picture('left');
      putAll(image);
      board.powerCut();
      board.restart();
      refused(ask(1, image), 'INPUT_OTHER');
      refused(put(image, 1), 'PAGE');
      putAll(image);
      board.runUntilIdle();
      const renamed = { ...DEFINITION, training: { mode: 'manual' as const, minSamples: 6 } };
      assert.ok(deployTo(board, encodeDefinition(parseDefinition(renamed)), 65_001));
      refused(ask(1, image), 'INPUT_OTHER');
      board.runUntilIdle();
      const smaller = encodeDefinition(parseDefinition(single()));
      assert.ok(deployTo(board, smaller, 65_002));
      refused(put(image, 0), 'NOT_SUPPORTED');
    });

    it('goes on beside an upload, and the process writes it while a key is set', () => {
      const image = picture('left');
      for (let page = 0; page < 2; page++) assert.equal(put(image, page), 0);
      assert.equal(write(Registers.key.address, 1, 2, 3, 4, 5, 6, 7, 8), 0);
      assert.equal(
        deployTo(board, encodeDefinition(parseDefinition(DEFINITION))),
        false,
        'management is locked',
      );
      for (let page = 2; page < PAGES; page++) assert.equal(put(image, page), 0);
      assert.equal(ask(1, image), 0);
    });

    it('answers "pending" while a long decision is made, and takes the next array meanwhile', () => {
      for (let i = 0; i < 24; i++) {
        const label = i % 2;
        const image = picture(LABELS[label] as 'left');
        putAll(image);
        assert.equal(ask(i + 1, image), 0);
        assert.equal(write(Registers.feedbackTicket.address, i + 1, FeedbackKind.TEACH, label), 0);
      }
      assert.equal(exceptionOf(board.exchange(frame(board.unit, 5, 0, 1, 0xff, 0))), 0, 'train');
      board.runUntilIdle();
      assert.equal(read(Registers.watchGeneration)[0], 1);
      const [first, second] = [picture('left'), picture('right')];
      putAll(first);
      assert.equal(ask(101, first), 0);
      assert.equal(read(Registers.pendingTicket)[0], 101);
      assert.equal(put(second, 0), 0);
      assert.equal(ask(101, first), 0, 'a repeat starts nothing');
      board.runUntilIdle();
      assert.equal(read(Registers.pendingTicket)[0], 0);
      assert.deepEqual(read({ address: Registers.decisionTicket.address, words: 2 }), [101, 0]);
      for (let page = 1; page < PAGES; page++) assert.equal(put(second, page), 0);
      assert.equal(ask(102, second), 0);
      board.runUntilIdle();
      assert.deepEqual(read({ address: Registers.decisionTicket.address, words: 2 }), [102, 1]);
    });
  });

  /** The same trainer with single features. */
  function single(): TrainerDefinition {
    return {
      ...DEFINITION,
      features: [
        { name: 'a', min: 0, max: 1 },
        { name: 'b', min: 0, max: 1 },
      ],
      model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
    };
  }

  it('is refused where it cannot be: beside other features, in another family, in another shape', () => {
    const [image] = DEFINITION.features as [{ name: string; count: number; min: number; max: number }];
    const issue = (definition: TrainerDefinition, path: string): void =>
      assert.throws(
        () => parseDefinition(definition),
        (error) =>
          error instanceof DefinitionError && error.issues.some((candidate) => candidate.path === path),
        path,
      );
    issue({ ...DEFINITION, features: [image, { name: 'b', min: 0, max: 1 }] }, 'features[0].count');
    issue({ ...DEFINITION, model: { type: 'svm-linear' } }, 'features[0].count');
    issue({ ...DEFINITION, features: [{ ...image, count: COUNT - 1 }] }, 'model.width');
    issue({ ...DEFINITION, features: [{ ...image, count: Limits.PAGE_BYTES ** 3 }] }, 'features[0].count');
  });
});
