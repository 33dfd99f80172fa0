/** Imported networks: to the bit, their instructions, and training one of 96 x 96 x 3 in less than 256 kB. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NetworkLayer } from '../../trainer/network';
import { type Board, boards, runOnBoard } from './boards';
import { hostProgram } from './host';
import { crcsOf, differing, MODELS, type Published, published } from './published';
import type { Report } from './report';

const UPDATES = ['frozen', 'bias', 'all'] as const;
const ENDLESS = 0xffffffff;
/** Work units that keep a slice under 50 000 instructions on an M3. */
const SLICE = 2000;
/** Passes over two labelled copies of an image: the errors' ranges need about twenty steps to settle. */
const EPOCHS = 20;
const ROOM = 2_500_000;
const IMAGE_CASE = 16;

/** What is trained of each layer. */
type Scheme = (
  layer: NetworkLayer,
  number: number,
  count: number,
) => Pick<NetworkLayer, 'update' | 'trainedRows'>;

const full: Scheme = () => ({ update: 'all' });
/** Biases of all layers; the weights of the classifier and of half the filters of the last convolution. */
const sparse: Scheme = (layer, number, count) => {
  if (layer.type === 'dense') return { update: 'all' };
  if (layer.type === 'conv' && number > count - 5)
    return { update: 'all', trainedRows: (layer.outputs ?? 0) / 2 };
  return { update: 'bias' };
};

interface Run {
  /** Default: inference alone. */
  readonly scheme?: Scheme;
  readonly slice?: number;
  readonly epochs?: number;
}

type Found = ReadonlyMap<string, readonly number[]>;

function lastOf(found: Found, key: string): number {
  return found.get(key)?.at(-1) ?? Number.NaN;
}

/** Runs imported_step.c; all that it reports. */
function imported(
  board: Board,
  folder: string,
  name: string,
  { network, bytes, inputs }: Published,
  { scheme, slice = ENDLESS, epochs = EPOCHS }: Run = {},
): Found {
  const place = join(folder, `${name}-${board}`);
  mkdirSync(place, { recursive: true });
  const updates = network.layers.map((layer, i) => {
    const trained = scheme !== undefined && network.parameters[i] !== undefined;
    const of = trained ? scheme(layer, i + 1, network.layers.length) : {};
    return `{${UPDATES.indexOf(of.update ?? 'frozen')},${of.trainedRows ?? 0}}`;
  });
  writeFileSync(join(place, 'network'), bytes);
  writeFileSync(join(place, 'input'), inputs[IMAGE_CASE] ?? new Uint8Array());
  const lines = [
    `UPDATES {${updates.join(',')}}`,
    `TRAINING ${scheme === undefined ? 0 : 1}`,
    `SLICE ${slice}u`,
    `STEPS ${epochs}`,
    `ROOM ${ROOM}u`,
  ];
  writeFileSync(join(place, 'scheme.h'), lines.map((line) => `#define ${line}\n`).join(''));
  const found = runOnBoard(board, 'imported_step', place, folder, {
    network_file: join(place, 'network'),
    input_file: join(place, 'input'),
  });
  if (found.get('status')?.[0] !== 0 || !found.has('infer_ticks'))
    throw new Error(`${name} on ${board}: ${JSON.stringify([...found])}`);
  return found;
}

function exact(folder: string, report: Report): void {
  const program = hostProgram('exact', folder);
  const good = MODELS.filter((name) => {
    const model = published(name);
    const [network, inputs] = [join(folder, `${name}.network`), join(folder, `${name}.inputs`)];
    writeFileSync(network, model.bytes);
    writeFileSync(inputs, Buffer.concat(model.inputs));
    const output = execFileSync(program, [network, inputs], { encoding: 'utf8' });
    const wrong = differing(model, crcsOf(output));
    if (wrong.length > 0) console.log(`${name}: ${wrong.length} outputs differ, the first: ${wrong[0]}`);
    return wrong.length === 0;
  });
  report.note(
    'tflite_bit_exact_models',
    good.length,
    0,
    `of ${MODELS.length}, every operator of every case as in the reference`,
  );
}

function inference(folder: string, report: Report): void {
  const kws = published('kws_ref_model');
  const vww = published('vww_96_int8');
  const count = (key: string, board: Board, name: string, model: Published): void => {
    const found = imported(board, folder, name, model);
    report.note(
      key,
      lastOf(found, 'infer_ticks') * boards[board].instructionsPerTick,
      0,
      `instructions an inference, ${boards[board].title}; working memory ${lastOf(found, 'work_bytes')} bytes`,
    );
  };
  count('tflite_kws_infer_instructions_m4f', 'm4f', 'kws', kws);
  count('tflite_kws_infer_instructions_m3', 'm3', 'kws', kws);
  count('tflite_vww_infer_instructions_m4f', 'm4f', 'vww', vww);
  const crc = (board: Board): number =>
    lastOf(imported(board, folder, 'kws-train', kws, { scheme: full, epochs: 5 }), 'model_crc');
  report.note(
    'dsp_same_as_reference',
    crc('m4f') === crc('m4f_reference') ? 1 : 0,
    0,
    '1: ten training steps of kws with DSP instructions give the bytes of the reference kernels',
  );
}

function under256(folder: string, report: Report): void {
  const model = published('vww_96_int8');
  const bytes = (found: Found): number =>
    lastOf(found, 'model_bytes') + lastOf(found, 'work_bytes') + lastOf(found, 'plan_bytes');
  const whole = imported('m4f', folder, 'vww-full', model, { scheme: full, epochs: 1 });
  report.note(
    'vww_full_update_ram_bytes',
    bytes(whole),
    0,
    'all layers trained: generation, working memory, plan and job',
  );
  const part = imported('m4f', folder, 'vww-sparse', model, { scheme: sparse });
  report.note(
    'vww_sparse_ram_bytes',
    bytes(part),
    0,
    'biases of all, classifier, half the filters of the last convolution; at most 192 kB',
  );
  report.note(
    'vww_sparse_ram_error_bytes',
    lastOf(part, 'work_bytes') - lastOf(part, 'touched_bytes'),
    0,
    'planned less touched working memory',
  );
  report.note(
    'vww_sparse_with_running_ram_bytes',
    bytes(part) + lastOf(part, 'model_bytes'),
    0,
    'with a second generation, which goes on answering; at most 256 kB',
  );
  const samples = lastOf(part, 'samples');
  report.note(
    'vww_sparse_step_instructions_m4f',
    (lastOf(part, 'train_ticks') * boards.m4f.instructionsPerTick) / samples,
    0,
    `instructions a step, mean over ${samples}; ${Math.round(lastOf(part, 'macs') / samples)} multiply-accumulates backward of ${lastOf(part, 'backward_macs')}`,
  );
  const sliced = imported('m3', folder, 'vww-sliced', model, { scheme: sparse, slice: SLICE, epochs: 12 });
  report.note(
    'dnn_longest_slice_instructions_m3',
    lastOf(sliced, 'longest_slice_ticks') * boards.m3.instructionsPerTick,
    0,
    `at most 50 000; slices of ${SLICE} units while vww trains, the longest at ${lastOf(sliced, 'longest_stage')} (100 stage + layer)`,
  );
}

export function imports(folder: string, report: Report): void {
  report.heading('Imported networks');
  exact(folder, report);
  inference(folder, report);
  report.heading('vww_96_int8, 96 x 96 x 3, trained on the board');
  under256(folder, report);
}
