/** A board that closes the loop by itself, on its own channels: no master asks for anything here unless a test says so. */
import assert from 'node:assert/strict';
import { openBus, Trainer } from '../../../trainer';
import {
  Coils,
  DiscreteInputs,
  FeedbackKind,
  LocalState,
  Registers,
} from '../../../trainer/contract/contract.generated';
import {
  DefinitionError,
  decodeDefinition,
  encodeDefinition,
  findIssues,
  parseDefinition,
  type TrainerDefinition,
} from '../../../trainer/definition';
import { BoardPipe, firmwarePlanner, VirtualBoard, type VirtualBoardOptions } from '../../../trainer/virtual';
import { exceptionOf, frame, readRequest, registersOf, writeRequest } from './frames';
import { deployTo } from './raw_deploy';
import { logOf } from './raw_log';

const MINUTE = 60_000;
const [OFF, HEAT] = [0, 1000];
/** Gives millivolts: 500 mV at 0 degrees, 10 mV a degree. */
const SENSOR = { gain: 0.1, offset: -50 };

const THERMOSTAT: TrainerDefinition = {
  name: 'thermostat',
  features: [
    { name: 'outdoors', unit: '°C', min: -20, max: 40 },
    { name: 'room', unit: '°C', min: 0, max: 40 },
  ],
  classes: [
    { label: 'off', actuation: OFF },
    { label: 'heat', actuation: HEAT },
  ],
  model: { type: 'svm-linear' },
  feedback: { rule: 'dead-band', setPoint: 21, band: 0.5, tooLow: 'heat', tooHigh: 'off' },
  stitching: { capacity: 60 },
  training: { mode: 'auto', minNewSamples: 10, minSamples: 20 },
  io: {
    intervalMs: MINUTE,
    inputs: [
      { feature: 'room', channel: 2, ...SENSOR },
      { feature: 'outdoors', channel: 0, ...SENSOR },
    ],
    outcome: { channel: 2, ...SENSOR },
    output: 1,
  },
};

/** A room: its heater, its window, and the sensors around the board. */
class Room {
  readonly inputs = 3;
  readonly outputs = 2;
  room = 15;
  outdoors = 5;
  readonly broken = new Set<number>();
  jammed = false;
  driven: number[] = [];

  read(channel: number): number | undefined {
    assert.ok(channel === 0 || channel === 2, 'a channel that the definition names');
    return this.broken.has(channel)
      ? undefined
      : Math.round(500 + 10 * (channel === 0 ? this.outdoors : this.room));
  }

  drive(channel: number, value: number): boolean {
    assert.equal(channel, 1);
    if (!this.jammed) this.driven.push(value);
    return !this.jammed;
  }

  get heater(): number | undefined {
    return this.driven.at(-1);
  }

  /** A minute passes: losses, and two degrees of heating in ten. */
  minute(): void {
    this.room += (this.outdoors - this.room) / 100 + (this.heater === HEAT ? 0.4 : 0);
  }
}

