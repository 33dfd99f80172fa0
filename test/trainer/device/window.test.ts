/** A window of a stream as the only feature: nothing is decided from samples that do not belong together, and a ticket keeps its window. */
import assert from 'node:assert/strict';
import {
  DefinitionError,
  encodeDefinition,
  InputError,
  parseDefinition,
  type TrainerDefinition,
  TrainerError,
} from '../../../trainer';
import {
  BulkObject,
  FeedbackKind,
  LocalState,
  Registers,
  type TrainerErrors,
} from '../../../trainer/contract/contract.generated';
import { decodeDefinition } from '../../../trainer/definition';
import { VirtualBoard } from '../../../trainer/virtual';
import { PlainMaster } from '../virtual/plain_master';
import { deployTo } from '../virtual/raw_deploy';
import { logOf } from '../virtual/raw_log';
import { type Board, openBoard } from './board';

const SAMPLES = 64;
const SCALE = 1000;
const LABELS = ['slow', 'fast'] as const;
type Label = (typeof LABELS)[number];

function definitionOf(channels: number): TrainerDefinition {
  return {
    name: 'vibration',
    features: [
      { name: 'window', unit: 'g', count: SAMPLES * channels, streamChannels: channels, min: -2, max: 2 },
    ],
    classes: LABELS.map((label) => ({ label })),
    model: {
      type: 'dnn',
      layers: [
        { kind: 'dense', units: 8, activation: 'relu' },
        { kind: 'dense', units: 2 },
      ],
    },
    feedback: { rule: 'label' },
    stitching: { capacity: 60 },
    training: { mode: 'manual', minSamples: 4 },
  };
}
const DEFINITION = definitionOf(1);

let phase = 0;
/** A vibration of this kind, of one channel; it goes on from call to call. */
function vibration(label: Label, samples: number): number[][] {
  return Array.from({ length: samples }, () => {
    phase += label === 'slow' ? 0.2 : 1.3;
    return [Math.round(1000 * Math.sin(phase)) / SCALE];
  });
}

/** Byte that the board keeps of a value, as one of 255 steps of the range in engineering units. */
const kept = (value: number): number => -2 + (Math.round((255 * (value + 2)) / 4) * 4) / 255;

/** What the board's own output is driven with. */
class Output {
  readonly inputs = 0;
  readonly outputs = 1;
  readonly driven: number[] = [];

  read(): undefined {
    return undefined;
  }

  drive(_channel: number, value: number): boolean {
    this.driven.push(value);
    return true;
  }
}

