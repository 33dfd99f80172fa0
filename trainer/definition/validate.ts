/**
 * Is a document a definition? First its form, by the schema; then its meaning: names that must be unique, labels that must
 * exist, values that must fit their register. Errors name the field by its path, say what is wrong and what to do.
 */

import Ajv, { type ErrorObject, type ValidateFunction } from 'ajv';
import { type Text, text, type Word } from '../text';
import { arrayIssues } from './array';
import { isKnownBoard, knownBoards } from './boards';
import { oversize } from './bounds';
import { complete } from './complete';
import { DefinitionError, type DefinitionIssue } from './errors';
import { hashOf } from './identity';
import { localIoIssues } from './local_io';
import { networkMeaning } from './network';
import { outputIssues, outputsOf } from './outputs';
import { plantLimitIssues } from './plant_limits';
import { definitionSchema, type SchemaNode } from './schema';
import { startRuleIssues } from './start_rule';
import { type CompleteDefinition, isStream, type TrainerDefinition } from './types';

/** Compiled when a document is first looked at: that takes longer than everything else that a command does before it begins. */
let compiled: ValidateFunction<TrainerDefinition> | undefined;

function schemaCheck(): ValidateFunction<TrainerDefinition> {
  compiled ??= new Ajv({
    allErrors: true,
    verbose: true,
    discriminator: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    keywords: ['x-unit', 'x-default'],
    // Half of the time to compile, for a check that runs a few times.
    code: { optimize: false },
    // JSON drops what is undefined; the schema is built with a few such entries.
  }).compile<TrainerDefinition>(JSON.parse(JSON.stringify(definitionSchema)));
  return compiled;
}

/** "/features/2/min" -> "features[2].min" */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'))
    .reduce(
      (path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path === '' ? part : `${path}.${part}`),
      '',
    );
}

