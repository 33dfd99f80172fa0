/** Several virtual trainers on the wire of one bus node. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BusConfig, busOptions, virtualUnits } from '../../nodes/bus/options';
import { BusConfigError, openBus } from '../../trainer/bus';
import type { TrainerDefinition } from '../../trainer/definition';
import { Trainer } from '../../trainer/device';

const DEFINITION: TrainerDefinition = {
  name: 'room',
  features: [{ name: 'room', min: 0, max: 45 }],
  classes: [{ label: 'heat' }, { label: 'hold' }],
  defaultClass: 'hold',
  model: { type: 'svm-linear' },
  feedback: { rule: 'label' },
};

describe('a virtual wire with several units', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-units-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const config = (virtualUnit: string): BusConfig =>
    ({
      id: 'wire',
      type: 'edge-trainer-bus',
      wire: 'virtual',
      virtualUnit,
      keep: true,
      memory: 'line',
    }) as BusConfig;

  it('has the units that are listed, singly or as a range', () => {
    assert.deepEqual(
      [virtualUnits(undefined), virtualUnits('3'), virtualUnits('1, 5-7,2')],
      [[1], [3], [1, 5, 6, 7, 2]],
    );
    for (const wrong of ['0', '248', '3-1', '1,1', 'one', '1;2', '1-33', '-2', '1.5'])
      assert.throws(() => virtualUnits(wrong), BusConfigError, wrong);
  });

  it('learns on each unit apart, and each remembers what is its own', async () => {
    const bus = openBus(busOptions(config('1, 4'), folder));
    const [first, fourth] = [1, 4].map((unit) => new Trainer(bus, { unit, definition: DEFINITION })) as [
      Trainer,
      Trainer,
    ];
    for (const trainer of [first, fourth]) await trainer.deploy(DEFINITION);
    await fourth.dataset.add([20], 'heat');
    assert.deepEqual([(await first.status()).samplesStored, (await fourth.status()).samplesStored], [0, 1]);
    await bus.close();
    assert.deepEqual(
      ['line.bin', 'line.unit-4.bin'].map((file) => existsSync(join(folder, file))),
      [true, true],
    );
    const again = openBus(busOptions(config('1, 4'), folder));
    const statuses = await Promise.all([1, 4].map((unit) => new Trainer(again, { unit }).status()));
    assert.deepEqual(
      statuses.map(({ samplesStored }) => samplesStored),
      [0, 1],
    );
    await again.close();
  });
});
