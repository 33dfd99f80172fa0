/**
 * Continuous outputs: values in place of classes. The blob holds them in a section of their own, in the order of their identities, and
 * one class that stands for all of them. Layout: et_output of firmware/include/edge_trainer/definition.h.
 */
import { type Text, text } from '../text';
import { hashOf, readIdentity, storedOrder } from './identity';
import type { CompleteDefinition, CompleteOutput } from './types';

const OUTPUT_BYTES = 20;
/** As in validate.ts: what a register of 16 bits holds. */
const REGISTER_MIN = -32_768;
const REGISTER_MAX = 32_767;

/** The one class of a definition with outputs: its label is what counts and reports call the samples. */
export const VALUES_CLASS: CompleteDefinition['classes'][number] = {
  label: 'values',
  id: 'values',
  actuation: 0,
  holdSeconds: 0,
  opposed: [],
  weight: 1,
};

/** Outputs in the order of the registers; empty: the definition decides between classes. */
export const outputsOf = ({ outputs = [] }: Pick<CompleteDefinition, 'outputs'>): readonly CompleteOutput[] =>
  outputs;

const register = (value: number, scale: number): number => Math.round(value * scale);

/** The bytes of the section; undefined: there are no outputs. */
export function encodeOutputs(definition: CompleteDefinition): Uint8Array | undefined {
  const outputs = outputsOf(definition);
  if (outputs.length === 0) return undefined;
  const bytes = new Uint8Array(OUTPUT_BYTES * outputs.length);
  const view = new DataView(bytes.buffer);
  storedOrder(outputs).forEach((position, index) => {
    const { id, min, max, scale, tolerance, initial, maxChange } = outputs[position] as CompleteOutput;
    const at = OUTPUT_BYTES * index;
    view.setInt16(at, register(min, scale), true);
    view.setInt16(at + 2, register(max, scale), true);
    view.setInt16(at + 4, register(initial, scale), true);
    view.setUint16(at + 6, register(tolerance, scale), true);
    view.setUint8(at + 8, position);
    view.setUint16(at + 10, register(maxChange, scale), true);
    view.setUint32(at + 12, hashOf(id), true);
    view.setFloat32(at + 16, scale, true);
  });
  return bytes;
}

/** Outputs as the section holds them; `scaleOf` makes a scale of its 32 bits. Names are not in it. */
export function decodeOutputs(bytes: Uint8Array, scaleOf: (held: number) => number): CompleteOutput[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(bytes.length / OUTPUT_BYTES);
  const stored = Array.from({ length: count }, (_, index) => {
    const at = OUTPUT_BYTES * index;
    const [position, scale] = [view.getUint8(at + 8), scaleOf(view.getFloat32(at + 16, true))];
    const output: CompleteOutput = {
      name: `output ${position + 1}`,
      id: readIdentity(index, view.getUint32(at + 12, true)),
      unit: '',
      min: view.getInt16(at, true) / scale,
      max: view.getInt16(at + 2, true) / scale,
      scale,
      tolerance: view.getUint16(at + 6, true) / scale,
      initial: view.getInt16(at + 4, true) / scale,
      maxChange: view.getUint16(at + 10, true) / scale,
    };
    return { position, output };
  });
  return stored.sort((a, b) => a.position - b.position).map(({ output }) => output);
}

export const TRACKING_BYTES = 4;
/** As the firmware: a gain that is nearer to 0 corrects nothing. */
const GAIN_LEAST = 1e-6;

/** How far an outcome moves the target; undefined: the rule is another one. Layout: et_tracking. */
export function encodeTracking({ feedback }: CompleteDefinition): Uint8Array | undefined {
  if (feedback.rule !== 'tracking') return undefined;
  const bytes = new Uint8Array(TRACKING_BYTES);
  new DataView(bytes.buffer).setFloat32(0, feedback.gain, true);
  return bytes;
}

export function decodeTracking(
  bytes: Uint8Array,
  feedback: CompleteDefinition['feedback'],
  gainOf: (held: number) => number,
): void {
  if (feedback.rule !== 'tracking') return;
  feedback.gain = gainOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getFloat32(0, true));
}

type Say = (path: string, problem: Text) => void;

/** What the outputs mean: each a range that its register holds, and nothing that only classes have. */
export function outputIssues(definition: CompleteDefinition, say: Say): void {
  outputsOf(definition).forEach(({ min, max, scale, tolerance, initial, maxChange }, index) => {
    const path = `outputs[${index}]`;
    if (min >= max) {
      say(`${path}.min`, text('definition.minMax', { max, min }));
      return;
    }
    for (const [field, value] of [
      ['min', min],
      ['max', max],
    ] as const) {
      const held = register(value, scale);
      if (held < REGISTER_MIN || held > REGISTER_MAX)
        say(
          `${path}.${field}`,
          text('definition.register', { value, scale, held, least: REGISTER_MIN, most: REGISTER_MAX }),
        );
    }
    if (register(min, scale) === register(max, scale))
      say(`${path}.scale`, text('definition.coarse', { scale }));
    if (initial < min || initial > max)
      say(`${path}.initial`, text('definition.outputs.initial', { min, max, got: initial }));
    if (tolerance > max - min)
      say(`${path}.tolerance`, text('definition.outputs.tolerance', { most: max - min, got: tolerance }));
    if (maxChange > max - min || (maxChange > 0 && register(maxChange, scale) === 0))
      say(
        `${path}.maxChange`,
        text('definition.outputs.maxChange', { least: 1 / scale, most: max - min, got: maxChange }),
      );
  });
  const { feedback } = definition;
  if (feedback.rule === 'tracking') {
    // One process value says nothing of a second output.
    if (outputsOf(definition).length !== 1) say('feedback.rule', text('definition.outputs.tracking'));
    if (Math.abs(feedback.gain) < GAIN_LEAST)
      say('feedback.gain', text('definition.outputs.gain', { least: GAIN_LEAST, got: feedback.gain }));
  }
  if (outputsOf(definition).length === 0) return;
  if (definition.startRule.rule !== 'default-class') say('startRule', text('definition.outputs.unused'));
  if (feedback.rule !== 'label' && feedback.rule !== 'tracking')
    say('feedback.rule', text('definition.outputs.rule'));
  if (definition.stitching.holdOutEvery < 2)
    say('stitching.holdOutEvery', text('definition.outputs.holdOut'));
}
