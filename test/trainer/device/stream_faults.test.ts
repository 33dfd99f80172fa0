/** What can be wrong with a stream of samples: it stops, has holes, a channel that does not move, or one at its rails. */
import assert from 'node:assert/strict';
import { DefinitionError, openBus, Trainer, type TrainerDefinition, TrainerError } from '../../../trainer';
import { Registers } from '../../../trainer/contract/contract.generated';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';
import { noise } from '../../support/random';
import { exceptionOf, writeRequest } from '../virtual/frames';

const LEARNING = 600;
const WINDOW = 50;
const CALIBRATION = 100;
/** Long enough for learning, and for a calibration with its windows that are not scored. */
const HEALTHY = LEARNING + WINDOW * (CALIBRATION + 20);
const RAIL = 4;

const definition: TrainerDefinition = {
  name: 'fan',
  channels: [
    { name: 'x', unit: 'g', min: -RAIL, max: RAIL },
    { name: 'y', unit: 'g', min: -RAIL, max: RAIL },
  ],
  model: {
    type: 'esn',
    units: 32,
    learningSamples: LEARNING,
    window: WINDOW,
    calibration: CALIBRATION,
    patterns: 4,
  },
};

type Shape = (phase: number, random: () => number) => [number, number];
const turning: Shape = (phase, random) => [
  Math.sin(phase) + 0.2 * random(),
  0.7 * Math.cos(phase) + 0.2 * random(),
];

function* machine(samples: number, seed: number, shape: Shape = turning): Generator<number[]> {
  const random = noise(seed);
  for (let i = 0; i < samples; i++) yield shape(0.37 * (i + 1000 * seed), random);
}

