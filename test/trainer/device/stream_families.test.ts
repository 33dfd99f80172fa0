/** Stream families through the protocol: operating regimes, what is not judged, answers to alarms, backups. */
import assert from 'node:assert/strict';
import { openBus, Trainer, type TrainerDefinition, TrainerError } from '../../../trainer';
import { VirtualBoard } from '../../../trainer/virtual';
import { BoardPipe } from '../../support/board_pipe';
import { noise } from '../../support/random';

const WINDOW = 64;
const LEARNING = 100;
/** Samples of a learning phase: the signal settles, then windows a quarter apart. */
const HEALTHY = 96 + (LEARNING + 4) * (WINDOW / 4);

const vibration = (more: object = {}): TrainerDefinition => ({
  name: 'motor',
  channels: [
    { name: 'x', unit: 'g', min: -8, max: 8 },
    { name: 'y', unit: 'g', min: -8, max: 8 },
  ],
  model: { type: 'correlation', learningWindows: LEARNING, patterns: 4, ...more },
});

const withSpeed = (more: object = {}): TrainerDefinition => {
  const definition = vibration({ regimes: 3, context: 'speed', contextTolerance: 50, ...more });
  definition.channels?.splice(1, 0, { name: 'speed', unit: 'rpm', min: 0, max: 3000, scale: 10 });
  return definition;
};

/** Noise through a resonance at `pitch`, so loud. */
function motor(samples: number, seed: number, pitch = 0.5, level = 1): number[][] {
  const random = noise(seed);
  const [a, b] = [2 * 0.9 * Math.cos(pitch), -0.81];
  const past = [0, 0, 0, 0];
  return Array.from({ length: samples }, () => {
    const x = random() + a * (past[0] as number) + b * (past[1] as number);
    const y = random() + a * (past[2] as number) + b * (past[3] as number);
    past.splice(0, 4, x, past[0] as number, y, past[2] as number);
    return [0.5 * level * x, 0.5 * level * (0.5 * x + y)];
  });
}

const at = (speed: number, samples: number[][]): number[][] => samples.map(([x = 0, y = 0]) => [x, speed, y]);

/** Four slow channels that follow one another; `leak`: flow that is lost in the end, more and more of it. */
function plant(samples: number, seed: number, valve = 1, leak = 0): number[][] {
  const random = noise(seed);
  let [flow, pressure, warm] = [50, 3, 20];
  return Array.from({ length: samples }, (_, t) => {
    const demand = 50 + 10 * Math.sin(t / 40) + 6 * random();
    flow += 0.3 * (valve * demand - flow) + random() - (leak * t) / samples;
    pressure += 0.4 * (0.06 * demand - pressure) + 0.05 * random();
    warm += 0.1 * (30 - 0.2 * flow - warm) + 0.1 * random();
    return [demand, flow, pressure, warm];
  });
}

const process: TrainerDefinition = {
  name: 'plant',
  channels: [
    { name: 'demand', min: -200, max: 200, scale: 100 },
    { name: 'flow', min: -200, max: 200, scale: 100 },
    { name: 'pressure', min: -20, max: 20, scale: 1000 },
    { name: 'temperature', min: -100, max: 100, scale: 100 },
  ],
  model: { type: 'process', learningSamples: 1200 },
};

/** Windows of 32, a quarter apart: 240 of them after the 32 that the scale is measured on. */
const RECONSTRUCTED = 32 + 32 + (32 + 240) * 8;

const reconstruction = (more: object = {}): TrainerDefinition => {
  const { channels } = vibration();
  const model = {
    type: 'autoencoder',
    window: 32,
    learningWindows: 240,
    patterns: 4,
    ...more,
  } as const;
  return { name: 'motor', channels, model };
};