describe('a window of a stream as the only feature', function () {
  this.timeout(120_000);

  describe('through the client', () => {
    let board: Board;

    beforeEach(async () => {
      board = await openBoard();
      await board.trainer.deploy(DEFINITION);
    });
    afterEach(() => board.close());

    const refusedAs = (
      work: Promise<unknown>,
      code: keyof typeof TrainerErrors,
      words: RegExp,
    ): Promise<void> =>
      assert.rejects(work, (error) => {
        assert.ok(error instanceof TrainerError, String(error));
        assert.equal(error.code, code);
        assert.match(error.message, words);
        return true;
      });

    it('is decided about whole, learned from as it was, and kept sample for sample', async () => {
      const { trainer } = board;
      const taught: number[][] = [];
      for (let i = 0; i < 30; i++) {
        const label = LABELS[i % 2] as Label;
        const samples = vibration(label, SAMPLES);
        const summary = await trainer.stream.send(samples);
        assert.deepEqual([summary.samples, summary.lost, summary.last.held], [SAMPLES, 0, SAMPLES]);
        const { ticket } = await trainer.infer();
        await trainer.stream.send(vibration('slow', 10)); // it goes on before the inspector has spoken
        await trainer.feedback(ticket, { label });
        taught.push(samples.map(([value]) => kept(value as number)));
      }
      const stored = (await trainer.dataset.read()).sort((a, b) => b.age - a.age);
      assert.deepEqual(
        stored.map(({ features }) => features.map((value) => value.toFixed(6))),
        taught.map((values) => values.map((value) => value.toFixed(6))),
      );
      assert.equal((await trainer.model.train()).result, 'promoted');
      for (let i = 0; i < 10; i++) {
        const label = LABELS[i % 2] as Label;
        await trainer.stream.send(vibration(label, SAMPLES + 7));
        assert.equal((await trainer.infer()).label, label);
      }
    });

    it('says by numbers what a window lacks, and goes on', async () => {
      const { trainer } = board;
      await refusedAs(trainer.infer(), 'WINDOW_SHORT', /the window has 0 of 64 samples/);
      await trainer.stream.send(vibration('slow', 40));
      await refusedAs(trainer.infer(), 'WINDOW_SHORT', /the window has 40 of 64 samples/);
      await trainer.stream.send(vibration('slow', 24));
      const { ticket } = await trainer.infer();
      await trainer.restart();
      await refusedAs(trainer.infer(), 'WINDOW_SHORT', /the window has 0 of 64 samples/);
      await trainer.stream.send(vibration('slow', SAMPLES));
      assert.notEqual((await trainer.infer()).ticket, ticket);
    });

    it('takes a window that is given through the stream, which begins anew behind it', async () => {
      const { trainer } = board;
      await trainer.stream.send(vibration('slow', SAMPLES));
      await assert.rejects(
        trainer.infer([1]),
        (error) => error instanceof InputError && error.field === 'window' && /length 64/.test(error.message),
      );
      const [first, second] = [vibration('fast', SAMPLES).flat(), vibration('slow', SAMPLES).flat()];
      await Promise.all([trainer.dataset.add(first, 'fast'), trainer.infer(second)]);
      const [sample] = await trainer.dataset.read();
      assert.deepEqual(
        sample?.features.map((value) => value.toFixed(6)),
        first.map((value) => kept(value).toFixed(6)),
      );
      // What is streamed afterwards is no neighbour of it.
      const { last, lost } = await trainer.stream.send(vibration('slow', 3));
      assert.deepEqual([last.held, lost], [3, 1]);
    });

    it('goes into a backup with its samples and comes back', async () => {
      const { trainer } = board;
      for (const label of LABELS) await trainer.dataset.add(vibration(label, SAMPLES).flat(), label);
      const before = await trainer.dataset.read();
      const backup = await trainer.backup.take('running', { samples: true });
      await trainer.dataset.clear();
      assert.deepEqual(await trainer.backup.restoreSamples(JSON.parse(JSON.stringify(backup))), {
        taught: 2,
        left: 0,
      });
      assert.deepEqual(
        (await trainer.dataset.read()).map(({ features }) => features),
        before.map(({ features }) => features),
      );
    });

    it('goes on over a deployment of other policies, and begins anew with other channels', async () => {
      const { trainer } = board;
      await trainer.stream.send(vibration('slow', 50));
      await trainer.deploy({ ...DEFINITION, training: { mode: 'manual', minSamples: 6 } });
      const { last } = await trainer.stream.send(vibration('slow', 14));
      assert.equal(last.held, SAMPLES);
      await trainer.infer();
      const [window] = DEFINITION.features as [{ name: string; min: number; max: number; count: number }];
      await trainer.deploy({ ...DEFINITION, features: [{ ...window, streamChannels: 2 }] });
      await refusedAs(trainer.infer(), 'WINDOW_SHORT', /the window has 0 of 32 samples/);
      await trainer.stream.send(vibration('slow', 33).map(([value]) => [value as number, 0]));
      await trainer.infer();
    });

    it('keeps what was learned from arrays when a stream gives the values from now on, and the other way', async () => {
      const { trainer } = board;
      const [{ streamChannels: _, ...array }] = DEFINITION.features as [
        { name: string; min: number; max: number; streamChannels: number },
      ];
      await trainer.stream.send(vibration('slow', SAMPLES));
      await trainer.dataset.add(undefined, 'slow');
      const values = vibration('fast', SAMPLES).flat();
      await trainer.deploy({ ...DEFINITION, features: [array] });
      await trainer.dataset.add(values, 'fast');
      await assert.rejects(trainer.stream.send(vibration('slow', 1)), InputError);
      await trainer.deploy(DEFINITION);
      await refusedAs(trainer.infer(), 'WINDOW_SHORT', /the window has 0 of 64 samples/);
      assert.equal((await trainer.dataset.summary()).stored, 2);
      const stored = await trainer.dataset.read();
      assert.ok(
        stored.some(({ features }) =>
          features.every((value, i) => Math.abs(value - (values[i] as number)) < 0.01),
        ),
      );
    });

    it('goes on when another client takes the stream over, as after a full deploy of a flow', async () => {
      await board.trainer.stream.send(vibration('slow', 40));
      const other = board.another(DEFINITION);
      const { last, lost } = await other.stream.send(vibration('slow', 24));
      assert.deepEqual([last.held, lost], [SAMPLES, 0]);
      const { ticket } = await other.infer();
      assert.equal((await board.trainer.feedback(ticket, { label: 'slow' })).judgement, 'satisfied');
      // The first one has not heard of that: its frame is one from the past, which it notices, and then it goes on.
      await assert.rejects(board.trainer.stream.send(vibration('slow', 1)));
      assert.equal((await board.trainer.stream.send(vibration('slow', 1))).lost, 0);
      await board.trainer.infer();
    });

    it('survives lost and doubled frames without a gap', async () => {
      let at = 0;
      board.faults.request = () => (++at % 4 === 0 ? 'drop' : 'pass');
      board.faults.reply = () => (at % 3 === 0 ? 'twice' : 'pass');
      const { lost, last } = await board.trainer.stream.send(vibration('slow', 300));
      board.faults.reset();
      assert.deepEqual([lost, last.held], [0, SAMPLES]);
      await board.trainer.infer();
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
    const frame = (sequence: number, samples: number, value = 100): number =>
      write(
        Registers.sampleSequence.address,
        sequence & 0xffff,
        samples,
        ...Array.from({ length: samples }, (_, i) => (value + i) & 0xffff),
      );
    const ask = (ticket: number, newest: number): number =>
      write(Registers.ticket.address, ticket, newest & 0xffff);
    const held = (): number => read(Registers.windowHeld)[0] as number;

    it('numbers its samples: a repeat changes nothing, a gap empties the window', () => {
      assert.equal(frame(65_500, 50), 0);
      assert.equal(frame(65_500, 50), 0);
      assert.deepEqual([held(), read(Registers.nextSequence)[0]], [50, 14]);
      assert.equal(read(Registers.windowSequence)[0], 0, 'of a stream model alone, as the register map says');
      assert.equal(frame(14, 14), 0);
      assert.equal(held(), SAMPLES);
      assert.equal(ask(1, 27), 0);
      assert.equal(frame(30, 20), 0);
      assert.deepEqual([held(), read(Registers.samplesLost)[1]], [20, 2]);
      refused(ask(2, 49), 'WINDOW_SHORT', 20);
      assert.equal(ask(1, 27), 0, 'what was decided is still answered');
      assert.equal(read(Registers.inferences)[1], 1);
      assert.equal(write(Registers.feedbackTicket.address, 1, FeedbackKind.LABEL, 1), 0, 'and learned from');
      board.runUntilIdle();
      assert.equal(read(Registers.samplesStored)[0], 1);
    });

    it('has reached the sample that a request names, or says what comes next', () => {
      assert.equal(frame(0, SAMPLES), 0);
      refused(ask(1, SAMPLES), 'WINDOW_BEHIND', SAMPLES);
      assert.equal(ask(1, SAMPLES - 1), 0);
      assert.equal(frame(SAMPLES, 1), 0);
      refused(ask(1, SAMPLES), 'TICKET_TAKEN');
      assert.equal(ask(2, SAMPLES - 1), 0, 'a newer window holds it, too');
      assert.equal(write(Registers.ticketClaim.address, 3), 0);
      assert.equal(write(Registers.features.address, SAMPLES), 0);
      assert.equal(write(Registers.ticket.address, 3), 0, 'word by word');
      assert.equal(read(Registers.decisionTicket)[0], 3);
    });

    it('is too old to decide by once the stream has stopped, and begins anew when it goes on', () => {
      assert.equal(frame(0, SAMPLES), 0);
      board.advance(4999);
      assert.equal(ask(1, 63), 0);
      board.advance(2001);
      refused(ask(2, 63), 'WINDOW_STOPPED', 7);
      board.runUntilIdle();
      assert.equal(read(Registers.alarmBits)[0], 16);
      assert.equal(frame(SAMPLES, 1), 0);
      assert.deepEqual([held(), read(Registers.alarmBits)[0]], [1, 0]);
      board.runUntilIdle();
      assert.deepEqual(
        logOf(board)
          .map(({ event }) => event)
          .filter((event) => event.startsWith('stream')),
        ['stream-stopped', 'stream-back'],
      );
    });

    it('follows a stream that is slow by nature', () => {
      for (let sample = 0; sample <= SAMPLES; sample++) {
        assert.equal(frame(sample, 1), 0);
        board.advance(60_000);
        board.runUntilIdle();
      }
      assert.equal(held(), SAMPLES, 'the first pause was not known yet');
      assert.equal(ask(1, SAMPLES), 0);
      board.advance(180_000);
      refused(ask(2, SAMPLES), 'WINDOW_STOPPED', 240);
    });

    it('is what a board decides by that closes the loop itself; without a whole one the fail-safe class drives', () => {
      const output = new Output();
      board.close();
      board = new VirtualBoard({ clock: 'manual', channels: output });
      const classes = LABELS.map((label, index) => ({ label, actuation: 10 * (index + 1) }));
      const io = { intervalMs: 1000, inputs: [], output: 0, failSafe: 'fast' };
      const definition = parseDefinition({ ...DEFINITION, classes, io });
      assert.deepEqual(decodeDefinition(encodeDefinition(definition)).io, { ...io, failSafe: 'class 1' });
      assert.ok(deployTo(board, encodeDefinition(definition)));
      const second = (): [number | undefined, number] => {
        board.advance(1000);
        board.poll(1);
        board.runUntilIdle();
        return [output.driven.at(-1), read(Registers.localState)[0] as number];
      };
      assert.deepEqual(second(), [20, LocalState.NO_WINDOW]);
      assert.equal(frame(0, SAMPLES), 0);
      assert.deepEqual(second(), [10, LocalState.RUNNING], 'the default class: nothing was learned yet');
      const ticket = read(Registers.localTicket)[0] as number;
      assert.equal(frame(SAMPLES, 5), 0);
      assert.equal(write(Registers.feedbackTicket.address, ticket, FeedbackKind.LABEL, 1), 0);
      second();
      assert.notEqual(read(Registers.localTicket)[0], ticket, 'the next window has its own ticket');
      assert.equal(read(Registers.samplesStored)[0], 1);
      for (let i = 0; i < 6; i++) second();
      assert.deepEqual(second(), [20, LocalState.NO_WINDOW], 'the stream has stopped');
      assert.equal(
        logOf(board).filter(({ text }) => text.startsWith('the stream gives no whole window')).length,
        2,
      );
    });

    it('refuses frames and arrays that cannot be, by name', () => {
      refused(write(Registers.sampleSequence.address, 0, 2, 1), 'VALUE');
      refused(write(Registers.sampleSequence.address, 0, 0, 1), 'VALUE');
      assert.equal(held(), 0);
      refused(
        write(Registers.bulkObject.address, BulkObject.INPUT, 0, 0, SAMPLES, SAMPLES, 0, 0),
        'INPUT_STREAMED',
      );
      refused(write(Registers.ticket.address, 1, 1, 1), 'ADDRESS');
    });

    it('takes a value outside its range as the nearest bound', () => {
      assert.equal(
        write(Registers.sampleSequence.address, 0, SAMPLES, ...Array.from({ length: SAMPLES }, () => 32_000)),
        0,
      );
      assert.equal(ask(1, SAMPLES - 1), 0);
      assert.equal(write(Registers.feedbackTicket.address, 1, FeedbackKind.TEACH, 0), 0);
      board.runUntilIdle();
      assert.equal(write(Registers.bulkObject.address, BulkObject.DATASET, 0), 0);
      const [first] = read({ address: Registers.bulkData.address + (12 + 4) / 2, words: 1 });
      assert.equal(first, 0x7f7f);
    });
  });

  it('is refused where it cannot be, and the blob keeps it', () => {
    const [window] = DEFINITION.features as [{ name: string; min: number; max: number; count: number }];
    const issue = (definition: TrainerDefinition, path: string): void =>
      assert.throws(
        () => parseDefinition(definition),
        (error) =>
          error instanceof DefinitionError && error.issues.some((candidate) => candidate.path === path),
        path,
      );
    const features = (changes: object): TrainerDefinition => ({
      ...DEFINITION,
      features: [{ ...window, ...changes }],
    });
    issue(features({ streamChannels: 3 }), 'features[0].streamChannels');
    issue(
      { ...DEFINITION, io: { intervalMs: 1000, inputs: [{ feature: 'window', channel: 0 }], output: 0 } },
      'io.inputs[0].feature',
    );
    issue(features({ streamChannels: 9 }), 'features[0].streamChannels');
    const { count: _count, ...plain } = window;
    issue({ ...DEFINITION, features: [{ ...plain, streamChannels: 1 }] }, 'features[0].streamChannels');
    const complete = parseDefinition(definitionOf(3));
    const [decoded] = decodeDefinition(encodeDefinition(complete)).features;
    assert.deepEqual([decoded?.count, decoded?.streamChannels], [3 * SAMPLES, 3]);
  });
});
