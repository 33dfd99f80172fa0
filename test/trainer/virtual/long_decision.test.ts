/** A decision that takes longer than a request: the board answers meanwhile, and a PLC sees when it is made. */
import assert from 'node:assert/strict';
import { sealFrame } from '../../../trainer';
import {
  Command,
  DiscreteInputs,
  FeedbackKind,
  Registers,
} from '../../../trainer/contract/contract.generated';
import { encodeDefinition, parseDefinition } from '../../../trainer/definition';
import { VirtualBoard } from '../../../trainer/virtual';
import { deployTo } from './raw_deploy';

const FEATURES = 12;
const REFUSED = 3;
const BUSY = 6;

const DEFINITION = parseDefinition({
  name: 'long',
  features: Array.from({ length: FEATURES }, (_, i) => ({ name: `f${i}`, min: -127, max: 127, scale: 1 })),
  classes: [{ label: 'low' }, { label: 'high' }],
  model: {
    type: 'dnn',
    epochs: 3,
    // Some 16 000 multiply-accumulates, eight slices.
    layers: [
      { kind: 'dense', units: 120, activation: 'relu' },
      { kind: 'dense', units: 120, activation: 'relu' },
      { kind: 'dense', units: 2 },
    ],
  },
  feedback: { rule: 'label' },
  stitching: { capacity: 40 },
  training: { mode: 'manual', minSamples: 4 },
});

const high = Array<number>(FEATURES).fill(100);
const low = Array<number>(FEATURES).fill(-100);

describe('a decision that takes longer than a request', () => {
  let board: VirtualBoard;

  /** Answer to a request; a number is the code of an exception. */
  function ask(functionCode: number, ...bytes: number[]): Buffer | number {
    const answer = board.exchange(sealFrame(Uint8Array.of(board.unit, functionCode, ...bytes, 0, 0)));
    assert.ok(answer !== undefined, 'no answer');
    return (answer[1] as number) >= 0x80 ? (answer[2] as number) : Buffer.from(answer);
  }
  const words = (values: readonly number[]): number[] =>
    values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]);
  const write = (address: number, ...values: number[]): Buffer | number =>
    ask(16, ...words([address, values.length]), 2 * values.length, ...words(values));
  const read = (address: number): number => (ask(3, ...words([address, 1])) as Buffer).readUInt16BE(3);
  const deciding = (): boolean => ((ask(2, ...words([DiscreteInputs.deciding, 1])) as Buffer)[3] ?? 0) === 1;
  const pending = (): number => read(Registers.pendingTicket.address);
  const decided = (): number => read(Registers.decisionTicket.address);
  const judge = (ticket: number, kind: number, value: number): Buffer | number =>
    write(Registers.feedbackTicket.address, ticket, kind, value);

  beforeEach(() => {
    board = new VirtualBoard({ clock: 'manual' });
    assert.ok(deployTo(board, encodeDefinition(DEFINITION)));
    for (let i = 0; i < 20; i++) {
      write(Registers.ticket.address, i + 1, ...(i % 2 === 0 ? low : high));
      assert.ok(typeof judge(i + 1, FeedbackKind.TEACH, i % 2) !== 'number');
      board.runUntilIdle();
    }
    assert.equal(deciding(), false, 'without a model nothing takes long');
    write(Registers.commandArgument.address, 0, 0, Command.TRAIN, 1);
    board.runUntilIdle();
    assert.equal(read(Registers.generation.address), 1);
  });
  afterEach(() => board.close());

  it('is pending, asked again by the same ticket, and shown when it is made', () => {
    assert.ok(typeof write(Registers.ticket.address, 900, ...high) !== 'number');
    assert.equal(deciding(), true);
    assert.ok(typeof write(Registers.ticket.address, 900, ...high) !== 'number', 'a repeat is taken');
    assert.equal(pending(), 900);
    assert.notEqual(decided(), 900);
    board.runUntilIdle();
    assert.deepEqual([pending(), decided(), deciding()], [0, 900, false]);
    assert.equal(read(Registers.proposed.address + 3), 1, 'the model says high');
    assert.equal(board.actuation?.outputClass, read(Registers.decisionClass.address));
    assert.ok(typeof judge(900, FeedbackKind.LABEL, 1) !== 'number');
    assert.equal(read(Registers.feedbackJudgement.address), 1);
  });

  it('keeps other decisions and its own judgement waiting', () => {
    write(Registers.ticket.address, 900, ...high);
    assert.equal(write(Registers.ticket.address, 901, ...low), BUSY);
    assert.equal(judge(900, FeedbackKind.LABEL, 1), BUSY);
    assert.equal(
      write(Registers.ticket.address, 900, ...low),
      REFUSED,
      'the number stands for other features',
    );
    board.runUntilIdle();
    assert.equal(decided(), 900);
    assert.ok(typeof write(Registers.ticket.address, 901, ...low) !== 'number');
    board.runUntilIdle();
    assert.deepEqual([decided(), read(Registers.proposed.address + 3)], [901, 0]);
  });

  it('goes on beside a training, whose candidate may take over in between', () => {
    write(Registers.commandArgument.address, 0, 0, Command.TRAIN, 2);
    write(Registers.ticket.address, 900, ...high);
    board.runUntilIdle();
    assert.deepEqual([decided(), read(Registers.proposed.address + 3)], [900, 1]);
    write(Registers.ticket.address, 901, ...low);
    write(Registers.commandArgument.address, 0, 0, Command.RESET_MODEL, 3);
    board.runUntilIdle();
    assert.deepEqual([decided(), read(Registers.decisionGeneration.address)], [901, 0]);
  });

  it('ends without an answer when another definition takes its place', () => {
    write(Registers.ticket.address, 900, ...high);
    const other = encodeDefinition({
      ...DEFINITION,
      seed: 9,
      stitching: { ...DEFINITION.stitching, capacity: 50 },
    });
    assert.ok(deployTo(board, other, 500));
    board.runUntilIdle();
    assert.deepEqual([pending(), deciding()], [0, false]);
    assert.notEqual(decided(), 900);
  });
});