describe('stream families', () => {
  let board: VirtualBoard;
  let trainer: Trainer;
  let bus: ReturnType<typeof openBus>;
  let runs = 0;

  beforeEach(() => {
    board = new VirtualBoard({ clock: 'manual' });
    bus = openBus({
      kind: 'virtual',
      id: `stream families ${++runs}`,
      connect: async () => new BoardPipe(board),
    });
    trainer = new Trainer(bus, { unit: 1 });
  });

  afterEach(async () => {
    await bus.close();
    board.close();
  });

  /** Learns a regime of the bank while its samples come. */
  async function learn(regime: number | string, samples: number[][]): Promise<void> {
    const learning = trainer.model.learn({ regime });
    await trainer.status();
    await trainer.stream.send(samples);
    await learning;
  }

  it('correlation: learns at the first start, is silent on healthy, alarms at a change of pitch, not of chance', async () => {
    await trainer.deploy(vibration());
    const first = await trainer.stream.send(motor(HEALTHY, 1));
    assert.equal((await trainer.status()).generation, 1);
    assert.equal(first.last.learning, false);
    const quiet = await trainer.stream.send(motor(WINDOW * 60, 2));
    assert.deepEqual([quiet.last.alarm, quiet.last.calibrated, quiet.last.regime], [false, true, 1]);
    const before = quiet.last.threshold;
    const faulty = await trainer.stream.send(motor(WINDOW * 30, 3, 0.9));
    assert.equal(faulty.last.alarm, true);
    assert.deepEqual([faulty.last.pattern, faulty.last.newPattern], [1, true]);
    assert.equal(faulty.last.threshold, before, 'a fault does not move its threshold');
    assert.ok(faulty.last.residuals.every((residual) => residual > 1));
    const { last } = await trainer.stream.send(motor(WINDOW * 20, 4));
    assert.equal(last.alarm, false, 'the alarm ends with the fault');
  });

  it('another definition shows nothing of the stream before it, nor does a network that reads windows', async () => {
    const network: TrainerDefinition = {
      name: 'motor',
      features: [{ name: 'window', count: WINDOW, streamChannels: 1, min: -8, max: 8 }],
      classes: [{ label: 'healthy' }, { label: 'worn' }],
      model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
    };
    for (const next of [reconstruction(), network]) {
      await trainer.deploy(vibration());
      const { last: before } = await trainer.stream.send(motor(HEALTHY + WINDOW * 4, 1));
      assert.ok(before.windows > 0 && before.windowSequence > 0 && before.threshold > 0);
      await trainer.deploy(next);
      const { windows, windowSequence, nextSequence, score, threshold, pattern, regime } =
        await trainer.stream.result();
      assert.deepEqual(
        { windows, windowSequence, nextSequence, score, threshold, pattern, regime },
        { windows: 0, windowSequence: 0, nextSequence: 0, score: 0, threshold: 0, pattern: 0, regime: 0 },
      );
    }
  });

  it('correlation: a window alone raises no alarm, whatever it shows', async () => {
    await trainer.deploy(vibration());
    await trainer.stream.send(motor(HEALTHY, 1));
    const knock = await trainer.stream.send(motor(WINDOW, 3, 1.5, 3));
    assert.ok(knock.last.score > knock.last.threshold);
    assert.equal((await trainer.stream.send(motor(WINDOW * 4, 5))).last.alarm, false);
  });

  it('correlation: a false alarm is learned as healthy, in this condition and no other', async () => {
    await trainer.deploy(vibration());
    await trainer.stream.send(motor(HEALTHY, 1));
    const other = (seed: number, windows: number) => trainer.stream.send(motor(WINDOW * windows, seed, 0.8));
    assert.equal((await other(3, 20)).last.alarm, true);
    await trainer.feedback('alarm', { falseAlarm: true });
    for (let seed = 4; seed < 12; seed++) assert.equal((await other(seed, 20)).last.alarm, false);
    assert.equal((await trainer.stream.send(motor(WINDOW * 20, 5, 1.2))).last.alarm, true);
  });

  it('correlation: learns regimes one by one, keeps the others, and does not judge a speed that nobody taught', async () => {
    await trainer.deploy(withSpeed());
    await trainer.stream.send(at(1000, motor(HEALTHY, 1, 0.4)));
    await learn(2, at(2000, motor(HEALTHY, 2, 0.9)));
    assert.equal((await trainer.status()).generation, 2);
    const slow = await trainer.stream.send(at(1010, motor(WINDOW * 20, 3, 0.4)));
    assert.deepEqual([slow.last.alarm, slow.last.regime, slow.last.notLearned], [false, 1, false]);
    const fast = await trainer.stream.send(at(1990, motor(WINDOW * 20, 4, 0.9)));
    assert.deepEqual([fast.last.alarm, fast.last.regime], [false, 2]);
    // What is healthy at one speed is a fault at the other.
    assert.equal((await trainer.stream.send(at(2000, motor(WINDOW * 20, 5, 0.4)))).last.alarm, true);
    await trainer.stream.send(at(2000, motor(WINDOW * 10, 6, 0.9)));
    const untaught = await trainer.stream.send(at(1500, motor(WINDOW * 20, 7, 0.65)));
    assert.deepEqual(
      [untaught.last.alarm, untaught.last.notLearned, untaught.last.calibrated],
      [false, true, false],
    );
    await trainer.model.rollBack();
    assert.equal((await trainer.stream.send(at(2000, motor(WINDOW * 4, 8, 0.9)))).last.notLearned, true);
  });

  it('correlation: a further regime may be learned while it alarms, which ends the alarm; a known one may not', async () => {
    await trainer.deploy(vibration({ regimes: 2 }));
    await trainer.stream.send(motor(HEALTHY, 1, 0.4));
    const other = (seed: number, windows: number) => motor(WINDOW * windows, seed, 0.9);
    assert.equal((await trainer.stream.send(other(2, 20))).last.alarm, true, 'nobody taught this speed');
    for (const known of [0, 1])
      await assert.rejects(
        trainer.model.learn({ regime: known }),
        (error) => error instanceof TrainerError && error.code === 'ALARM_ACTIVE',
      );
    const learning = trainer.model.learn({ regime: 2 });
    await trainer.status();
    const while2 = await trainer.stream.send(other(3, 20));
    assert.deepEqual([while2.last.learning, while2.last.alarm], [true, false]);
    await trainer.stream.send(motor(HEALTHY, 4, 0.9));
    await learning;
    const then = await trainer.stream.send(other(5, 20));
    assert.deepEqual([then.last.alarm, then.last.regime], [false, 2]);
    assert.deepEqual(
      (await trainer.patterns.list()).filter(({ seen }) => seen > 0),
      [],
      'its alarm left no pattern',
    );
    assert.equal((await trainer.stream.send(motor(WINDOW * 20, 6, 1.4))).last.alarm, true);
  });

  it('names regimes on the host, learns one by its name, and tells it with each result', async () => {
    const kept: (readonly string[])[] = [];
    trainer.on('regimeNames', (names) => kept.push(names));
    await trainer.deploy({ ...withSpeed(), regimeNames: ['slow'] });
    await trainer.stream.send(at(1000, motor(HEALTHY, 1, 0.4)));
    await trainer.regimes.rename(2, ' 2000 rpm ');
    assert.deepEqual(kept.at(-1), ['slow', '2000 rpm']);
    assert.deepEqual(await trainer.regimes.list(), [
      { regime: 1, name: 'slow' },
      { regime: 2, name: '2000 rpm' },
      { regime: 3, name: '' },
    ]);
    await learn('2000 rpm', at(2000, motor(HEALTHY, 2, 0.9)));
    const fast = await trainer.stream.send(at(1990, motor(WINDOW * 20, 4, 0.9)));
    assert.deepEqual([fast.last.regime, fast.last.regimeName], [2, '2000 rpm']);
    for (const refused of [trainer.regimes.rename(4, 'x'), trainer.model.learn({ regime: 'idle' })])
      await assert.rejects(refused, /no regime of the definition; there are 1 \(slow\), 2 \(2000 rpm\), 3/);
    // They travel in the backup, and the board is not told.
    const backup = await trainer.backup.take();
    assert.deepEqual(backup.definition.document?.regimeNames, ['slow', '2000 rpm']);
    await trainer.regimes.rename('slow', '');
    await trainer.backup.restore(backup);
    assert.deepEqual(trainer.regimes.names(), ['slow', '2000 rpm']);
  });

  it('correlation: refuses a regime that the bank has no place for', async () => {
    await trainer.deploy(vibration());
    await assert.rejects(
      trainer.model.learn({ regime: 2 }),
      (error) => error instanceof TrainerError && error.code === 'VALUE',
    );
  });

  it('correlation: does not learn a machine that is off or a sensor that is stuck, and says which', async () => {
    await trainer.deploy(vibration());
    const off = await trainer.stream.send(motor(WINDOW * 20, 1, 0.5, 0));
    assert.deepEqual([off.last.machineOff, off.last.learning], [true, true]);
    const stuck = await trainer.stream.send(motor(HEALTHY, 2).map(([x = 0]) => [x, 0.5]));
    assert.deepEqual([stuck.last.constantChannels, stuck.last.learning], [[1], true]);
    assert.equal((await trainer.status()).generation, 0);
    await trainer.stream.send(motor(HEALTHY + WINDOW, 3));
    assert.equal((await trainer.status()).generation, 1);
    // Learned, it is off below a twentieth of its level: noise of a sensor is no machine.
    const idle = await trainer.stream.send(motor(WINDOW * 10, 4, 0.5, 0.02));
    assert.deepEqual([idle.last.machineOff, idle.last.alarm], [true, false]);
  });

  it('correlation: brings bank and patterns back from a backup, and scores alike', async () => {
    const definition = vibration({ regimes: 2, covariance: 'diagonal' });
    await trainer.deploy(definition);
    await trainer.stream.send(motor(HEALTHY, 1, 0.4));
    await learn(2, motor(HEALTHY, 2, 0.9));
    await trainer.stream.send(motor(WINDOW * 20, 3, 1.5));
    await trainer.stream.send(motor(WINDOW * 20, 4, 0.9));
    const backup = await trainer.backup.take();
    const score = (await trainer.stream.send(motor(WINDOW * 10, 5, 1.5))).last.score;
    await trainer.deploy({ ...definition, seed: 9 });
    await trainer.deploy(definition);
    await trainer.backup.restore(backup);
    const { last } = await trainer.stream.send(motor(WINDOW * 10, 5, 1.5));
    assert.ok(Math.abs(last.score / score - 1) < 0.2, `${last.score}, before ${score}`);
    assert.equal((await trainer.patterns.list()).length, 1);
  });

  /** The network learns on when its last sample has come: until it has, within a bound. */
  async function generation(wanted: number): Promise<void> {
    const until = Date.now() + 30_000;
    while ((await trainer.status()).generation !== wanted)
      assert.ok(Date.now() < until, `generation ${wanted} does not come`);
  }

  it('autoencoder: learns at the first start, is silent on healthy, alarms at another pitch, learns a false alarm', async () => {
    await trainer.deploy(reconstruction());
    await trainer.stream.send(motor(RECONSTRUCTED, 1));
    await generation(1);
    const quiet = await trainer.stream.send(motor(32 * 60, 2));
    assert.deepEqual(
      [quiet.last.alarm, quiet.last.calibrated, quiet.last.learning, quiet.last.regime],
      [false, true, false, 1],
    );
    const faulty = await trainer.stream.send(motor(32 * 30, 3, 1.1));
    assert.deepEqual([faulty.last.alarm, faulty.last.pattern, faulty.last.newPattern], [true, 1, true]);
    assert.equal(faulty.last.threshold, quiet.last.threshold, 'a fault does not move its threshold');
    assert.equal(
      (await trainer.stream.send(motor(32 * 20, 4))).last.alarm,
      false,
      'the alarm ends with the fault',
    );
    await trainer.stream.send(motor(32 * 30, 5, 1.1));
    await trainer.feedback('alarm', { falseAlarm: true });
    await trainer.stream.send(motor(32 * 10, 6));
    assert.ok((await trainer.status()).generation === 1);
  });

  it('autoencoder: learns no machine that is off, no sensor that is stuck, and no regime of a bank', async () => {
    await trainer.deploy(reconstruction());
    const off = await trainer.stream.send(motor(32 * 20, 1, 0.5, 0));
    assert.deepEqual([off.last.machineOff, off.last.learning], [true, true]);
    const stuck = await trainer.stream.send(motor(RECONSTRUCTED, 2).map(([x = 0]) => [x, 0.5]));
    assert.deepEqual([stuck.last.constantChannels, stuck.last.learning], [[1], true]);
    assert.equal((await trainer.status()).generation, 0);
    // An idle machine hums: what it was taken for is forgotten when it runs.
    await trainer.stream.send(motor(32 * 30, 3, 0.5, 0.02));
    await trainer.stream.send(motor(RECONSTRUCTED + 64, 4));
    await generation(1);
    const idle = await trainer.stream.send(motor(32 * 10, 5, 0.5, 0.02));
    assert.deepEqual([idle.last.machineOff, idle.last.alarm], [true, false]);
    await assert.rejects(
      trainer.model.learn({ regime: 2 }),
      (error) => error instanceof TrainerError && error.code === 'VALUE',
    );
  });

  it('autoencoder: the running model scores while another one is trained; a cancelled training leaves it', async () => {
    await trainer.deploy(reconstruction());
    await trainer.stream.send(motor(RECONSTRUCTED, 1));
    await generation(1);
    const { modelFingerprint } = await trainer.status();
    const stop = new AbortController();
    const learning = trainer.model.learn({ signal: stop.signal }).catch((error: unknown) => error);
    await trainer.status();
    await trainer.stream.send(motor(32 * 10, 2));
    const faulty = await trainer.stream.send(motor(32 * 20, 3, 1.1));
    assert.deepEqual([faulty.last.alarm, faulty.last.learning], [true, true]);
    stop.abort();
    await learning;
    const after = await trainer.status();
    assert.deepEqual([after.generation, after.modelFingerprint], [1, modelFingerprint]);
  });

  it('autoencoder: brings model and patterns back from a backup, and scores alike', async () => {
    const definition = reconstruction({ format: 'f32' });
    await trainer.deploy(definition);
    await trainer.stream.send(motor(RECONSTRUCTED, 1));
    await generation(1);
    await trainer.stream.send(motor(32 * 20, 3, 1.1));
    await trainer.stream.send(motor(32 * 20, 4));
    const { modelFingerprint } = await trainer.status();
    const backup = await trainer.backup.take();
    await trainer.deploy({ ...definition, seed: 9 });
    await trainer.deploy(definition);
    await trainer.backup.restore(backup);
    assert.equal((await trainer.status()).modelFingerprint, modelFingerprint);
    assert.equal((await trainer.stream.send(motor(32 * 20, 5))).last.alarm, false);
    assert.equal((await trainer.stream.send(motor(32 * 20, 6, 1.1))).last.alarm, true);
    assert.equal((await trainer.patterns.list()).length, 1);
  });

  it('process: learns how channels follow each other, and alarms when a valve no longer does', async () => {
    await trainer.deploy(process);
    await trainer.stream.send(plant(1300, 1));
    assert.equal((await trainer.status()).generation, 1);
    const quiet = await trainer.stream.send(plant(1000, 2));
    assert.deepEqual([quiet.last.alarm, quiet.last.calibrated], [false, true]);
    const stuck = await trainer.stream.send(plant(300, 3, 0.6));
    assert.equal(stuck.last.alarm, true);
    await trainer.feedback('alarm', { confirmed: true });
    assert.equal((await trainer.stream.send(plant(400, 4))).last.alarm, false);
    assert.equal((await trainer.patterns.list())[0]?.confirmed, true);
  });

  it('process: follows a plant that wanders more slowly than it learned, no faster and not everywhere', async () => {
    await trainer.deploy(process);
    await trainer.stream.send(plant(1300, 1));
    const alarms = async (samples: number[][]): Promise<boolean> => {
      let alarm = false;
      for (let at = 0; at < samples.length; at += 10)
        alarm = (await trainer.stream.send(samples.slice(at, at + 10))).last.alarm || alarm;
      return alarm;
    };
    await trainer.stream.send(plant(10, 3)); // the step to where that plant begins is no matter
    assert.equal(await alarms(plant(8000, 3, 1, 1)), false);
    assert.equal(await alarms(plant(8000, 3, 1, 4)), true, 'as slow, but far');
    await trainer.model.reset();
    await trainer.stream.send(plant(1300, 1));
    assert.equal(await alarms(plant(1000, 3, 1, 1)), true, 'as far, but fast');
  });

  it('process: does not learn a plant at rest; a channel that never moves is named and not judged', async () => {
    await trainer.deploy(process);
    const rest = await trainer.stream.send(Array.from({ length: 1300 }, () => [0, 1, 2, 3]));
    assert.deepEqual([rest.last.learning, rest.last.machineOff], [true, true]);
    assert.equal((await trainer.status()).generation, 0);
    const fixed = (rows: number[][]) => rows.map(([a = 0, b = 0, c = 0]) => [a, b, c, 20]);
    await trainer.stream.send(fixed(plant(2700, 1)));
    assert.equal((await trainer.status()).generation, 1);
    const { last } = await trainer.stream.send(fixed(plant(200, 2)));
    assert.deepEqual([last.constantChannels, last.alarm], [[3], false]);
  });

  it('process: a gap is no fault, and samples before it predict nothing behind it', async () => {
    await trainer.deploy(process);
    await trainer.stream.send(plant(1300, 1));
    await trainer.stream.send(plant(100, 2));
    board.advance(10_000);
    board.poll(2);
    const { last } = await trainer.stream.send(plant(60, 9).slice(30));
    assert.deepEqual([last.alarm, last.calibrated], [false, true]);
  });
});
