/**
 * The loop that a board closes by itself: which channel gives which feature and the outcome, and which gets the actuation value. Layout:
 * et_local_io and et_local_input of firmware/include/edge_trainer/definition.h.
 */
import { type Text, text } from '../text';
import { BlobError } from './blob';
import { boardOf, isKnownBoard } from './boards';
import type { DefinitionIssue } from './errors';
import type { CompleteDefinition } from './types';

/** Value = offset + gain * channel, in engineering units. */
export interface LocalInput {
  channel: number;
  gain?: number;
  offset?: number;
}

export interface LocalIo {
  intervalMs: number;
  inputs: (LocalInput & { feature: string })[];
  outcome?: LocalInput;
  output: number;
  /** Label of the class that drives the output while the loop stands still. */
  failSafe?: string;
}

export interface CompleteLocalIo {
  intervalMs: number;
  inputs: (Required<LocalInput> & { feature: string })[];
  outcome?: Required<LocalInput>;
  output: number;
  failSafe: string;
}

type Feature = CompleteDefinition['features'][number];
type Class = CompleteDefinition['classes'][number];

const HEAD_BYTES = 8;
const INPUT_BYTES = 12;
const NO_CHANNEL = 255;

const outcomeScaleOf = ({ feedback }: CompleteDefinition): number =>
  feedback.rule === 'label' ? 1 : feedback.scale;

/** The bytes of the section; undefined: a master asks for the decisions. Features and classes in their stored order. */
export function encodeLocalIo(
  definition: CompleteDefinition,
  features: readonly Feature[],
  classes: readonly Class[],
): Uint8Array | undefined {
  const { io } = definition;
  if (io === undefined) return undefined;
  const bytes = new Uint8Array(HEAD_BYTES + INPUT_BYTES * (features.length + 1));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, io.intervalMs, true);
  view.setUint8(4, io.output);
  view.setUint8(
    5,
    classes.findIndex(({ label }) => label === io.failSafe),
  );
  const write = (index: number, input: Required<LocalInput> | undefined, scale: number): void => {
    const at = HEAD_BYTES + INPUT_BYTES * index;
    view.setFloat32(at, (input?.offset ?? 0) * scale, true);
    view.setFloat32(at + 4, (input?.gain ?? 0) * scale, true);
    view.setUint8(at + 8, input?.channel ?? NO_CHANNEL);
  };
  features.forEach(({ name, scale }, index) => {
    write(
      index,
      io.inputs.find((input) => input.feature === name),
      scale,
    );
  });
  write(features.length, io.outcome, outcomeScaleOf(definition));
  return bytes;
}

/** Reads the section; `label` names a stored class, `number` makes a number as it was written of its 32 bits. */
export function decodeLocalIo(
  bytes: Uint8Array,
  features: readonly Feature[],
  outcomeScale: number,
  label: (stored: number) => string,
  number: (held: number) => number,
): CompleteLocalIo {
  if (bytes.length !== HEAD_BYTES + INPUT_BYTES * (features.length + 1))
    throw new BlobError(text('blob.sectionBytes', { section: 'local_io', bytes: bytes.length }));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (index: number, scale: number): Required<LocalInput> => {
    const at = HEAD_BYTES + INPUT_BYTES * index;
    return {
      channel: view.getUint8(at + 8),
      gain: number(view.getFloat32(at + 4, true) / scale),
      offset: number(view.getFloat32(at, true) / scale),
    };
  };
  const outcome = read(features.length, outcomeScale);
  return {
    intervalMs: view.getUint32(0, true),
    inputs: features
      .map(({ name, scale }, index) => ({ feature: name, ...read(index, scale) }))
      .filter(({ channel }) => channel !== NO_CHANNEL),
    ...(outcome.channel === NO_CHANNEL ? {} : { outcome }),
    output: view.getUint8(4),
    failSafe: label(view.getUint8(5)),
  };
}

/** Fields that name a channel which a board lacks, or the section where it has none at all; empty: it has them all. */
export function channelIssues(
  { io }: Pick<CompleteDefinition, 'io'>,
  board: string,
  channels: { readonly inputs: number; readonly outputs: number },
): DefinitionIssue[] {
  if (io === undefined) return [];
  if (channels.inputs + channels.outputs === 0)
    return [{ path: 'io', problem: text('definition.io.none', { board }) }];
  const inputs = io.inputs.map(({ channel }, i) => ({ path: `io.inputs[${i}].channel`, channel }));
  if (io.outcome !== undefined) inputs.push({ path: 'io.outcome.channel', channel: io.outcome.channel });
  const lacking = (direction: 'inputs' | 'outputs', path: string, got: number): DefinitionIssue[] =>
    got < channels[direction]
      ? []
      : [{ path, problem: text(`definition.io.${direction}`, { board, count: channels[direction], got }) }];
  return [
    ...inputs.flatMap(({ path, channel }) => lacking('inputs', path, channel)),
    ...lacking('outputs', 'io.output', io.output),
  ];
}

/** Says with `say` what the section does not give: each feature once, channels that the board has, an outcome that is due. */
export function localIoIssues(
  definition: CompleteDefinition,
  say: (path: string, problem: Text) => void,
): void {
  const { io, features, classes, feedback, board } = definition;
  if (io === undefined) return;
  // The stream gives a window.
  const names = features.filter(({ streamChannels }) => streamChannels === undefined).map(({ name }) => name);
  io.inputs.forEach(({ feature }, index) => {
    const path = `io.inputs[${index}].feature`;
    const first = io.inputs.findIndex((input) => input.feature === feature);
    if (!names.includes(feature)) say(path, text('definition.noFeature', { name: feature, names: names }));
    else if (first < index)
      say(path, text('definition.used', { value: feature, other: `io.inputs[${first}]` }));
  });
  for (const name of names)
    if (!io.inputs.some(({ feature }) => feature === name))
      say('io.inputs', text('definition.io.feature', { name }));
  const labels = classes.map(({ label }) => label);
  if (!labels.includes(io.failSafe))
    say('io.failSafe', text('definition.noClass', { label: io.failSafe, names: labels }));
  const settleMs = 1000 * feedback.settleSeconds;
  if (io.outcome !== undefined && feedback.rule !== 'label' && io.intervalMs < settleMs)
    say('io.intervalMs', text('definition.io.settle', { least: settleMs, got: io.intervalMs }));
  const channels = isKnownBoard(board) ? boardOf(board).channels : null;
  if (channels === null) return;
  for (const { path, problem } of channelIssues(definition, board, channels)) say(path, problem);
}