describe('a board that closes the loop by itself', () => {
  let room: Room;
  let board: VirtualBoard;

  const start = (definition: TrainerDefinition = THERMOSTAT, options: VirtualBoardOptions = {}): void => {
    room = new Room();
    board = new VirtualBoard({ clock: 'manual', channels: room, ...options });
    assert.ok(deployTo(board, encodeDefinition(parseDefinition(definition))));
    board.runUntilIdle();
  };
  afterEach(() => board.close());

  const minute = (): void => {
    room.minute();
    board.advance(MINUTE);
    board.poll(1);
    board.runUntilIdle();
  };
  const read = (address: number): number =>
    registersOf(board.exchange(readRequest(board.unit, address, 1)))[0] as number;
  const coil = (address: number, on: boolean): void =>
    assert.equal(exceptionOf(board.exchange(frame(board.unit, 5, 0, address, on ? 0xff : 0, 0))), 0);
  const faulty = (): boolean =>
    (board.exchange(frame(board.unit, 2, 0, DiscreteInputs.localFault, 0, 1))?.[3] ?? 0) === 1;
  const state = (): [number, number] => [
    read(Registers.localState.address),
    read(Registers.localChannel.address),
  ];
  /** Texts of the log, oldest first. */
  const log = (): string[] => logOf(board).map(({ text }) => text);

  it('measures, decides, drives, is judged and learns without a single request', () => {
    start();
    assert.equal(room.driven[0], OFF, 'the fail-safe class first');
    for (let i = 0; i < 200; i++) minute();
    const errors: number[] = [];
    for (let i = 0; i < 200; i++) {
      minute();
      errors.push(Math.abs(room.room - 21));
    }
    assert.ok(Math.max(...errors) < 1.5, `room up to ${Math.max(...errors).toFixed(2)} degrees off`);
    assert.ok(read(Registers.generation.address) > 0, 'it has trained');
    assert.deepEqual(state(), [LocalState.RUNNING, 0]);
    const ticket = read(Registers.localTicket.address);
    assert.ok(ticket > 400);
    assert.equal(read(Registers.decisionTicket.address), ticket);
    assert.equal(read(Registers.actuation.address), room.heater);
    assert.equal(read(Registers.localValue.address), room.heater);
    assert.equal(read(Registers.inferences.address + 1), ticket);
    assert.ok(read(Registers.judged.address + 1) >= ticket - 2, 'each decision but the last was judged');
  });

  it('shows what it has measured in the feature registers, in the order of the definition', () => {
    start();
    room.outdoors = -3;
    minute();
    const [outdoors = 0, measured = 0] = registersOf(
      board.exchange(readRequest(board.unit, Registers.features.address, 2)),
    ).map((word) => (word << 16) >> 16);
    const { features } = parseDefinition(THERMOSTAT);
    assert.equal(outdoors, -3 * (features[0]?.scale ?? 0));
    const shown = measured / (features[1]?.scale ?? 1);
    assert.ok(Math.abs(shown - room.room) <= 0.06, `${shown} of ${room.room}`);
  });

  it('drives the fail-safe class while a sensor fails, says which, and goes on when it is back', () => {
    start();
    for (let i = 0; i < 8; i++) minute();
    assert.equal(room.heater, HEAT, 'a cold room is heated');
    room.broken.add(0);
    const judged = read(Registers.judged.address + 1);
    for (let i = 0; i < 3; i++) minute();
    assert.equal(room.heater, OFF);
    assert.deepEqual(state(), [LocalState.INPUT_FAILED, 0]);
    assert.ok(faulty());
    assert.ok(read(Registers.judged.address + 1) <= judged + 1, 'what was not in force is not judged');
    room.broken.clear();
    minute();
    assert.equal(room.heater, HEAT);
    assert.deepEqual(state(), [LocalState.RUNNING, 0]);
    assert.ok(!faulty());
    const told = log().filter((line) => /channel|closes the loop/.test(line));
    assert.deepEqual(told, [
      'input channel 0 failed: the fail-safe class drives the output',
      'the board closes the loop again',
    ]);
  });

  it('drives the fail-safe class that the definition names', () => {
    start({ ...THERMOSTAT, io: { ...(THERMOSTAT.io as object), failSafe: 'heat' } as never });
    assert.equal(room.driven[0], HEAT);
    room.broken.add(2);
    minute();
    assert.equal(room.heater, HEAT);
    assert.deepEqual(state(), [LocalState.INPUT_FAILED, 2]);
  });

  it('takes a feature out of its range for a fault, unless the definition clamps it', () => {
    start();
    minute();
    room.outdoors = 55;
    minute();
    assert.equal(room.heater, OFF);
    assert.deepEqual(state(), [LocalState.INPUT_RANGE, 0]);
    board.close();
    start({ ...THERMOSTAT, outOfRange: 'clamp' });
    room.outdoors = 55;
    minute();
    assert.deepEqual(state(), [LocalState.RUNNING, 0]);
  });

  it('says that the output failed, and tries again', () => {
    start();
    minute();
    room.jammed = true;
    minute();
    assert.deepEqual(state(), [LocalState.OUTPUT_FAILED, 1]);
    assert.ok(faulty());
    room.jammed = false;
    minute();
    assert.deepEqual(state(), [LocalState.RUNNING, 0]);
  });

  it('leaves the output alone while somebody else drives it, and is safe while its sensors are doubted', () => {
    start();
    for (let i = 0; i < 8; i++) minute();
    coil(Coils.manualOverride, true);
    minute();
    const driven = room.driven.length;
    const ticket = read(Registers.localTicket.address);
    minute();
    assert.equal(room.driven.length, driven, 'not driven');
    assert.equal(read(Registers.localTicket.address), ticket + 1, 'but decided');
    assert.deepEqual(state(), [LocalState.OVERRIDDEN, 0]);
    assert.ok(!faulty());
    coil(Coils.manualOverride, false);
    coil(Coils.sensorFault, true);
    minute();
    assert.equal(room.heater, OFF);
    assert.deepEqual(state(), [LocalState.SENSOR_FAULT, 0]);
  });

  it('answers and learns from a master, and the output moves by its own decisions alone', () => {
    start();
    for (let i = 0; i < 3; i++) minute();
    const driven = room.driven.length;
    const { features } = parseDefinition(THERMOSTAT);
    const warm = [5, 30].map((value, index) => Math.round(value * (features[index]?.scale ?? 1)) & 0xffff);
    assert.equal(
      exceptionOf(board.exchange(writeRequest(board.unit, Registers.ticket.address, 40_000, ...warm))),
      0,
    );
    board.runUntilIdle();
    assert.equal(read(Registers.decisionTicket.address), 40_000);
    const lesson = writeRequest(board.unit, Registers.feedbackTicket.address, 40_000, FeedbackKind.TEACH, 0);
    assert.equal(exceptionOf(board.exchange(lesson)), 0);
    assert.equal(room.driven.length, driven);
    assert.equal(read(Registers.features.address + 1) === warm[1], false, 'it shows what it measured');
    minute();
    assert.equal(room.driven.length, driven + 1);
  });

  it('drives the fail-safe class when another definition ends the loop, and not in between when it goes on', () => {
    start();
    for (let i = 0; i < 8; i++) minute();
    const driven = room.driven.length;
    const next = { ...THERMOSTAT, io: { ...(THERMOSTAT.io as object), intervalMs: 2 * MINUTE } as never };
    assert.ok(deployTo(board, encodeDefinition(parseDefinition(next)), 65_001));
    board.runUntilIdle();
    assert.deepEqual(room.driven.slice(driven), [HEAT]);
    const { io: _, ...without } = THERMOSTAT;
    assert.ok(deployTo(board, encodeDefinition(parseDefinition(without)), 65_002));
    board.runUntilIdle();
    assert.deepEqual(room.driven.slice(driven), [HEAT, OFF]);
    assert.deepEqual(state(), [LocalState.OFF, 0]);
    assert.ok(read(Registers.samplesStored.address) > 0, 'what was learned stays');
  });

  it('goes on by itself after a restart', () => {
    start();
    for (let i = 0; i < 30; i++) minute();
    assert.ok(read(Registers.saves.address + 1) > 0);
    room.driven = [];
    board.restart();
    board.poll(1);
    board.runUntilIdle();
    assert.equal(room.driven[0], OFF, 'the fail-safe class first');
    assert.deepEqual(state(), [LocalState.RUNNING, 0]);
  });

  it('learns from buttons: with the rule label the channel of the outcome gives the right class, or nothing', () => {
    start({
      ...THERMOSTAT,
      feedback: { rule: 'label' },
      io: {
        ...(THERMOSTAT.io as object),
        outcome: { channel: 0 },
        inputs: [
          { feature: 'room', channel: 2, ...SENSOR },
          { feature: 'outdoors', channel: 2, ...SENSOR },
        ],
      } as never,
    });
    room.outdoors = -60; // The channel gives -100: no button is pressed.
    minute();
    minute();
    assert.equal(read(Registers.judged.address + 1), 0);
    room.outdoors = -49.9; // And 1: "heat" is.
    minute();
    assert.equal(read(Registers.judged.address + 1), 1);
    assert.equal(read(Registers.feedbackTruth.address), 1);
  });

  it('is refused by a board that lacks a channel, and nothing changes', async () => {
    start();
    const wide = { ...THERMOSTAT, name: 'wide', io: { ...(THERMOSTAT.io as object), output: 2 } as never };
    const before = read(Registers.definitionFingerprint.address);
    const blob = encodeDefinition(parseDefinition(wide));
    deployTo(board, blob, 65_001);
    assert.equal(read(Registers.lastError.address), 83, 'BOARD_CANNOT');
    assert.equal(read(Registers.lastErrorDetail.address), 2, 'output channel 2');
    assert.equal(read(Registers.definitionFingerprint.address), before);
    const bare = new VirtualBoard();
    const bus = openBus({ kind: 'virtual', id: 'no channels', connect: async () => new BoardPipe(bare) });
    try {
      const trainer = new Trainer(bus, { unit: 1, planner: await firmwarePlanner() });
      assert.deepEqual((await trainer.identify()).channels, { inputs: 0, outputs: 0 });
      await assert.rejects(trainer.deploy(THERMOSTAT), (error: Error) => {
        assert.ok(error instanceof DefinitionError);
        assert.match(error.message, /: io the board virtual has no channels of its own/);
        return true;
      });
      assert.equal((await trainer.status()).definitionFingerprint, 0);
      assert.equal((await trainer.status()).local.state, 'off');
    } finally {
      await bus.close();
      bare.close();
    }
  });
});

