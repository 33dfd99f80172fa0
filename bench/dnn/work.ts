/** Work and memory of a training step: int8 beside float, on three cores; the two networks that AIfES 2.2 was measured on. */
import { join } from 'node:path';
import { type Board, type Counted, countTraining } from './boards';
import { digits, mnist, writeSamples } from './data';
import { mean, type Network, type Settings, type Trained, train, trainingBytes } from './host';
import type { Report } from './report';
import { problems } from './scratch';

/** "conv 3x3x8, pool, conv 3x3x16, pool, dense 10" */
const AIFES_CNN = 'conv:3x3x8:same:relu max:2x2 conv:3x3x16:same:relu max:2x2 flatten dense:10';
const AIFES_DENSE = 'dense:32:relu dense:10';
const AIFES_DENSE_SEEDS = 30;
/** Chosen by five-fold cross-validation on the 1000 training samples. */
const AIFES_DENSE_SETTINGS: Settings = {
  epochs: 40,
  rate: 0.1,
  gate: 0.1,
  smoothing: 0.2,
  scale: 1 / 128,
  zero: 0,
};
/** Without hardware for floats a float step is so long that few must do. */
const FEW = { probes: 4, samples: 2 };

function counted(
  report: Report,
  key: string,
  board: Board,
  folder: string,
  data: string,
  network: Network,
  settings: Settings,
  bar: string,
  few = false,
): Counted {
  const result = countTraining(
    board,
    folder,
    key.replace(/_(train|infer).*/, ''),
    data,
    network,
    settings,
    few ? FEW : {},
  );
  const same =
    result.different === 0
      ? 'bytes as on this machine'
      : `${result.different} probes DIFFER from this machine`;
  report.note(
    key,
    result.step,
    0,
    `instructions a step, mean over a training${bar}; the longest ${result.longestStep}; ${same}`,
  );
  return result;
}

function mnistSteps(folder: string, report: Report): void {
  const data = join(folder, 'mnist.samples');
  writeSamples(data, mnist());
  const problem = problems.mnist;
  if (problem === undefined) return;
  report.heading(`mnist, ${problem.layers}: a training step`);
  const q8: Network = { format: 'q8', input: problem.input, layers: problem.layers };
  const f32: Network = { ...q8, format: 'f32' };
  const plain: Settings = { ...problem.settings, plain: 1, gate: 0 };
  const steps = {
    m4f: counted(
      report,
      'mnist_q8_train_instructions_per_sample_m4f',
      'm4f',
      folder,
      data,
      q8,
      problem.settings,
      '',
    ),
    m3: counted(
      report,
      'mnist_q8_train_instructions_per_sample_m3',
      'm3',
      folder,
      data,
      q8,
      problem.settings,
      '',
    ),
    m0: counted(
      report,
      'mnist_q8_train_instructions_per_sample_m0',
      'm0',
      folder,
      data,
      q8,
      problem.settings,
      '',
    ),
    f32M4f: counted(
      report,
      'mnist_f32_train_instructions_per_sample_m4f',
      'm4f',
      folder,
      data,
      f32,
      problem.settings,
      ', skipping',
    ),
    plainM4f: counted(
      report,
      'mnist_f32_plain_train_instructions_per_sample_m4f',
      'm4f',
      folder,
      data,
      f32,
      plain,
      ', plain',
    ),
    f32M3: counted(
      report,
      'mnist_f32_train_instructions_per_sample_m3',
      'm3',
      folder,
      data,
      f32,
      problem.settings,
      ', skipping',
      true,
    ),
    plainM3: counted(
      report,
      'mnist_f32_plain_train_instructions_per_sample_m3',
      'm3',
      folder,
      data,
      f32,
      plain,
      ', plain',
      true,
    ),
  };
  report.note('mnist_q8_to_plain_f32_m4f', steps.m4f.step / steps.plainM4f.step, 3, 'at most 0.5');
  report.note('mnist_q8_to_f32_m4f', steps.m4f.step / steps.f32M4f.step, 3, 'at most 0.72');
  report.note('mnist_q8_to_plain_f32_m3', steps.m3.step / steps.plainM3.step, 3, 'at most 0.125');
  report.note('mnist_q8_to_f32_m3', steps.m3.step / steps.f32M3.step, 3, 'beside it, skipping');
}

