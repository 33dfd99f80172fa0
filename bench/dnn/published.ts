/** The published int8 networks and what a TensorFlow Lite runtime answers, operator by operator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { encodeNetwork, type ImportedNetwork, readNetwork } from '../../trainer/network';
import { SHARED } from './data';

export const PUBLISHED = join(SHARED, 'tflite');

export const MODELS = [
  'hello_world_int8',
  'micro_speech_quantized',
  'kws_ref_model',
  'str_ww_ref_model',
  'pretrainedResnet_quant',
  'ad01_int8',
  'person_detect',
  'vww_96_int8',
];

interface Reference {
  readonly cases: readonly { readonly input: string; readonly output: string }[];
  readonly operators: readonly { readonly outputCrc32?: readonly string[] }[];
}

export interface Published {
  readonly network: ImportedNetwork;
  readonly bytes: Uint8Array;
  readonly inputs: readonly Buffer[];
  readonly reference: Reference;
}

export function published(name: string): Published {
  const reference = JSON.parse(readFileSync(join(PUBLISHED, `${name}.json`), 'utf8')) as Reference;
  const network = readNetwork(readFileSync(join(PUBLISHED, `${name}.tflite`)));
  const inputs = reference.cases.map(({ input }) => Buffer.from(input, 'base64'));
  return { network, bytes: encodeNetwork(network), inputs, reference };
}

/** Operators whose output differs from the reference's in any case; `crcs` of every layer for each input, the input's first. */
export function differing({ network, reference }: Published, crcs: readonly (readonly number[])[]): string[] {
  const wrong: string[] = [];
  if (crcs.length !== reference.cases.length) wrong.push(`${crcs.length} cases of ${reference.cases.length}`);
  reference.cases.forEach(({ output }, i) => {
    network.operators.forEach((layer, at) => {
      const known = reference.operators[at]?.outputCrc32?.[i];
      if (known !== undefined && crcs[i]?.[layer] !== Number.parseInt(known, 16))
        wrong.push(`case ${i} operator ${at}`);
    });
    if (crcs[i]?.at(-1) !== crc32(Buffer.from(output, 'base64'))) wrong.push(`case ${i} output`);
  });
  return wrong;
}

/** What exact.c prints: a line about memory, then a line of CRCs for each input. */
export function crcsOf(output: string): number[][] {
  return output
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(' ').map(Number));
}