describe('the section io of a definition', () => {
  const problems = (change: object): string[] =>
    findIssues({ ...THERMOSTAT, ...change }).map(({ path }) => path);
  const io = (change: object): object => ({ io: { ...(THERMOSTAT.io as object), ...change } });

  it('survives the way into a blob and back', () => {
    const definition = parseDefinition(THERMOSTAT);
    const blob = encodeDefinition(definition);
    const back = decodeDefinition(blob);
    assert.deepEqual(back.io?.outcome, definition.io?.outcome);
    assert.deepEqual(
      back.io?.inputs.map(({ channel, gain, offset }) => [channel, gain, offset]).sort(),
      definition.io?.inputs.map(({ channel, gain, offset }) => [channel, gain, offset]).sort(),
    );
    assert.deepEqual([back.io?.output, back.io?.intervalMs], [1, MINUTE]);
    assert.equal(encodeDefinition(back).length, blob.length);
  });

  it('names what it lacks', () => {
    assert.deepEqual(problems({}), []);
    assert.deepEqual(problems(io({ inputs: [{ feature: 'room', channel: 0 }] })), ['io.inputs']);
    assert.deepEqual(problems(io({ failSafe: 'cool' })), ['io.failSafe']);
    assert.deepEqual(problems(io({ intervalMs: 5 })), ['io.intervalMs']);
    const slow = { feedback: { ...THERMOSTAT.feedback, settleSeconds: 90 } };
    assert.deepEqual(problems(slow), ['io.intervalMs']);
    assert.deepEqual(problems({ board: 'stm32f405' }), ['io'], 'a board without channels');
    // Five inputs and four outputs.
    const few = { board: 'rp2040', ...io({ outcome: { channel: 5 }, output: 4 }) };
    assert.deepEqual(problems(few), ['io.outcome.channel', 'io.output'], 'each field that names none');
  });
});
