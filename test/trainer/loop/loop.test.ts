/** The closed loop with a plant and a trainer of the test's own, on a clock that the test puts forward. */
import assert from 'node:assert/strict';
import { BusTimeoutError } from '../../../trainer/bus';
import { type CompleteDefinition, parseDefinition } from '../../../trainer/definition';
import { type Decision, InputError, type Outcome, TrainerError } from '../../../trainer/device';
import {
  FeaturesError,
  Loop,
  type LoopOptions,
  type LoopPlant,
  type LoopState,
  type LoopTrainer,
  type Reading,
} from '../../../trainer/loop';
import { NotReadyError } from '../../../trainer/loop/contract';
import { text } from '../../../trainer/text';

const VALUES = { heat: 100, hold: 0, cool: -100 } as const;
type Label = keyof typeof VALUES;

const DEFINITION = parseDefinition({
  name: 'room',
  features: [{ name: 'room', unit: '°C', min: 0, max: 45 }],
  classes: Object.entries(VALUES).map(([label, actuation]) => ({ label, actuation })),
  defaultClass: 'hold',
  model: { type: 'svm-linear' },
  feedback: {
    rule: 'dead-band',
    setPoint: 22,
    band: 1,
    unit: '°C',
    tooLow: 'heat',
    tooHigh: 'cool',
    settleSeconds: 60,
  },
});
const BY_LABEL: CompleteDefinition = parseDefinition({
  name: 'parts',
  features: [{ name: 'width', min: 0, max: 45 }],
  classes: [{ label: 'good' }, { label: 'reject', actuation: 1 }],
  defaultClass: 'good',
  model: { type: 'svm-linear' },
  feedback: { rule: 'label' },
});
const away = (): BusTimeoutError => new BusTimeoutError({ unit: 1, functionCode: 3 }, 'reply', 1000);

class Plant implements LoopPlant {
  reading: Reading = {
    features: [20],
    outcome: undefined,
    counter: undefined,
    override: false,
    interlock: false,
  };
  fails: Error | undefined;
  refuses: Error | undefined;
  readonly written: number[] = [];

  read(): Promise<Reading> {
    return this.fails === undefined ? Promise.resolve(this.reading) : Promise.reject(this.fails);
  }
  write(value: number): Promise<void> {
    const refuses = this.refuses ?? this.fails;
    if (refuses !== undefined) return Promise.reject(refuses);
    this.written.push(value);
    return Promise.resolve();
  }
  now(more: Partial<Reading>): void {
    this.reading = { ...this.reading, ...more };
  }
  get last(): number | undefined {
    return this.written.at(-1);
  }
}

class Trainer implements LoopTrainer {
  says: Label = 'hold';
  definition: CompleteDefinition = DEFINITION;
  fails: Error | undefined;
  refusesFeedback: Error | undefined;
  early = false;
  movedTo: number | undefined;
  asked = 0;
  readonly told: [number, Outcome][] = [];

  readied = 0;

  ready(): Promise<CompleteDefinition> {
    this.readied++;
    return this.fails === undefined ? Promise.resolve(this.definition) : Promise.reject(this.fails);
  }
  infer(): ReturnType<LoopTrainer['infer']> {
    const [label, actuation] = [this.says, VALUES[this.says]];
    return Promise.resolve({
      ticket: ++this.asked,
      classIndex: 0,
      label,
      actuation,
      confidence: 1,
      generation: 1,
      by: 'default',
      clamped: [],
    } as unknown as Decision);
  }
  feedback(ticket: number, outcome: Outcome): ReturnType<LoopTrainer['feedback']> {
    if (this.refusesFeedback !== undefined) return Promise.reject(this.refusesFeedback);
    this.told.push([ticket, outcome]);
    const judgement = this.early ? 'too-early' : 'discard' in outcome ? 'discarded' : 'satisfied';
    return Promise.resolve({ ticket, judgement, truth: undefined });
  }
  setPoint(): number | undefined {
    return this.movedTo;
  }
  learning(): ReturnType<LoopTrainer['learning']> {
    return { generation: 0, samples: 14, needed: 20, onlyClass: 'heat' };
  }
}

