/** A definition as a C header: its blob, and names for its features, classes and outputs. For programs that deploy it by a call. */
import { encodeDefinition } from './codec';
import { outputsOf } from './outputs';
import { type CompleteDefinition, isStream } from './types';

const BYTES_PER_LINE = 16;

/** ASCII letters, digits and underscores; empty when a name has none. */
const word = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');

/** Text that a comment can hold. */
const comment = (text: string): string => text.replace(/\*\//g, '* /').replace(/\s+/g, ' ');

/** Names for a list: those of its entries, or their place where a name has no letter or is taken. */
function identifiers(prefix: string, kind: string, names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name, place) => {
    const own = word(name);
    const wanted = own === '' || taken.has(own.toUpperCase()) ? `${kind}_${place}` : own.toUpperCase();
    taken.add(wanted);
    return `${prefix}_${kind}_${wanted}`.replace(`${kind}_${kind}_`, `${kind}_`);
  });
}

/** A number as C reads a float. */
const literal = (value: number): string => `${value}${Number.isInteger(value) ? '.0' : ''}f`;

interface Entry {
  readonly name: string;
  readonly says: string;
  /** Register units per engineering unit. */
  readonly scale?: number;
}

/** An enumeration with a comment a line, how many there are, and the scales that are not 1. */
function enumeration(prefix: string, kind: string, meaning: string, entries: readonly Entry[]): string[] {
  if (entries.length === 0) return [];
  const names = identifiers(
    prefix,
    kind,
    entries.map(({ name }) => name),
  );
  const scales = entries.flatMap(({ scale }, place) =>
    scale === undefined ? [] : [`#define ${names[place]}_SCALE ${literal(scale)}`],
  );
  return [
    '',
    `/* ${meaning} */`,
    'enum {',
    ...entries.map(
      ({ name, says }, place) => `  ${names[place]} = ${place}, /* ${comment(`${name}${says}`)} */`,
    ),
    `  ${prefix}_${kind === 'CLASS' ? 'CLASSES' : `${kind}S`} = ${entries.length}`,
    '};',
    ...scales,
  ];
}

const range = ({ min, max, unit }: { min: number; max: number; unit: string }): string =>
  `: ${min} to ${max} ${unit}`.trimEnd();

/** The name of the blob's array: the definition's, in lower case. */
const headerName = ({ name }: CompleteDefinition): string => {
  const own = word(name).toLowerCase();
  return /^[a-z]/.test(own) ? own : `definition${own === '' ? '' : `_${own}`}`;
};

/** Features or channels, then what is decided. */
function names(definition: CompleteDefinition, prefix: string): string[] {
  const outputs = outputsOf(definition);
  const classes = isStream(definition) || outputs.length > 0 ? [] : definition.classes;
  return [
    ...enumeration(
      prefix,
      isStream(definition) ? 'CHANNEL' : 'FEATURE',
      'In this order; each holds round(value * scale).',
      definition.features.map((feature) => ({
        name: feature.name,
        says: `${range(feature)}${feature.count === undefined ? '' : `, ${feature.count} values`}`,
        ...(feature.count === undefined && { scale: feature.scale }),
      })),
    ),
    ...enumeration(
      prefix,
      'CLASS',
      'Codes of the classes.',
      classes.map(({ label, actuation }) => ({ name: label, says: `: actuation ${actuation}` })),
    ),
    ...enumeration(
      prefix,
      'OUTPUT',
      'Places of the outputs; each holds round(value * scale).',
      outputs.map((output) => ({ name: output.name, says: range(output), scale: output.scale })),
    ),
  ];
}

/** How the outcome and the set point of a feedback rule are scaled. */
function outcome({ feedback }: CompleteDefinition, prefix: string): string[] {
  if (!('scale' in feedback)) return [];
  const unit = 'unit' in feedback && feedback.unit !== '' ? `; ${comment(feedback.unit)}` : '';
  return [
    '',
    `/* Outcome and set point hold round(value * scale)${unit}. */`,
    `#define ${prefix}_OUTCOME_SCALE ${literal(feedback.scale)}`,
  ];
}

/** The whole header. */
export function definitionHeader(definition: CompleteDefinition): string {
  const array = headerName(definition);
  const prefix = array.toUpperCase();
  const blob = encodeDefinition(definition);
  const lines = Array.from({ length: Math.ceil(blob.length / BYTES_PER_LINE) }, (_, line) =>
    [...blob.subarray(BYTES_PER_LINE * line, BYTES_PER_LINE * (line + 1))]
      .map((byte) => `0x${byte.toString(16).padStart(2, '0')},`)
      .join(' '),
  );
  return `${[
    `/* ${comment(definition.name)}: a definition for et_trainer_deploy. Written by \`edge-trainer plan --c\`: change the definition, not this. */`,
    '/* clang-format off */',
    `#ifndef ${prefix}_H`,
    `#define ${prefix}_H`,
    '',
    '#include <stdint.h>',
    ...names(definition, prefix),
    ...outcome(definition, prefix),
    '',
    `static const uint8_t ${array}[${blob.length}] = {`,
    ...lines.map((line) => `  ${line}`),
    '};',
    '',
    '#endif',
  ].join('\n')}\n`;
}