function member(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** A value as it is shown to people, cut short. */
function show(value: unknown): Word {
  if (value === undefined) return text('definition.form.nothing');
  if (typeof value === 'number') return String(value);
  const shown = typeof value === 'string' ? `"${value}"` : JSON.stringify(value);
  return shown.length > 40 ? `${shown.slice(0, 37)}...` : shown;
}

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean'] as const;

function typeText({ type }: SchemaNode, got: Word): Text {
  const known = TYPES.find((candidate) => candidate === type) ?? 'other';
  return text('definition.form.type', { type: text(`definition.type.${known}`), got });
}

function rangeText({ exclusiveMinimum: above, minimum, maximum: most }: SchemaNode, got: Word): Text {
  if (above !== undefined)
    return most === undefined
      ? text('definition.form.above', { least: above, got })
      : text('definition.form.aboveTo', { least: above, most, got });
  const least = minimum ?? 0;
  return most === undefined
    ? text('definition.form.least', { least, got })
    : text('definition.form.range', { least, most, got });
}

/** Number of single-character edits between two names (Levenshtein), to suggest what was meant. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** Names longer than any field are no slip of the finger. */
const LONGEST_SLIP = 40;

function unknownField(name: string, fields: readonly string[]): Text {
  const known = fields.filter((field) => !field.startsWith('$'));
  const nearest = (name.length > LONGEST_SLIP ? [] : known)
    .map((field) => ({ field, distance: edits(name.toLowerCase(), field.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return nearest !== undefined && nearest.distance <= Math.max(2, Math.floor(name.length / 3))
    ? text('definition.form.unknownMeant', { name: nearest.field })
    : text('definition.form.unknown', { names: known });
}

/** A number, or a word that stands for one. */
function numberOrWord({ anyOf = [] }: SchemaNode, got: Word): Text {
  const { minimum = 0, maximum = 0 } = anyOf.find((branch) => branch.const === undefined) ?? {};
  const word = anyOf.find((branch) => branch.const !== undefined)?.const ?? '';
  return text('definition.form.numberOrWord', { least: minimum, most: maximum, word, got });
}

/** Of a text or a list that is too short or too long. */
function lengthText(
  keyword: 'minLength' | 'maxLength' | 'minItems' | 'maxItems',
  { minItems, maxItems, maxLength }: SchemaNode,
  got: number,
): Text {
  if (keyword === 'minLength') return text('definition.form.empty');
  if (keyword === 'maxLength') return text('definition.form.long', { most: maxLength ?? 0, got });
  return keyword === 'minItems'
    ? text('definition.form.few', { least: minItems ?? 0, got })
    : text('definition.form.many', { most: maxItems ?? 0, got });
}

function issueOf(error: ErrorObject): DefinitionIssue | undefined {
  const path = pathOf(error.instancePath);
  const node = error.parentSchema as SchemaNode;
  const got = show(error.data);
  switch (error.keyword) {
    case 'required': {
      const name = String(error.params.missingProperty);
      if (name === node.discriminator?.propertyName) return undefined; // the discriminator lists the choices
      return { path: member(path, name), problem: text('definition.form.required') };
    }
    case 'additionalProperties':
      return {
        path: member(path, String(error.params.additionalProperty)),
        problem: unknownField(String(error.params.additionalProperty), Object.keys(node.properties ?? {})),
      };
    case 'type':
      return { path, problem: typeText(node, got) };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
      return { path, problem: rangeText(node, got) };
    case 'enum':
      return { path, problem: text('definition.form.oneOf', { names: node.enum ?? [], got }) };
    case 'minLength':
    case 'maxLength':
    case 'minItems':
    case 'maxItems':
      return { path, problem: lengthText(error.keyword, node, (error.data as string | unknown[]).length) };
    case 'discriminator': {
      const tag = String(error.params.tag);
      const values = (node.oneOf ?? []).map((branch) => String(branch.properties?.[tag]?.const));
      const given = error.params.tagValue as unknown;
      return {
        path: member(path, tag),
        problem:
          given === undefined
            ? text('definition.form.missingOneOf', { names: values })
            : text('definition.form.oneOf', { names: values, got: show(given) }),
      };
    }
    case 'anyOf':
      return { path, problem: numberOrWord(node, got) };
    case 'const':
      return undefined; // always beside an anyOf or a discriminator that says it better
    default:
      return { path, problem: text('definition.form.other', { keyword: error.keyword, got }) };
  }
}

/** More problems help nobody, and the work for a document stays bounded. */
const MOST_ISSUES = 20;

/** What the schema says against the document; empty when it is well formed. */
function formIssues(document: unknown): DefinitionIssue[] {
  const large = oversize(document);
  if (large !== undefined) return [{ path: '', problem: large }];
  const check = schemaCheck();
  if (check(document)) return [];
  const issues = new Map<string, DefinitionIssue>();
  for (const error of check.errors ?? []) {
    if (issues.size === MOST_ISSUES) break;
    // Branches of an anyOf report for themselves; the anyOf's own error says it in one sentence. A tag that is missing is
    // reported by `required` and by the discriminator.
    if (error.schemaPath.includes('/anyOf/')) continue;
    const issue = issueOf(error);
    if (issue !== undefined && !issues.has(issue.path)) issues.set(issue.path, issue);
  }
  return [...issues.values()];
}

const REGISTER_MIN = -32_768;
const REGISTER_MAX = 32_767;
const WEIGHT_STEP = 1 / 256;
const GAMMA_LEAST = 1e-6;

class Meaning {
  readonly issues: DefinitionIssue[] = [];

  say(path: string, problem: Text): void {
    this.issues.push({ path, problem });
  }

  unique(path: string, field: string, values: readonly string[]): void {
    const seen = new Map<string, number>();
    values.forEach((value, index) => {
      const first = seen.get(value);
      if (first === undefined) seen.set(value, index);
      else
        this.say(
          `${path}[${index}].${field}`,
          text('definition.used', { value, other: `${path}[${first}]` }),
        );
    });
  }

  /** Each entry has an identity of its own. A clash may come from a name that takes over the identity of a renamed entry. */
  identities(path: string, entries: readonly { readonly id: string }[]): void {
    this.unique(
      path,
      'id',
      entries.map((entry) => entry.id),
    );
    // Two texts in four thousand million share a hash; the board knows the hash alone.
    const hashes = entries.map(({ id }) => hashOf(id));
    hashes.forEach((hash, index) => {
      const first = hashes.indexOf(hash);
      if (first < index && entries[first]?.id !== entries[index]?.id)
        this.say(`${path}[${index}].id`, text('definition.hash', { other: `${path}[${first}]` }));
    });
  }

  register(path: string, value: number, scale: number): void {
    const held = Math.round(value * scale);
    if (held < REGISTER_MIN || held > REGISTER_MAX) {
      this.say(
        path,
        text('definition.register', { value, scale, held, least: REGISTER_MIN, most: REGISTER_MAX }),
      );
    }
  }

  label(path: string, label: string, labels: readonly string[]): void {
    if (!labels.includes(label)) this.say(path, text('definition.noClass', { label, names: labels }));
  }
}

function inputsMatchModel(definition: TrainerDefinition, meaning: Meaning): void {
  if (isStream(definition)) {
    definition.channels?.forEach(({ count }, index) => {
      if (count !== undefined) meaning.say(`channels[${index}].count`, text('definition.array.family'));
    });
    if (definition.channels === undefined) meaning.say('channels', text('definition.stream.channels'));
    if (definition.features !== undefined) meaning.say('features', text('definition.stream.features'));
    if (definition.classes !== undefined) meaning.say('classes', text('definition.stream.unused'));
    if (definition.outputs !== undefined) meaning.say('outputs', text('definition.stream.unused'));
    if (definition.defaultClass !== undefined) meaning.say('defaultClass', text('definition.stream.unused'));
    if (definition.io !== undefined) meaning.say('io', text('definition.io.classes'));
    if (definition.startRule !== undefined && definition.startRule.rule !== 'default-class')
      meaning.say('startRule', text('definition.stream.unused'));
    if (definition.feedback !== undefined && definition.feedback.rule !== 'label')
      meaning.say('feedback.rule', text('definition.stream.feedback'));
    return;
  }
  if (definition.features === undefined) meaning.say('features', text('definition.features'));
  if (definition.channels !== undefined) meaning.say('channels', text('definition.channels'));
  if (definition.outputs === undefined) {
    if (definition.classes === undefined) meaning.say('classes', text('definition.classes'));
    return;
  }
  if (definition.model.type !== 'dnn') meaning.say('outputs', text('definition.outputs.family'));
  if (definition.classes !== undefined) meaning.say('classes', text('definition.outputs.classes'));
  if (definition.io !== undefined) meaning.say('io', text('definition.io.classes'));
  if (definition.defaultClass !== undefined) meaning.say('defaultClass', text('definition.outputs.unused'));
}

/** What the values mean together. The form is right already. */
function meaningIssues(definition: TrainerDefinition): DefinitionIssue[] {
  const meaning = new Meaning();
  if (definition.board !== undefined && !isKnownBoard(definition.board))
    meaning.say('board', text('definition.noBoard', { board: definition.board, names: knownBoards() }));
  inputsMatchModel(definition, meaning);
  if (meaning.issues.some(({ path }) => path !== 'board')) return meaning.issues;

  const filled = complete(definition);
  const inputs = isStream(definition) ? 'channels' : 'features';
  meaning.unique(
    inputs,
    'name',
    filled.features.map((feature) => feature.name),
  );
  meaning.identities(inputs, filled.features);
  filled.features.forEach((feature, index) => {
    const path = `${inputs}[${index}]`;
    const before = meaning.issues.length;
    if (feature.min >= feature.max) {
      meaning.say(`${path}.min`, text('definition.minMax', { max: feature.max, min: feature.min }));
      return;
    }
    meaning.register(`${path}.min`, feature.min, feature.scale);
    meaning.register(`${path}.max`, feature.max, feature.scale);
    if (
      meaning.issues.length === before &&
      Math.round(feature.min * feature.scale) === Math.round(feature.max * feature.scale)
    )
      meaning.say(`${path}.scale`, text('definition.coarse', { scale: feature.scale }));
  });
  if (!isStream(definition)) supervisedMeaning(filled, meaning);
  else streamMeaning(filled, meaning);
  return meaning.issues;
}

/** Blocks that a window may have, and samples that choosing scale and signs of the input takes: firmware/src/models/esn/model.c. */
const HOPS_MOST = 32;
const SIGN_SAMPLES = 128;

function streamMeaning({ model, features }: CompleteDefinition, meaning: Meaning): void {
  if (model.type === 'process') processMeaning(model, features, meaning);
  if (model.type !== 'esn' && model.type !== 'correlation' && model.type !== 'autoencoder') return;
  const { window, hop } = model;
  if (window % hop !== 0 || window / hop > HOPS_MOST)
    meaning.say('model.hop', text('definition.hop', { window, most: HOPS_MOST, got: hop }));
  if (model.type === 'esn') esnMeaning(model, meaning);
  else if (model.type === 'autoencoder') autoencoderMeaning(model, features, meaning);
  else correlationMeaning(model, features, meaning);
}

type ModelOf<T> = Extract<CompleteDefinition['model'], { type: T }>;

function processMeaning(
  { lags, learningSamples }: ModelOf<'process'>,
  features: CompleteDefinition['features'],
  meaning: Meaning,
): void {
  const least = 2 * (features.length * lags + 1) + lags;
  if (learningSamples < least)
    meaning.say(
      'model.learningSamples',
      text('definition.learnChannels', { least, channels: features.length, lags, got: learningSamples }),
    );
}

function scoreEveryMeaning(window: number, hop: number, scoreEvery: number, meaning: Meaning): void {
  if (scoreEvery <= window / hop) return;
  const most = Math.floor(window / hop);
  meaning.say('model.scoreEvery', text('definition.scoreEvery', { most, got: scoreEvery }));
}

/** Inputs of the network, and windows that a threshold takes: firmware/src/models/autoencoder/model.h, models/stream/learning.h. */
const INPUTS_MOST = 256;
const HELD_OUT_LEAST = 64;

function autoencoderMeaning(
  { window, hop, scoreEvery, code, learningWindows }: ModelOf<'autoencoder'>,
  features: CompleteDefinition['features'],
  meaning: Meaning,
): void {
  const channels = features.length;
  const inputs = window * channels;
  if (inputs > INPUTS_MOST) {
    const most = Math.floor(INPUTS_MOST / channels);
    meaning.say(
      'model.window',
      text('definition.windowInputs', { most, channels, inputs: INPUTS_MOST, got: window }),
    );
  }
  scoreEveryMeaning(window, hop, scoreEvery, meaning);
  if (code >= inputs) meaning.say('model.code', text('definition.code', { inputs, got: code }));
  const least = 3 * (HELD_OUT_LEAST + Math.floor(window / hop));
  if (learningWindows < least)
    meaning.say(
      'model.learningWindows',
      text('definition.learnWindows', { least, window, hop, got: learningWindows }),
    );
}

/** Register units: wider than every register. */
const TOLERANCE_MOST = 65_535;

function correlationMeaning(
  { window, hop, scoreEvery, lags, context, contextTolerance }: ModelOf<'correlation'>,
  features: CompleteDefinition['features'],
  meaning: Meaning,
): void {
  scoreEveryMeaning(window, hop, scoreEvery, meaning);
  if (lags >= window) meaning.say('model.lags', text('definition.lags', { window, got: lags }));
  if (context === '') return;
  const names = features.map((feature) => feature.name);
  if (!names.includes(context))
    meaning.say('model.context', text('definition.noChannel', { name: context, names: names }));
  else if (names.length === 1) meaning.say('model.context', text('definition.onlyChannel'));
  const scale = features.find((feature) => feature.name === context)?.scale ?? 1;
  if (contextTolerance * scale > TOLERANCE_MOST)
    meaning.say(
      'model.contextTolerance',
      text('definition.tolerance', { most: TOLERANCE_MOST / scale, scale, got: contextTolerance }),
    );
}

function esnMeaning({ washout, units, learningSamples }: ModelOf<'esn'>, meaning: Meaning): void {
  const least = Math.max(SIGN_SAMPLES + washout + units + 1, 4 * Math.ceil((washout + units + 1) / 3));
  if (learningSamples < least)
    meaning.say(
      'model.learningSamples',
      text('definition.learnUnits', { least, units, washout, got: learningSamples }),
    );
}

function supervisedMeaning(filled: CompleteDefinition, meaning: Meaning): void {
  const labels = filled.classes.map((entry) => entry.label);
  const outputs = outputsOf(filled);
  meaning.unique(
    'outputs',
    'name',
    outputs.map((output) => output.name),
  );
  meaning.identities('outputs', outputs);
  outputIssues(filled, (path, problem) => meaning.say(path, problem));
  meaning.unique('classes', 'label', labels);
  meaning.identities('classes', filled.classes);
  const explicit = 'classWeights' in filled.model && filled.model.classWeights === 'explicit';
  filled.classes.forEach((entry, index) => {
    if (!explicit && Math.abs(entry.weight - 1) >= WEIGHT_STEP)
      meaning.say(`classes[${index}].weight`, text('definition.weight'));
  });
  meaning.label('defaultClass', filled.defaultClass, labels);
  plantLimitIssues(filled.classes, (path, problem) => meaning.say(path, problem));
  startRuleIssues(filled.startRule, filled.features, filled.classes, (path, problem) =>
    meaning.say(path, problem),
  );
  localIoIssues(filled, (path, problem) => meaning.say(path, problem));
  arrayIssues(filled, (path, problem) => meaning.say(path, problem));
  networkMeaning(filled, (path, problem) => meaning.say(path, problem));
  const { feedback, stitching, training } = filled;
  if (feedback.rule === 'dead-band') {
    meaning.label('feedback.tooLow', feedback.tooLow, labels);
    meaning.label('feedback.tooHigh', feedback.tooHigh, labels);
    meaning.register('feedback.setPoint', feedback.setPoint, feedback.scale);
    meaning.register('feedback.band', feedback.band, feedback.scale);
  } else if (feedback.rule === 'tracking') {
    meaning.register('feedback.setPoint', feedback.setPoint, feedback.scale);
    meaning.register('feedback.band', feedback.band, feedback.scale);
  } else if (feedback.rule === 'limit') {
    meaning.label('feedback.truth', feedback.truth, labels);
    meaning.register('feedback.limit', feedback.limit, feedback.scale);
  }
  if (filled.model.type === 'svm-kernel') {
    const { gamma, svBudget } = filled.model;
    if (gamma !== 0 && gamma < GAMMA_LEAST)
      meaning.say('model.gamma', text('definition.gamma', { least: GAMMA_LEAST, got: gamma }));
    if (svBudget === 1) meaning.say('model.svBudget', text('definition.svBudget'));
  }
  if (stitching.holdOutEvery === 1) meaning.say('stitching.holdOutEvery', text('definition.holdOut'));
  if (training.minSamples > stitching.capacity)
    meaning.say(
      'training.minSamples',
      text('definition.minSamples', { samples: training.minSamples, capacity: stitching.capacity }),
    );
  if (feedback.expireSeconds > 0 && feedback.expireSeconds <= feedback.settleSeconds)
    meaning.say(
      'feedback.expireSeconds',
      text('definition.expire', { settle: feedback.settleSeconds, got: feedback.expireSeconds }),
    );
}

/** Whether every field has its type and range; the fields together may still make no sense. */
export function isWellFormed(document: unknown): document is TrainerDefinition {
  return formIssues(document).length === 0;
}

/** What is wrong with the document, the first twenty of it; empty when it is a definition. */
export function findIssues(document: unknown): DefinitionIssue[] {
  const form = formIssues(document);
  return form.length > 0 ? form : meaningIssues(document as TrainerDefinition).slice(0, MOST_ISSUES);
}

/**
 * The document as a definition with every default filled in. Never changes the document.
 * @throws DefinitionError that names every field at fault
 */
export function parseDefinition(document: unknown): CompleteDefinition {
  const issues = findIssues(document);
  if (issues.length > 0) throw new DefinitionError(issues);
  return complete(document as TrainerDefinition);
}