describe('a closed loop', () => {
  let plant: Plant;
  let trainer: Trainer;
  let clock: number;

  beforeEach(() => {
    [plant, trainer, clock] = [new Plant(), new Trainer(), 1_000_000];
  });
  const loopOf = (options: Partial<LoopOptions> = {}): Loop =>
    new Loop(plant, trainer, {
      failSafe: 0,
      holdMs: 0,
      leastOnMs: 0,
      leastOffMs: 0,
      now: () => clock,
      ...options,
    });
  const later = (seconds: number, loop: Loop): Promise<void> => {
    clock += 1000 * seconds;
    return loop.step();
  };
  const running = (loop: Loop): Extract<LoopState, { kind: 'running' }> => {
    assert.equal(loop.state.kind, 'running', JSON.stringify(loop.state));
    return loop.state as Extract<LoopState, { kind: 'running' }>;
  };

  it('puts what the trainer decides, and puts it again at every round', async () => {
    const loop = loopOf();
    trainer.says = 'cool';
    await loop.step();
    await later(10, loop);
    assert.deepEqual(plant.written, [-100, -100]);
    assert.equal(running(loop).measured, 20);
  });

  it('waits for the settling time of the definition, tells the outcome once, then decides anew', async () => {
    const loop = loopOf();
    plant.now({ outcome: 21.5 });
    trainer.says = 'heat';
    await loop.step();
    await later(59, loop);
    assert.deepEqual([trainer.asked, trainer.told], [1, []]);
    assert.deepEqual(plant.written, [100, 100]);
    await later(1, loop);
    assert.deepEqual([trainer.asked, trainer.told], [2, [[1, { outcome: 21.5 }]]]);
    const { measured, unit, held, learning } = running(loop);
    assert.deepEqual([measured, unit, held, learning.samples], [21.5, '°C', true, 14]);
  });

  it('says that it holds the plant only where the rule wants it, by the set point in force', async () => {
    const loop = loopOf({ settleMs: 0 });
    const held = async (outcome: number): Promise<boolean> => {
      plant.now({ outcome });
      await later(1, loop);
      return running(loop).held;
    };
    // The decision to heat was right, and the room is far from its set point.
    assert.deepEqual([await held(17.8), await held(21), await held(34)], [false, true, false]);
    trainer.movedTo = 30;
    assert.deepEqual([await held(21), await held(30)], [false, true]);
    trainer.definition = BY_LABEL;
    assert.equal(await held(1), false);
  });

  it('tells an outcome again later when the board finds it too early', async () => {
    const loop = loopOf({ settleMs: 10_000 });
    plant.now({ outcome: 21 });
    await loop.step();
    trainer.early = true;
    await later(10, loop);
    assert.equal(trainer.asked, 1);
    trainer.early = false;
    await later(10, loop);
    assert.deepEqual([trainer.asked, trainer.told.length], [2, 2]);
  });

  it('with a counter tells the outcome of the decision in effect whenever it changes, and decides every round', async () => {
    const loop = loopOf();
    plant.now({ outcome: -1, counter: 65_535 });
    await loop.step();
    await later(10, loop);
    assert.deepEqual([trainer.asked, trainer.told], [2, []]);
    plant.now({ outcome: 2, counter: 0 });
    await later(10, loop);
    assert.deepEqual([trainer.asked, trainer.told], [3, [[2, { outcome: 2 }]]]);
  });

  it('with the rule "label" takes the index of the class that would have been right, and refuses one that is none', async () => {
    trainer.definition = BY_LABEL;
    const loop = loopOf();
    const refused: Error[] = [];
    loop.on('notTaken', (error) => refused.push(error));
    plant.now({ outcome: 1, counter: 1 });
    await loop.step();
    plant.now({ counter: 2 });
    await later(1, loop);
    assert.deepEqual(trainer.told, [[1, { label: 'reject' }]]);
    plant.now({ outcome: 7, counter: 3 });
    await later(1, loop);
    assert.match(refused[0]?.message ?? '', /7.*0 to 1/);
    assert.equal(running(loop).measured, 20, 'the index of a class is no measurement');
  });

  it('takes an outcome that comes by itself, for the decision in effect or for its ticket', async () => {
    const loop = loopOf();
    await assert.rejects(loop.judge({ label: 'heat' }), InputError);
    await loop.step();
    clock += 60_000;
    await loop.judge(21);
    await loop.judge({ override: 'cool' }, 7);
    assert.deepEqual(trainer.told, [
      [1, { outcome: 21 }],
      [7, { override: 'cool' }],
    ]);
  });

  it('judges a decision by the first process value after its settling time; the others only say where the plant is', async () => {
    const loop = loopOf();
    const refused: Error[] = [];
    loop.on('notTaken', (error) => refused.push(error));
    assert.equal(await loop.judge(18), undefined, 'nothing is decided yet');
    await loop.step();
    for (const value of [18.5, 19, 20]) {
      clock += 15_000;
      assert.equal(await loop.judge(value), undefined);
      await loop.step();
    }
    assert.deepEqual([trainer.asked, trainer.told, running(loop).measured], [1, [], 20]);
    clock += 15_000;
    assert.equal((await loop.judge({ outcome: 21 }))?.judgement, 'satisfied');
    assert.equal(await loop.judge(21.5), undefined, 'it is judged already');
    await loop.step();
    assert.deepEqual([trainer.asked, trainer.told, refused], [2, [[1, { outcome: 21 }]], []]);
    // No value comes any more: it is not waited for without end.
    await later(119, loop);
    assert.equal(trainer.asked, 2);
    await later(1, loop);
    assert.equal(trainer.asked, 3);
  });

  it('takes process values quietly while the trainer is away, and not the index of a class', async () => {
    const loop = loopOf();
    await loop.step();
    trainer.fails = away();
    await loop.step();
    assert.equal(await loop.judge(21), undefined);
    trainer.fails = undefined;
    trainer.definition = BY_LABEL;
    await loop.step();
    trainer.fails = away();
    await assert.rejects(loop.judge(1), BusTimeoutError);
  });

  it('says that the trainer is away at once, also when no features have come yet', async () => {
    const loop = loopOf();
    plant.fails = new FeaturesError('none');
    trainer.fails = new NotReadyError('connecting');
    await loop.step();
    assert.equal(loop.state.kind, 'starting');
    trainer.fails = away();
    await loop.step();
    assert.deepEqual([loop.state.kind, 'why' in loop.state && loop.state.why], ['fail-safe', 'trainer']);
    trainer.fails = undefined;
    await later(10, loop);
    assert.deepEqual([loop.state.kind, 'why' in loop.state && loop.state.why], ['fail-safe', 'features']);
  });

  it('leaves the plant to a hand, writes nothing and discards the open decision', async () => {
    const loop = loopOf();
    plant.now({ outcome: 21 });
    trainer.says = 'heat';
    await loop.step();
    plant.now({ override: true });
    await later(90, loop);
    await later(90, loop);
    assert.deepEqual(plant.written, [100]);
    assert.deepEqual(trainer.told, [[1, { discard: 'manual-override' }]]);
    assert.deepEqual(loop.state, { kind: 'by-hand', away: undefined });
    plant.now({ override: false });
    await later(1, loop);
    assert.deepEqual([plant.written, trainer.asked], [[100, 100], 2]);
  });

  it('does not learn while the plant refuses, and leaves it at the fail-safe value', async () => {
    const loop = loopOf();
    plant.now({ outcome: 21 });
    trainer.says = 'heat';
    await loop.step();
    plant.now({ interlock: true });
    await later(90, loop);
    await later(90, loop);
    assert.deepEqual(plant.written, [100, 0, 0]);
    assert.deepEqual(trainer.told, [[1, { discard: 'other' }]]);
    assert.deepEqual(loop.state, { kind: 'interlocked', written: true, away: undefined });
  });

  it('brings the definition onto the board whatever the plant does, and says why it cannot', async () => {
    const refused = new Error('the definition is refused');
    const plants = [
      () => plant.now({ override: true }),
      () => plant.now({ override: false, interlock: true }),
      () => (plant.fails = new FeaturesError('none')),
      () => (plant.fails = away()),
    ];
    for (const now of plants) {
      now();
      const loop = loopOf();
      trainer.fails = undefined;
      const { readied } = trainer;
      await loop.step();
      assert.equal(trainer.readied, readied + 1);
      trainer.fails = refused;
      await later(20, loop);
      const { state } = loop;
      const said = 'away' in state ? state.away : 'error' in state ? state.error : undefined;
      // A plant that does not answer comes first.
      assert.equal(said, plant.fails?.message === away().message ? plant.fails : refused);
    }
    assert.deepEqual(plant.written, [0, 0], 'the fail-safe value while it is interlocked');
  });

  it('puts the fail-safe value when the trainer is away, and goes on when it is back', async () => {
    const loop = loopOf({ failSafe: -100 });
    trainer.says = 'heat';
    await loop.step();
    trainer.fails = away();
    await later(10, loop);
    assert.equal(plant.last, -100);
    assert.ok(loop.state.kind === 'fail-safe' && loop.state.why === 'trainer' && loop.state.written);
    trainer.fails = undefined;
    await later(10, loop);
    assert.equal(plant.last, 100);
    assert.deepEqual(trainer.told, [], 'nothing is judged by what another value did');
  });

  it('says that the plant is away, and that nothing was written; the decision is not learned from', async () => {
    const loop = loopOf();
    plant.now({ outcome: 21 });
    trainer.says = 'heat';
    await loop.step();
    plant.fails = away();
    await later(90, loop);
    assert.ok(loop.state.kind === 'fail-safe' && loop.state.why === 'plant' && !loop.state.written);
    plant.fails = undefined;
    await later(10, loop);
    assert.deepEqual(plant.written, [100, 100]);
    assert.deepEqual(trainer.told, [[1, { discard: 'sensor-fault' }]]);
  });

  it('does not judge a decision that the plant did not take', async () => {
    const loop = loopOf({ settleMs: 0 });
    plant.now({ outcome: 21 });
    plant.refuses = away();
    await loop.step();
    assert.equal(loop.state.kind, 'fail-safe');
    plant.refuses = undefined;
    await later(10, loop);
    assert.deepEqual(trainer.told, []);
  });

  it('puts the fail-safe value when there are no features, or the trainer refuses them', async () => {
    const loop = loopOf();
    trainer.says = 'heat';
    await loop.step();
    plant.fails = new FeaturesError('old', 40);
    await later(10, loop);
    assert.ok(loop.state.kind === 'fail-safe' && loop.state.why === 'features');
    plant.fails = undefined;
    trainer.infer = () => Promise.reject(new InputError('room', text('input.missing')));
    await later(10, loop);
    assert.ok(loop.state.kind === 'fail-safe' && loop.state.why === 'features' && loop.state.written);
    assert.equal(plant.last, 0);
  });

  it('goes on when the board does not know a ticket any more', async () => {
    const loop = loopOf({ settleMs: 0 });
    plant.now({ outcome: 21 });
    await loop.step();
    trainer.refusesFeedback = new TrainerError(1, text('input.none'), 1, 0);
    await later(10, loop);
    assert.equal(loop.state.kind, 'running');
    assert.equal(trainer.asked, 2);
  });

  it('starts without a bump: nothing is written while the trainer is being connected', async () => {
    const loop = loopOf();
    trainer.fails = new NotReadyError('connecting');
    await loop.step();
    await later(9, loop);
    assert.deepEqual([plant.written, loop.state.kind], [[], 'starting']);
    await later(2, loop);
    assert.deepEqual([plant.written, loop.state.kind], [[0], 'fail-safe']);
  });

  it('keeps hold, on and off times, and says which decision waits; it is not judged', async () => {
    const times = { holdMs: 30_000, leastOnMs: 60_000, leastOffMs: 120_000 };
    const loop = loopOf({ ...times, settleMs: 0 });
    trainer.says = 'heat';
    await loop.step();
    /* Nobody knows how long the plant had been off. */
    assert.deepEqual([plant.written, running(loop).heldBy], [[0], 'off']);
    await later(119, loop);
    assert.equal(running(loop).heldBy, 'off');
    await later(1, loop);
    assert.deepEqual([plant.last, running(loop).heldBy], [100, undefined]);
    trainer.says = 'cool';
    await later(29, loop);
    assert.deepEqual([plant.last, running(loop).heldBy, running(loop).value], [100, 'hold', 100]);
    await later(1, loop);
    assert.equal(plant.last, -100);
    trainer.says = 'hold';
    await later(29, loop);
    assert.equal(running(loop).heldBy, 'hold');
    await later(1, loop);
    assert.equal(plant.last, 0, 'on for 60 s, whichever way');
    plant.now({ outcome: 21 });
    trainer.says = 'heat';
    await later(60, loop);
    await later(60, loop);
    assert.ok(
      trainer.told.every(([ticket]) => ticket === 7),
      'only what was put is judged',
    );
  });

  it('the fail-safe value goes before the least times', async () => {
    const loop = loopOf({ holdMs: 1e6, leastOnMs: 1e6 });
    trainer.says = 'heat';
    await loop.step();
    assert.equal(plant.last, 100);
    trainer.fails = away();
    await later(1, loop);
    assert.equal(plant.last, 0);
  });

  it('hands over value, times and the open decision, and puts nothing afterwards', async () => {
    const before = loopOf({ leastOnMs: 60_000 });
    plant.now({ outcome: 21 });
    trainer.says = 'heat';
    await before.step();
    const carried = await before.handOver();
    await later(30, before);
    assert.deepEqual(plant.written, [100]);
    const loop = loopOf({ leastOnMs: 60_000, before: carried, settleMs: 30_000 });
    trainer.says = 'hold';
    await loop.step();
    assert.deepEqual(trainer.told, [[1, { outcome: 21 }]]);
    assert.deepEqual([plant.last, running(loop).heldBy], [100, 'on']);
    await later(30, loop);
    assert.equal(plant.last, 0);
  });

  it('ends with the fail-safe value, whatever was under way', async () => {
    const loop = loopOf();
    trainer.says = 'heat';
    await loop.step();
    let release: () => void = () => undefined;
    const { infer } = trainer;
    trainer.infer = () => new Promise((resolve) => (release = () => resolve(infer.call(trainer))));
    const under = later(10, loop);
    const ended = loop.end();
    await new Promise(setImmediate);
    release();
    assert.equal(await ended, true);
    await under;
    assert.deepEqual(plant.written, [100, 0]);
    assert.equal(await loopOf().end(), true);
  });
});
