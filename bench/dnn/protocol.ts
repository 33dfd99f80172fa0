/**
 * Digits through the protocol: what a PLC would write, to a virtual trainer. Samples are taught one by one, the board trains and
 * decides; beside the network the linear support vector machine, taught the same way.
 */
import { openBus, Trainer, type TrainerDefinition } from '../../trainer';
import { virtualWire } from '../../trainer/virtual';
import { digits, type Samples } from './data';
import { mean } from './host';
import type { Report } from './report';

const SEEDS = [1, 2, 3];
/** Room for 1000 samples of 64 features beside three generations. */
const ARENA_BYTES = 262_144;

function definition(seed: number, model: TrainerDefinition['model'], train: number): TrainerDefinition {
  return {
    name: 'digits',
    features: Array.from({ length: 64 }, (_, i) => ({ name: `pixel ${i}`, min: -127, max: 127, scale: 1 })),
    classes: Array.from({ length: 10 }, (_, i) => ({ label: String(i) })),
    seed,
    model,
    feedback: { rule: 'label' },
    stitching: { capacity: train },
    training: { mode: 'manual', minSamples: 20 },
  };
}

/** That of the part digits. */
const CONVOLUTION: TrainerDefinition['model'] = {
  ...{ type: 'dnn', height: 8, width: 8 },
  layers: [
    { kind: 'conv', filters: 8, kernelHeight: 3, kernelWidth: 3, padding: 'same', activation: 'relu' },
    { kind: 'max-pool', kernelHeight: 2, kernelWidth: 2 },
    { kind: 'dense', units: 10 },
  ],
};

const DENSE: TrainerDefinition['model'] = {
  type: 'dnn',
  layers: [
    { kind: 'dense', units: 32, activation: 'relu' },
    { kind: 'dense', units: 10 },
  ],
};

/** Share of the test rows decided right after one training (no other voice has earned its word), and the bytes the definition takes. */
async function run(
  samples: Samples,
  seed: number,
  model: TrainerDefinition['model'],
): Promise<{ readonly accuracy: number; readonly bytes: number }> {
  const wire = virtualWire({ unit: 1, arenaBytes: ARENA_BYTES });
  const bus = openBus(wire);
  try {
    const trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy(definition(seed, model, samples.train));
    const rows = samples.inputs.map((input) => [...input]);
    const labels = samples.labels ?? [];
    for (let i = 0; i < samples.train; i++) await trainer.dataset.add(rows[i] ?? [], String(labels[i]));
    await trainer.model.train();
    const { memoryUsedBytes } = await trainer.status();
    let right = 0;
    for (let i = samples.train; i < rows.length; i++)
      if ((await trainer.infer(rows[i] ?? [])).classIndex === labels[i]) right++;
    return { accuracy: right / (rows.length - samples.train), bytes: memoryUsedBytes };
  } finally {
    await bus.close();
  }
}

export async function protocol(_folder: string, report: Report): Promise<void> {
  report.heading(
    `digits through Modbus on a virtual trainer, 1000 / 797, dense 64-32-10 and a convolution, seeds ${SEEDS.join(', ')}`,
  );
  for (const [name, samples] of [
    ['digits', digits('as they stand')],
    ['digits_shuffled', digits('shuffled')],
  ] as const) {
    for (const [kind, network] of [
      ['dense', DENSE],
      ['conv', CONVOLUTION],
    ] as const) {
      const runs: Awaited<ReturnType<typeof run>>[] = [];
      for (const seed of SEEDS) runs.push(await run(samples, seed, network));
      const found = runs.map(({ accuracy }) => 100 * accuracy);
      const key = `protocol_${name}_${kind}_q8`;
      report.note(`${key}_accuracy`, mean(found), 2, `worst ${Math.min(...found).toFixed(2)} %`);
      report.note(
        `${key}_arena_bytes`,
        runs[0]?.bytes ?? 0,
        0,
        'that the definition takes, 1000 samples in it',
      );
    }
    const linear = await run(samples, 1, { type: 'svm-linear' });
    report.note(`protocol_${name}_svm_linear_accuracy`, 100 * linear.accuracy, 2, 'linear SVM, the same way');
  }
}