function aifes(folder: string, report: Report): void {
  const dense = { input: '1x1x64', layers: AIFES_DENSE, settings: AIFES_DENSE_SETTINGS };
  const denseData = join(folder, 'digits.samples');
  writeSamples(denseData, digits('as they stand'));
  report.heading("AIfES 2.2's dense network: 64-32-10 on digits, first 1000 to train");
  const bars: Readonly<Record<string, string>> = {
    m4f: ', at most 30 000 (AIfES 45 246 in batches, 271 529 one by one)',
    m3: ', at most 90 000 (AIfES 361 340 / 755 515)',
    m0: '',
  };
  const q8: Network = { format: 'q8', input: dense.input, layers: dense.layers };
  for (const core of ['m4f', 'm3', 'm0'] as const) {
    const result = counted(
      report,
      `aifes_dense_q8_train_${core}`,
      core,
      folder,
      denseData,
      q8,
      dense.settings,
      bars[core] ?? '',
    );
    report.note(
      `aifes_dense_q8_infer_${core}`,
      result.infer,
      0,
      'instructions an inference (AIfES: M4F 15 123, M3 171 195)',
    );
    if (core !== 'm0')
      counted(
        report,
        `aifes_dense_f32_train_${core}`,
        core,
        folder,
        denseData,
        { ...q8, format: 'f32' },
        dense.settings,
        ', float, skipping',
      );
  }
  // Two seeds of a network this small differ by up to two points: three of them say little.
  const seeds = Array.from({ length: AIFES_DENSE_SEEDS }, (_, i) => i + 1);
  const trained = (network: Network): Trained[] =>
    seeds.map((seed) => train(folder, denseData, network, { ...dense.settings, seed }));
  const shares = (of: readonly Trained[]): number[] => of.map(({ accuracy }) => accuracy / 100);
  const runs = trained(q8);
  const inFloat = shares(trained({ ...q8, format: 'f32' }));
  report.note(
    'aifes_dense_q8_accuracy',
    mean(shares(runs)),
    4,
    `mean of ${seeds.length} seeds, worst ${Math.min(...shares(runs)).toFixed(4)}; at least 0.94 (AIfES 0.93 to 0.945); in float ${mean(inFloat).toFixed(4)}, worst ${Math.min(...inFloat).toFixed(4)}`,
  );
  report.note(
    'aifes_dense_q8_ram_bytes',
    trainingBytes(runs[0] as (typeof runs)[number]),
    0,
    'AIfES 37.7 kB',
  );

  const cnn: Network = { format: 'q8', input: '28x28x1', layers: AIFES_CNN };
  const data = join(folder, 'mnist.samples');
  writeSamples(data, mnist());
  const settings = problems.mnist?.settings ?? {};
  report.heading("AIfES 2.2's CNN on mnist");
  for (const core of ['m4f', 'm3', 'm0'] as const) {
    const bar =
      core === 'm4f'
        ? ', at most 1.0 M, longest 2.5 M (AIfES 31.9 M)'
        : core === 'm3'
          ? ', at most 3 M, longest 6 M (AIfES 64.9 M)'
          : '';
    const result = counted(report, `aifes_cnn_q8_train_${core}`, core, folder, data, cnn, settings, bar);
    report.note(
      `aifes_cnn_q8_longest_step_${core}`,
      result.longestStep,
      0,
      'instructions of the longest step',
    );
    report.note(
      `aifes_cnn_q8_infer_${core}`,
      result.infer,
      0,
      'instructions an inference (AIfES: M4F 8.6 M, M3 22.0 M)',
    );
    if (core !== 'm0')
      counted(
        report,
        `aifes_cnn_f32_train_${core}`,
        core,
        folder,
        data,
        { ...cnn, format: 'f32' },
        settings,
        ', float, skipping',
        core === 'm3',
      );
  }
  report.note(
    'aifes_cnn_q8_ram_bytes',
    trainingBytes(train(folder, data, cnn, { ...settings, epochs: 1 })),
    0,
    'at most 32 kB (AIfES 150.4 kB)',
  );
}

export function work(folder: string, report: Report): void {
  mnistSteps(folder, report);
  aifes(folder, report);
}