describe('faults of a stream', () => {
  let board: VirtualBoard;
  let trainer: Trainer;
  let bus: ReturnType<typeof openBus>;
  let runs = 0;

  beforeEach(async () => {
    board = new VirtualBoard({ clock: 'manual' });
    bus = openBus({
      kind: 'virtual',
      id: `stream faults ${++runs}`,
      connect: async () => new BoardPipe(board),
    });
    trainer = new Trainer(bus, { unit: 1 });
  });
  afterEach(async () => {
    await bus.close();
    board.close();
  });

  async function learned(shape: Shape = turning): Promise<void> {
    await trainer.deploy(definition);
    await trainer.stream.send(machine(HEALTHY, 1, shape));
    assert.equal((await trainer.status()).generation, 1);
  }
  const events = async (): Promise<string[]> => (await trainer.log.read()).map(({ event }) => event);

  it('says that it has stopped, once, and begins a new window when it is back', async () => {
    await learned();
    board.advance(4000);
    board.poll(2);
    assert.ok(!(await events()).includes('stream-stopped'), 'four seconds are no stop');
    board.advance(2000);
    board.poll(2);
    board.advance(60_000);
    board.poll(2);
    assert.equal((await events()).filter((event) => event === 'stream-stopped').length, 1);
    assert.equal((await trainer.stream.result()).stopped, true);
    const { last } = await trainer.stream.send(machine(WINDOW * 10, 2));
    assert.equal(last.stopped, false);
    assert.ok((await events()).includes('stream-back'));
    assert.equal(last.alarm, false, 'a pause is no fault of the machine');
  });

  it('learns with a channel that does not move, and alarms when it does', async () => {
    await learned((phase, random) => [turning(phase, random)[0], 0.25]);
    const quiet = await trainer.stream.send(
      machine(WINDOW * 20, 2, (phase, random) => [turning(phase, random)[0], 0.25]),
    );
    assert.equal(quiet.last.alarm, false);
    assert.ok(Number.isFinite(quiet.last.score) && quiet.last.residuals.every(Number.isFinite));
    const moved = await trainer.stream.send(machine(WINDOW * 10, 3));
    assert.ok(Number.isFinite(moved.last.score));
    assert.equal(moved.last.alarm, true);
  });

  it('scores samples at the rails of their range, as the event that they are', async () => {
    await learned();
    const { last } = await trainer.stream.send(
      machine(WINDOW * 10, 2, (phase) => [Math.sin(phase) > 0 ? 99 : -99, Math.cos(phase) > 0 ? 99 : -99]),
    );
    assert.equal(last.alarm, true);
    assert.ok(Number.isFinite(last.score) && last.score > last.threshold);
    assert.ok(last.residuals.every(Number.isFinite) && last.energies.every(Number.isFinite));
  });

  it('names a sensor that is stuck, and judges nothing until it moves again', async () => {
    await learned();
    const stuck = await trainer.stream.send(
      machine(WINDOW * 10, 2, (phase, random) => [turning(phase, random)[0], RAIL]),
    );
    assert.deepEqual(stuck.last.constantChannels, [1]);
    assert.deepEqual([stuck.last.alarm, stuck.last.calibrated, stuck.last.machineOff], [false, false, false]);
    const { last } = await trainer.stream.send(machine(WINDOW * 10, 3));
    assert.deepEqual([last.constantChannels, last.alarm, last.calibrated], [[], false, true]);
  });

  it('does not learn a machine that is off, says so, and learns it when it starts', async () => {
    await trainer.deploy(definition);
    const off = await trainer.stream.send(machine(HEALTHY, 1, () => [0, 0]));
    assert.deepEqual([off.last.machineOff, off.last.learning, off.last.calibrated], [true, true, false]);
    assert.equal((await trainer.status()).generation, 0);
    const { last } = await trainer.stream.send(machine(HEALTHY, 2));
    assert.equal(last.machineOff, false);
    assert.equal((await trainer.status()).generation, 1);
  });

  it('says so when the signal is too simple for the model, and learns it all the same', async () => {
    const plain: Shape = (phase) => [Math.sin(phase), Math.cos(phase)];
    await trainer.deploy({
      ...definition,
      model: { ...definition.model, ridge: 0.000001 },
    } as TrainerDefinition);
    await trainer.stream.send(machine(HEALTHY, 1, plain));
    assert.equal((await trainer.status()).generation, 1);
    const { trainResult } = await trainer.status();
    assert.equal(trainResult?.name, 'REGULARISED');
    assert.ok(
      (await trainer.log.read()).some(({ event, text }) => event === 'train-end' && /regularised/.test(text)),
    );
    assert.equal((await trainer.stream.send(machine(WINDOW * 10, 1, plain))).last.alarm, false);
  });

  it('takes another sampling rate for the change that it is', async () => {
    await learned();
    let position = 0;
    const twice: Shape = (_phase, random) => turning(0.74 * position++, random);
    assert.equal((await trainer.stream.send(machine(WINDOW * 10, 2, twice))).last.alarm, true);
  });

  it('counts samples that are missing before a frame, and begins a new window behind them', async () => {
    await learned();
    const { nextSequence, windows } = await trainer.stream.result();
    const missing = 30;
    const values = [...machine(WINDOW / 2, 2)].flat().map((g) => Math.round(1000 * g) & 0xffff);
    const answer = board.exchange(
      writeRequest(1, Registers.sampleSequence.address, nextSequence + missing, values.length / 2, ...values),
    );
    assert.equal(exceptionOf(answer), 0);
    board.runUntilIdle();
    const after = await trainer.stream.result();
    assert.deepEqual(
      [after.samplesLost, after.nextSequence, after.windows],
      [missing, nextSequence + missing + WINDOW / 2, windows],
    );
    assert.equal((await trainer.status()).lastError?.name, 'SEQUENCE_GAP');
    // The same again, late: taken once.
    board.exchange(writeRequest(1, Registers.sampleSequence.address, nextSequence, 1, 0, 0));
    board.runUntilIdle();
    assert.equal((await trainer.stream.result()).samplesLost, missing);
  });

  it('refuses to learn while an alarm stands, and says so', async () => {
    await learned();
    await trainer.stream.send(
      machine(WINDOW * 10, 2, (phase, random) => [3 * turning(phase, random)[0], random()]),
    );
    await assert.rejects(
      trainer.model.learn(),
      (error) => error instanceof TrainerError && error.code === 'ALARM_ACTIVE',
    );
    await trainer.feedback('alarm', { falseAlarm: true });
    assert.equal((await trainer.stream.send(machine(WINDOW * 3, 4))).last.alarm, false);
  });

  it('asks for enough calibration windows, and says how many it got', () => {
    const few = { ...definition, model: { ...definition.model, calibration: 40 } } as TrainerDefinition;
    return assert.rejects(
      trainer.deploy(few),
      (error) =>
        error instanceof DefinitionError &&
        /model\.calibration must be from 100 to 65535, got 40/.test(error.message),
    );
  });

  it('is quiet again for a machine whose false alarm was answered as such', async () => {
    await learned();
    const louder: Shape = (phase, random) => {
      const [x, y] = turning(phase, random);
      return [1.35 * x, 1.35 * y];
    };
    const inAlarm = async (windows: number, seed: number): Promise<number> => {
      let alarms = 0;
      for (let i = 0; i < windows; i++)
        if ((await trainer.stream.send(machine(WINDOW, seed + i, louder))).last.alarm) alarms++;
      return alarms;
    };
    const before = await inAlarm(20, 100);
    assert.ok(before > 10, `${before} of 20 windows in alarm`);
    await trainer.feedback('alarm', { falseAlarm: true });
    // Long enough for the sum of scores that are a little worse than those first learned.
    assert.equal(await inAlarm(100, 200), 0);
    const worse = await trainer.stream.send(
      machine(WINDOW * 20, 500, (phase, random) => [3 * turning(phase, random)[0], random()]),
    );
    assert.equal(worse.last.alarm, true, 'another condition still alarms');
  });
});
