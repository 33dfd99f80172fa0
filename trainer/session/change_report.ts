/**
 * What a new definition does to what a board has learned, before it happens: kept, moved, converted, judged again, discarded, in
 * numbers. A pure function that form, deploy node, command line and fleet agents share. The fates are the firmware's own answer.
 */
import {
  type ChangeAnswer,
  type CompleteDefinition,
  decodeDefinition,
  encodeDefinition,
  fingerprintOf,
  hashOf,
  hashOfNames,
  isStream,
  type MemoryPlanner,
  namesIn,
} from '../definition';
import type { TrainerStatus } from '../device';
import { type Text, text } from '../text';

/** What a board holds, as its status says it. */
export type Learned = Pick<
  TrainerStatus,
  'samplesStored' | 'generation' | 'previousGeneration' | 'ticketsPending'
> & {
  /** Samples that keep the outcome they were judged by; default: all. */
  readonly judged?: number;
  /** Truths that the start rule has followed; default: none. */
  readonly followed?: number;
};

interface Amounts {
  readonly samples: number;
  /** Number of the running generation; 0 = none. */
  readonly generation: number;
  readonly previousGeneration: number;
  /** Decisions that wait for their outcome. */
  readonly waiting: number;
}

export interface ChangeReport {
  /** same: nothing to do; first: nothing was deployed or learned; keeps: what was learned stays; discards: some of it goes. */
  readonly verdict: 'same' | 'first' | 'keeps' | 'discards';
  readonly kept: Amounts;
  /** Features and classes, by their new names, that the plant finds at another register or under another code. */
  readonly moved: readonly string[];
  /** Some are called otherwise. */
  readonly renamed: boolean;
  /** Label of the class that is decided while nothing is known, when it is another one than before. */
  readonly defaultClass: string | undefined;
  /** Samples and models brought to wider ranges. */
  readonly converted: { readonly samples: number; readonly models: boolean };
  /** Samples whose kept outcome the new rule judges again; samples that keep the label of the rule before. */
  readonly relabelled: number;
  readonly labelledBefore: number;
  /** The model is discarded and trained again from the samples that stay. */
  readonly retrained: boolean;
  readonly discarded: Amounts;
  /** Truths that the start rule had followed and no longer does: its shift begins anew; 0 = it stays. */
  readonly unfollowed: number;
  readonly cause: ChangeAnswer['cause'];
  /** The report in sentences, most important first. */
  readonly lines: readonly Text[];
}

const NOTHING: Amounts = { samples: 0, generation: 0, previousGeneration: 0, waiting: 0 };

interface Entry {
  readonly id: string;
}

interface Comparison {
  /** Indices of the new entries that were at another place. */
  readonly moved: readonly number[];
  readonly added: readonly number[];
  readonly gone: number;
}

function compare(before: readonly Entry[], after: readonly Entry[]): Comparison {
  const places = new Map(before.map(({ id }, index) => [hashOf(id), index]));
  const was = after.map(({ id }) => places.get(hashOf(id)));
  const indices = after.map((_, index) => index);
  const added = indices.filter((index) => was[index] === undefined);
  return {
    moved: indices.filter((index) => was[index] !== undefined && was[index] !== index),
    added,
    gone: before.length - (after.length - added.length),
  };
}

/** Hash of the identity of the class that is decided while nothing is known; a stream model has none. */
function defaultOf({ classes, defaultClass }: CompleteDefinition): number | undefined {
  const entry = classes.find(({ label }) => label === defaultClass);
  return entry === undefined ? undefined : hashOf(entry.id);
}

function amounts(learned: Learned): Amounts {
  return {
    samples: learned.samplesStored,
    generation: learned.generation,
    previousGeneration: learned.previousGeneration,
    waiting: learned.ticketsPending,
  };
}

/** Features or classes that are not the same ones, by name as far as it is known here. */
function othersText(
  kind: 'features' | 'classes',
  names: readonly string[],
  { added, gone }: Comparison,
): Text {
  const fresh = added.map((index) => names[index] as string);
  if (added.length === 0) return text(`change.cause.${kind}Gone`, { gone });
  return text(`change.cause.${kind}`, { added: fresh, gone });
}

function causeText(
  answer: ChangeAnswer,
  after: CompleteDefinition,
  features: Comparison,
  classes: Comparison,
): Text {
  const names = after.features.map(({ name }) => name);
  if (answer.cause === 'features') return othersText('features', names, features);
  if (answer.cause === 'classes')
    return othersText(
      'classes',
      after.classes.map(({ label }) => label),
      classes,
    );
  if (answer.cause === 'range' || answer.cause === 'widened')
    return text(`change.cause.${answer.cause}`, { feature: names[answer.feature] ?? '' });
  return text(`change.cause.${answer.cause}`);
}

