/** Fills in the defaults. They are stated in schema.ts; the ones that depend on other fields are computed here. */
import { familyOf } from './families';
import { VALUES_CLASS } from './outputs';
import { definitionSchema, type SchemaNode } from './schema';
import { completeStartRule } from './start_rule';
import { type CompleteDefinition, isStream, type TrainerDefinition } from './types';

const INT16_MIN = -32_768;
const INT16_MAX = 32_767;
const LARGEST_DEFAULT_SCALE = 1000;
const SMALLEST_SCALE = 1e-6;
const LARGEST_SCALE = 1e6;
/** A range is worth at least so many register steps. */
const STEPS_WANTED = 1000;
/** An outcome may go this many times as far as set point and band before it leaves its register. */
const OUTCOME_HEADROOM = 4;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The one branch of a oneOf that the tag selects; the node itself when there is none to choose. */
export function branchOf(node: SchemaNode, value: unknown): SchemaNode {
  const tag = node.discriminator?.propertyName;
  if (tag === undefined || node.oneOf === undefined || !isObject(value)) return node;
  return node.oneOf.find((branch) => branch.properties?.[tag]?.const === value[tag]) ?? node;
}

/** A deep copy of `value` with every constant default filled in; what the schema does not know is copied as it is. */
function fill(node: SchemaNode, value: unknown): unknown {
  const given = value === undefined ? node.default : value;
  if (Array.isArray(given)) {
    const { items } = node;
    return items === undefined ? [...given] : given.map((item) => fill(items, item));
  }
  if (!isObject(given)) return given;
  const filled: Record<string, unknown> = { ...given };
  for (const [name, property] of Object.entries(branchOf(node, given).properties ?? {})) {
    const child = fill(property, given[name]);
    if (child !== undefined) filled[name] = child;
  }
  return filled;
}

/** Largest power of ten at most `most` for which every value stays within a register. */
function powerOfTen(values: readonly number[], most: number): number {
  const largest = Math.max(...values.map(Math.abs));
  if (!(largest > 0)) return most;
  let exponent = Math.floor(Math.log10(most) + 1e-9);
  // Dividing keeps 0.1 and 0.01 exact, which 10 ** -1 need not be.
  const scaleOf = (power: number): number => (power >= 0 ? 10 ** power : 1 / 10 ** -power);
  const fits = (scale: number): boolean =>
    values.every((value) => Math.round(value * scale) >= INT16_MIN && Math.round(value * scale) <= INT16_MAX);
  while (!fits(scaleOf(exponent)) && scaleOf(exponent - 1) >= SMALLEST_SCALE) exponent--;
  return scaleOf(exponent);
}

/** Default scale of a feature with this range. */
export function defaultScale(min: number, max: number): number {
  const usual = powerOfTen([min, max], LARGEST_DEFAULT_SCALE);
  if (!(max > min) || (max - min) * usual >= STEPS_WANTED || usual < LARGEST_DEFAULT_SCALE) return usual;
  // A narrow range: finer steps, as far as the register reaches.
  let scale = usual;
  while ((max - min) * scale < STEPS_WANTED && scale * 10 <= LARGEST_SCALE) {
    if (powerOfTen([min, max], scale * 10) < scale * 10) break;
    scale *= 10;
  }
  return scale;
}

/** Default scale of an outcome that is compared with a set point or limit. */
export function defaultOutcomeScale(centre: number, band: number): number {
  return powerOfTen([OUTCOME_HEADROOM * (Math.abs(centre) + Math.abs(band))], LARGEST_DEFAULT_SCALE);
}

/** Tolerance of an output that says none, of its range. */
const TOLERANCE_SHARE = 1 / 50;
/** Held out from a definition with outputs that says nothing of it: every so many samples. */
const OUTPUTS_HOLD_OUT = 5;

function completeOutputs({ outputs = [] }: CompleteDefinition): void {
  for (const output of outputs) {
    output.id ??= output.name;
    output.scale ??= defaultScale(output.min, output.max);
    output.tolerance ??= (output.max - output.min) * TOLERANCE_SHARE;
    output.initial ??= (output.min + output.max) / 2;
  }
}

/**
 * The definition with every default filled in. `definition` must have passed the schema (validate.ts), which is why the
 * result may be taken for a CompleteDefinition.
 */
export function complete(definition: TrainerDefinition): CompleteDefinition {
  const filled = fill(definitionSchema, definition) as CompleteDefinition & {
    channels?: unknown;
    $schema?: unknown;
  };
  const { inputs, stream } = familyOf(definition.model.type);
  filled.features = filled[inputs] as CompleteDefinition['features'];
  delete filled.channels;
  delete filled.$schema;
  if (stream) filled.classes = [];
  const values = filled.outputs !== undefined;
  if (values) filled.classes = [{ ...VALUES_CLASS, opposed: [] }];
  completeOutputs(filled);
  filled.stitching.holdOutEvery ??= values ? OUTPUTS_HOLD_OUT : 0;
  for (const feature of filled.features) {
    feature.id ??= feature.name;
    feature.scale ??= defaultScale(feature.min, feature.max);
  }
  for (const [index, entry] of filled.classes.entries()) {
    entry.id ??= entry.label;
    entry.actuation ??= index;
  }
  filled.defaultClass ??= filled.classes[0]?.label ?? '';
  if (filled.io !== undefined) filled.io.failSafe ??= filled.defaultClass;
  filled.startRule = completeStartRule(filled.startRule, filled.features);
  const { model } = filled;
  if (model.type === 'dnn') {
    // A squared error is small where a cross-entropy is still large.
    model.rate ??= values ? 0.02 : 0.05;
    model.gate ??= values ? 0.005 : 0.1;
  }
  if (model.type === 'esn') model.hop ??= model.window;
  if (model.type === 'correlation' || model.type === 'autoencoder') {
    model.hop ??= model.window % 4 === 0 ? model.window / 4 : model.window;
    model.scoreEvery ??= Math.max(1, Math.floor(model.window / model.hop));
  }
  const { feedback } = filled;
  if (feedback.rule === 'dead-band' || feedback.rule === 'tracking')
    feedback.scale ??= defaultOutcomeScale(feedback.setPoint, feedback.band);
  if (feedback.rule === 'limit') feedback.scale ??= defaultOutcomeScale(feedback.limit, 0);
  return filled;
}

/** The definition as a document that parseDefinition takes and gives back the same. */
export function documentOf(definition: CompleteDefinition): TrainerDefinition {
  if (definition.outputs !== undefined) {
    const { classes: _classes, defaultClass: _defaultClass, ...rest } = definition;
    return rest;
  }
  if (!isStream(definition)) return definition;
  const { features, classes: _classes, defaultClass: _defaultClass, ...rest } = definition;
  return { ...rest, channels: features };
}
