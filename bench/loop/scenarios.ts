/** Every job of the firmware, each at sizes up to the limits that boards of 20 to 200 kB have room for. */

import { states } from '../../test/support/random';
import { type Trainer, type TrainerDefinition, TrainerError } from '../../trainer';
import { fanAt } from '../stream/recordings';
import { digits6, digits10, edge2train, type Problem } from '../svm/problems';
import type { Scenario } from './slices';

/** Rows are int8 already: a feature of +-127 is stored as it is. */
function definition(
  problem: Problem,
  capacity: number,
  changes: Partial<TrainerDefinition> = {},
): TrainerDefinition {
  return {
    name: problem.name,
    features: Array.from({ length: problem.rows[0]?.length ?? 0 }, (_, i) => ({
      name: `f${i}`,
      min: -127,
      max: 127,
      scale: 1,
    })),
    classes: Array.from({ length: problem.classes }, (_, i) => ({ label: `c${i}`, actuation: i })),
    model: { type: 'svm-linear' },
    feedback: { rule: 'label' },
    stitching: { capacity, holdOutEvery: 5 },
    training: { mode: 'manual', minSamples: 6 },
    ...changes,
  };
}

/** Teaches up to `count` rows of the training part, in an order that mixes the classes. */
async function teach(trainer: Trainer, problem: Problem, count: number, from = 0): Promise<void> {
  const step = 7;
  for (let i = 0; i < count; i++) {
    const row = ((from + i) * step) % problem.train;
    await trainer.dataset.add(problem.rows[row] ?? [], `c${problem.labels[row] ?? 0}`);
  }
}

function supervised(
  name: string,
  problem: Problem,
  capacity: number,
  changes: Partial<TrainerDefinition> = {},
  arenaBytes = 200_000,
): Scenario {
  return {
    name,
    arenaBytes,
    definition: definition(problem, capacity, changes),
    play: async (trainer) => {
      await teach(trainer, problem, capacity);
      await trainer.model.train();
      await trainer.model.evaluate();
      // Into the full set, by feedback of the loop; then a warm start.
      for (let i = 0; i < 12; i++) {
        const row = (i * 11) % problem.train;
        const { ticket } = await trainer.infer(problem.rows[row] ?? []);
        await trainer.feedback(ticket, { label: `c${((problem.labels[row] ?? 0) + 1) % problem.classes}` });
      }
      await teach(trainer, problem, 4, capacity);
      await trainer.model.train();
      const backup = await trainer.backup.take();
      await trainer.backup.restore(backup);
      await trainer.dataset.read();
      await trainer.model.rollBack();
      await trainer.save();
    },
  };
}

/** `rows` synthetic samples of few features: what costs here is the number of samples. */
function many(rows: number): Problem {
  const values: number[][] = [];
  const labels: number[] = [];
  const next = states(1);
  for (let i = 0; i < rows; i++) {
    const row: number[] = [];
    for (let j = 0; j < 4; j++) row.push((next() % 255) - 127);
    values.push(row);
    labels.push((row[0] ?? 0) + (row[1] ?? 0) > 0 ? 1 : 0);
  }
  return { name: 'many', classes: 2, rows: values, labels, train: rows };
}

function vibration(name: string, model: TrainerDefinition['model']): Scenario {
  return {
    name,
    arenaBytes: 400_000,
    definition: {
      name: 'fan',
      channels: ['x', 'y', 'z'].map((axis) => ({ name: axis, unit: 'g', min: -32, max: 32, scale: 1000 })),
      model,
    },
    play: async (trainer) => {
      const { healthy, faults } = fanAt(60);
      await trainer.stream.send(healthy);
      await trainer.stream.send((faults[0]?.samples ?? []).slice(0, 600));
      const { alarm } = await trainer.stream.result();
      if (alarm) await trainer.feedback('alarm', { falseAlarm: true });
      await trainer.stream.send(healthy.slice(0, 300));
      await trainer.backup.restore(await trainer.backup.take()).catch((error: unknown) => {
        // Patterns are refused while an alarm is active; the model came back before.
        if (!(error instanceof TrainerError && error.code === 'ALARM_ACTIVE')) throw error;
      });
      await trainer.save();
    },
  };
}

const esn = { type: 'esn', window: 50, hop: 10, learningSamples: 750, calibration: 101 } as const;

export const SCENARIOS: readonly Scenario[] = [
  supervised('linear, Iris', edge2train('iris'), 60),
  supervised('linear, digits 120 x 64', digits6(), 120, {
    stitching: { capacity: 120, holdOutEvery: 5 },
  }),
  supervised('linear, digits one-vs-one, 300 x 64', digits10(), 300),
  supervised('network 64-32-10, digits, 300 x 64', digits10(), 300, {
    model: {
      ...{ type: 'dnn', epochs: 4, patience: 2 },
      layers: [
        { kind: 'dense', units: 32, activation: 'relu' },
        { kind: 'dense', units: 10 },
      ],
    },
  }),
  supervised('network with convolutions, digits, 120 x 64', digits10(), 120, {
    model: {
      ...{ type: 'dnn', height: 8, width: 8, epochs: 2 },
      layers: [
        { kind: 'conv', filters: 8, kernelHeight: 3, kernelWidth: 3, padding: 'same', activation: 'relu' },
        { kind: 'max-pool', kernelHeight: 2, kernelWidth: 2 },
        { kind: 'conv', filters: 16, kernelHeight: 3, kernelWidth: 3, padding: 'same', activation: 'relu' },
        { kind: 'global-average-pool' },
        { kind: 'dense', units: 10 },
      ],
    },
  }),
  supervised('linear, 2000 x 4', many(2000), 2000, {
    stitching: { capacity: 2000, holdOutEvery: 5 },
  }),
  supervised('linear, 4096 x 4', many(4096), 4096),
  supervised('RBF kernel, digits 120 x 64', digits6(), 120, { model: { type: 'svm-kernel', kernel: 'rbf' } }),
  supervised('polynomial kernel, digits 120 x 64', digits6(), 120, {
    model: { type: 'svm-kernel', kernel: 'polynomial' },
  }),
  supervised(
    'RBF kernel, digits one-vs-one, 300 x 64',
    digits10(),
    300,
    { model: { type: 'svm-kernel', kernel: 'rbf' } },
    400_000,
  ),
  vibration('correlation', { type: 'correlation', learningWindows: 160 }),
  vibration('correlation, each feature alone', {
    type: 'correlation',
    learningWindows: 160,
    covariance: 'diagonal',
  }),
  vibration('process', { type: 'process', learningSamples: 1500 }),
  vibration('ESN, N = 64', esn),
  vibration('ESN, N = 64, sparse', { ...esn, reservoir: 'sparse' }),
  vibration('ESN, N = 64, recursive least squares', { ...esn, readout: 'rls', forgetting: 0.999 }),
  vibration('ESN, N = 200', { ...esn, units: 200, learningSamples: 1200 }),
];