function plain(verdict: 'same' | 'first'): ChangeReport {
  return {
    verdict,
    kept: NOTHING,
    moved: [],
    renamed: false,
    defaultClass: undefined,
    converted: { samples: 0, models: false },
    relabelled: 0,
    labelledBefore: 0,
    retrained: false,
    discarded: NOTHING,
    unfollowed: 0,
    cause: verdict === 'first' ? 'first' : 'none',
    lines: [text(`change.${verdict}`)],
  };
}

type Figures = Omit<ChangeReport, 'lines' | 'verdict'>;

function linesOf(figures: Figures, cause: Text): Text[] {
  const { kept, moved, renamed, converted, relabelled, labelledBefore, retrained, discarded } = figures;
  const lines: Text[] = [];
  const all = (key: 'kept' | 'discarded', { samples, generation, waiting }: Amounts): void => {
    if (samples > 0) lines.push(text(`change.${key}.samples`, { samples }));
    if (generation > 0) lines.push(text(`change.${key}.model`, { generation }));
    if (waiting > 0) lines.push(text(`change.${key}.waiting`, { waiting }));
  };
  all('discarded', discarded);
  if (figures.unfollowed > 0) lines.push(text('change.discarded.shift', { truths: figures.unfollowed }));
  if (retrained) lines.push(text('change.retrained', { samples: kept.samples }));
  if (figures.cause !== 'none') lines.push(cause);
  all('kept', kept);
  if (converted.samples > 0 || converted.models)
    lines.push(
      text(converted.models ? 'change.convertedModel' : 'change.converted', { samples: converted.samples }),
    );
  if (relabelled > 0) lines.push(text('change.relabelled', { samples: relabelled }));
  if (labelledBefore > 0) lines.push(text('change.labelledBefore', { samples: labelledBefore }));
  if (moved.length > 0) lines.push(text('change.moved', { names: moved }));
  if (figures.defaultClass !== undefined)
    lines.push(text('change.defaultClass', { label: figures.defaultClass }));
  if (renamed) lines.push(text('change.renamed'));
  return lines;
}

/**
 * @param blob of the definition that the board runs; empty when it has none
 * @throws BlobError when the board runs a definition of another firmware
 */
export function changeReport(
  blob: Uint8Array,
  learned: Learned,
  after: CompleteDefinition,
  planner: MemoryPlanner,
): ChangeReport {
  const encoded = encodeDefinition(after);
  if (blob.length > 0 && fingerprintOf(blob) === fingerprintOf(encoded)) return plain('same');
  const present = amounts(learned);
  const { followed = 0 } = learned;
  const nothingLearned =
    present.samples === 0 && present.generation === 0 && present.waiting === 0 && followed === 0;
  if (blob.length === 0 || nothingLearned) return plain('first');
  const before = decodeDefinition(blob);
  const answer = planner.change(blob, encoded, present.samples);
  if (answer === undefined) throw new RangeError('the definition was not checked before it was compared');
  const [features, classes] = [
    compare(before.features, after.features),
    compare(before.classes, after.classes),
  ];
  const samplesGo = answer.samples === 'discarded';
  const modelGoes = answer.models === 'discarded' && present.generation > 0;
  const waitingGoes = answer.waiting === 'discarded';
  const kept: Amounts = {
    samples: samplesGo ? 0 : present.samples,
    generation: modelGoes ? 0 : present.generation,
    previousGeneration: modelGoes ? 0 : present.previousGeneration,
    waiting: waitingGoes ? 0 : present.waiting,
  };
  const discarded: Amounts = {
    samples: present.samples - kept.samples,
    generation: modelGoes ? present.generation : 0,
    previousGeneration: modelGoes ? present.previousGeneration : 0,
    waiting: present.waiting - kept.waiting,
  };
  const figures: Figures = {
    kept,
    // What starts anew has no places yet.
    moved: samplesGo
      ? []
      : [
          ...features.moved.map((index) => after.features[index]?.name ?? ''),
          ...classes.moved.map((index) => after.classes[index]?.label ?? ''),
        ],
    renamed: !samplesGo && namesIn(blob) !== hashOfNames(after),
    defaultClass: defaultOf(before) === defaultOf(after) ? undefined : after.defaultClass,
    converted: {
      samples: answer.samples === 'converted' ? present.samples : 0,
      models: answer.models === 'converted' && present.generation > 0,
    },
    relabelled: answer.labels === 'converted' ? (learned.judged ?? present.samples) : 0,
    labelledBefore: answer.labels === 'discarded' && !isStream(after) ? present.samples : 0,
    retrained: modelGoes && !samplesGo && present.samples > 0,
    discarded,
    unfollowed: answer.voices === 'discarded' ? followed : 0,
    cause: answer.cause,
  };
  const lost =
    discarded.samples > 0 || discarded.generation > 0 || discarded.waiting > 0 || figures.unfollowed > 0;
  return {
    ...figures,
    verdict: lost ? 'discards' : 'keeps',
    lines: linesOf(figures, causeText(answer, after, features, classes)),
  };
}
