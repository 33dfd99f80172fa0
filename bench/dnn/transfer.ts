/** Transfer: the ResNet that was trained on CIFAR-10 as a backbone, trained on to Fashion-MNIST with 1000 samples. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeNetwork, type ImportedNetwork, withInputUpToOne } from '../../trainer/network';
import { fashion, type Samples, shuffled, writeSamples } from './data';
import { hostProgram, mean, type Settings } from './host';
import { published } from './published';
import type { Report } from './report';

const SEEDS = [1, 2];
const TRAINED = 1000;
const TESTED = 2000;
const CLASSES = 10;
const SIDE = 28;
const PADDED = 32;
const CHANNELS = 3;
/** Epochs of all schemes; rates and the schemes themselves were chosen on 1000 other training images (see the README). */
const EPOCHS = 10;

/** An image in the middle of a larger black one, the same in three channels. */
function padded(image: Int8Array): Int8Array {
  const out = new Int8Array(PADDED * PADDED * CHANNELS).fill(-128);
  const margin = (PADDED - SIDE) / 2;
  image.forEach((value, i) => {
    const y = Math.floor(i / SIDE) + margin;
    const x = (i % SIDE) + margin;
    out.fill(value, (y * PADDED + x) * CHANNELS, (y * PADDED + x + 1) * CHANNELS);
  });
  return out;
}

function samples(): Samples {
  const { inputs, labels = [], train } = fashion();
  const pick = (first: number, count: number, take: number, seed: number): number[] =>
    shuffled(
      Array.from({ length: count }, (_, i) => first + i),
      seed,
    ).slice(0, take);
  const chosen = [...pick(0, train, TRAINED, 1), ...pick(train, inputs.length - train, TESTED, 2)];
  return {
    inputs: chosen.map((i) => padded(inputs[i] ?? new Int8Array())),
    labels: chosen.map((i) => labels[i] ?? 0),
    train: TRAINED,
  };
}

type Trained = 'nothing' | 'biases' | 'all';
/** What is trained of a layer that has weights; the first is 1. */
type Updates = (layer: number) => Trained;

/** In the words of transfer.c. */
const DIGITS: Readonly<Record<Trained, string>> = { nothing: '00', biases: '10', all: '20' };
/** Of the ResNet without its softmax. */
const CLASSIFIER = 15;
const LAST_BLOCK = 9;

const lastLayer: Updates = (layer) => (layer === CLASSIFIER ? 'all' : 'nothing');
/** Biases of all layers, weights of the last residual block and of the classifier. */
const lastBlock: Updates = (layer) => (layer >= LAST_BLOCK ? 'all' : 'biases');
const everything: Updates = () => 'all';

interface Scheme {
  readonly key: string;
  readonly title: string;
  readonly updates: Updates;
  readonly settings: Settings;
}

interface Outcome {
  readonly status: number;
  readonly accuracy: number;
  readonly ram_bytes: number;
  readonly backward_samples: number;
  readonly backward_macs: number;
  readonly full_backward_macs: number;
}

const execute = promisify(execFile);

/** One training; `network` is a file of the imported network `of`. */
async function run(
  program: string,
  data: string,
  file: string,
  of: ImportedNetwork,
  { key, updates, settings }: Scheme,
  seed: number,
): Promise<Outcome> {
  const digits = of.layers
    .slice(0, -1)
    .map((_, i) => `${DIGITS[of.parameters[i] === undefined ? 'nothing' : updates(i + 1)]},`)
    .join('');
  const words = Object.entries({ epochs: EPOCHS, ...settings, seed }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const { stdout } = await execute(program, [data, file, digits, String(CLASSES), ...words]);
  const outcome = JSON.parse(stdout) as Outcome;
  if (outcome.status !== 0) throw new Error(`${key}: status ${outcome.status}`);
  return outcome;
}

const NO_QAS_RATE = 100;

/** Settings were chosen on 1000 other training images (see the README). */
const SCHEMES: readonly Scheme[] = [
  {
    key: 'last_layer',
    title: 'the classifier alone',
    updates: lastLayer,
    settings: { rate: 0.1, gate: 0.1 },
  },
  {
    key: 'sparse_static',
    title: 'biases of all, weights of the last block and of the classifier',
    updates: lastBlock,
    settings: { rate: 0.01, gate: 0 },
  },
  {
    key: 'sparse_dynamic',
    title: 'the same, no backward pass for samples that are right',
    updates: lastBlock,
    settings: { rate: 0.01, gate: 0.2 },
  },
  {
    key: 'sparse_dynamic_rows',
    title: 'the same, besides only the filters with the largest errors',
    updates: lastBlock,
    settings: { rate: 0.01, gate: 0.2, lambda_min: 0.1, lambda_max: 1 },
  },
  {
    key: 'full_dynamic',
    title: 'all layers, no backward pass for samples that are right',
    updates: everything,
    settings: { rate: 0.003, gate: 0.2 },
  },
  { key: 'full', title: 'all layers, every sample', updates: everything, settings: { rate: 0.001, gate: 0 } },
  {
    key: 'no_qas',
    title: 'as sparse_dynamic, without quantization-aware scaling',
    updates: lastBlock,
    settings: { rate: NO_QAS_RATE, gate: 0.2, unscaled: 1 },
  },
  {
    key: 'full_no_qas',
    title: 'as full_dynamic, without quantization-aware scaling',
    updates: everything,
    settings: { rate: NO_QAS_RATE, gate: 0.2, unscaled: 1 },
  },
];

/** All schemes with all seeds, as many at once as there are cores. */
async function runAll(
  runScheme: (scheme: Scheme, seed: number) => Promise<Outcome>,
): Promise<ReadonlyMap<Scheme, readonly Outcome[]>> {
  const waiting = SCHEMES.flatMap((scheme) => SEEDS.map((seed) => ({ scheme, seed })));
  const found = new Map<Scheme, Outcome[]>(SCHEMES.map((scheme) => [scheme, []]));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      found.get(next.scheme)?.push(await runScheme(next.scheme, next.seed));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return found;
}

export async function transfer(folder: string, report: Report): Promise<void> {
  const data = join(folder, 'transfer.samples');
  const file = join(folder, 'transfer.network');
  writeSamples(data, samples());
  const network = withInputUpToOne(published('pretrainedResnet_quant').network);
  writeFileSync(file, encodeNetwork(network));
  report.heading(
    `Transfer: ResNet-8 of CIFAR-10, trained on to Fashion-MNIST with ${TRAINED} samples, ${EPOCHS} epochs, seeds ${SEEDS.join(', ')}; ${TESTED} test images`,
  );
  const program = hostProgram('transfer', folder);
  const found = await runAll((scheme, seed) => run(program, data, file, network, scheme, seed));
  const whole = [...found].find(([{ key }]) => key === 'full')?.[1][0]?.full_backward_macs ?? Number.NaN;
  for (const [scheme, runs] of found) {
    const accuracies = runs.map(({ accuracy }) => accuracy);
    const worst = Math.min(...accuracies).toFixed(2);
    const bytes = runs[0]?.ram_bytes ?? 0;
    report.note(
      `transfer_${scheme.key}_accuracy`,
      mean(accuracies),
      2,
      `percent, mean; worst ${worst}; ${bytes} bytes of RAM; ${scheme.title}`,
    );
    report.note(
      `transfer_${scheme.key}_backward_macs_ratio`,
      mean(runs.map(({ backward_macs }) => backward_macs)) / whole,
      4,
      `of a whole backward pass through all layers; ${(100 * mean(runs.map((each) => each.backward_samples))).toFixed(1)} % of the samples had one`,
    );
  }
}
