/** The start rule of a definition: its types, its defaults, what it must mean, and its part of the blob (et_start_rule). */

import { Start } from '../contract/contract.generated';
import { type Text, text } from '../text';
import { PMV_INPUTS } from './start_rule_schema';

export type PmvInputName = keyof typeof PMV_INPUTS;

/** value + slope * feature; without a feature the value is assumed. */
export interface PmvInput {
  feature?: string;
  value?: number;
  slope?: number;
}

interface Following {
  /** How far a truth moves the steps of the rule that follows; 0 = there is none. */
  follow?: number;
}

export interface DeadBandStart extends Following {
  rule: 'dead-band';
  feature: string;
  setPoint: number;
  band: number;
  tooLow: string;
  within: string;
  tooHigh: string;
}

export interface TableStart extends Following {
  rule: 'table';
  feature: string;
  steps: { upTo: number; class: string }[];
  above: string;
}

export interface PmvStart extends Following, Partial<Record<PmvInputName, PmvInput>> {
  rule: 'pmv';
  steps: { upTo: number; class: string }[];
  above: string;
  air: PmvInput;
}

export type StartRule =
  | { rule: 'default-class' }
  | { rule: 'choice'; feature: string }
  | DeadBandStart
  | TableStart
  | PmvStart;

export type CompletePmvStart = Required<Omit<PmvStart, PmvInputName>> &
  Record<PmvInputName, { feature?: string; value: number; slope: number }>;
export type CompleteStartRule =
  | { rule: 'default-class' }
  | { rule: 'choice'; feature: string }
  | Required<DeadBandStart>
  | Required<TableStart>
  | CompletePmvStart;

/** A part of the distance between first and last step that one truth moves the rule. */
const FOLLOW_PARTS = 8;

const follows = (first: number, last: number): number => (last - first) / FOLLOW_PARTS;

/** Fills in what depends on other fields. */
export function completeStartRule(rule: StartRule): CompleteStartRule {
  switch (rule.rule) {
    case 'dead-band':
      return { ...rule, follow: rule.follow ?? follows(-rule.band, rule.band) };
    case 'table':
      return {
        ...rule,
        follow: rule.follow ?? follows(rule.steps[0]?.upTo ?? 0, rule.steps.at(-1)?.upTo ?? 0),
      };
    case 'pmv': {
      const inputs = Object.fromEntries(
        (Object.keys(PMV_INPUTS) as PmvInputName[]).map((name) => {
          const given = rule[name] ?? (name === 'radiant' ? rule.air : {});
          const value = given.value ?? (given.feature === undefined ? PMV_INPUTS[name] : 0);
          return [name, { ...given, value, slope: given.slope ?? 1 }];
        }),
      ) as Record<PmvInputName, { feature?: string; value: number; slope: number }>;
      return {
        ...rule,
        ...inputs,
        follow: rule.follow ?? follows(rule.steps[0]?.upTo ?? 0, rule.steps.at(-1)?.upTo ?? 0),
      };
    }
    default:
      return rule;
  }
}

interface Named {
  readonly name: string;
  readonly scale: number;
}
interface Labelled {
  readonly label: string;
}

/** What the rule means as numbers: the fields of et_start_rule. */
interface Coded {
  kind: number;
  feature: number;
  ends: number[];
  classes: number[];
  follow: number;
  inputs: { feature: number; offset: number; slope: number }[];
}

const ASSUMED = 255;
const STEPS = 7;
const PMV_SCALE = 1000;
/** Bytes of et_start_rule. */
export const START_RULE_BYTES = 84;
const INPUTS_AT = 28;
const LINES_AT = 36;

function code(
  rule: CompleteStartRule,
  features: readonly Named[],
  classes: readonly Labelled[],
): Coded | undefined {
  const feature = (name: string): number => features.findIndex((one) => one.name === name);
  const index = (label: string): number => classes.findIndex((one) => one.label === label);
  const scaleOf = (name: string): number => features[feature(name)]?.scale ?? 1;
  const none: Coded = { kind: Start.NONE, feature: 0, ends: [], classes: [], follow: 0, inputs: [] };
  switch (rule.rule) {
    case 'default-class':
      return undefined;
    case 'choice':
      return { ...none, kind: Start.CHOICE, feature: feature(rule.feature) };
    case 'dead-band': {
      const scale = scaleOf(rule.feature);
      return {
        ...none,
        kind: Start.STEPS,
        feature: feature(rule.feature),
        ends: [rule.setPoint - rule.band, rule.setPoint + rule.band].map((end) => Math.round(end * scale)),
        classes: [rule.tooLow, rule.within, rule.tooHigh].map(index),
        follow: Math.round(rule.follow * scale),
      };
    }
    case 'table': {
      const scale = scaleOf(rule.feature);
      return {
        ...none,
        kind: Start.STEPS,
        feature: feature(rule.feature),
        ends: rule.steps.map(({ upTo }) => Math.round(upTo * scale)),
        classes: [...rule.steps.map((step) => step.class), rule.above].map(index),
        follow: Math.round(rule.follow * scale),
      };
    }
    case 'pmv':
      return {
        ...none,
        kind: Start.PMV,
        ends: rule.steps.map(({ upTo }) => Math.round(upTo * PMV_SCALE)),
        classes: [...rule.steps.map((step) => step.class), rule.above].map(index),
        follow: Math.round(rule.follow * PMV_SCALE),
        inputs: (Object.keys(PMV_INPUTS) as PmvInputName[]).map((name) => {
          const { feature: from, value, slope } = rule[name];
          return from === undefined
            ? { feature: ASSUMED, offset: value, slope: 0 }
            : { feature: feature(from), offset: value, slope: slope / scaleOf(from) };
        }),
      };
  }
}

/** The bytes of the part; undefined: the rule is the default class and takes none. */
export function encodeStartRule(
  rule: CompleteStartRule,
  features: readonly Named[],
  classes: readonly Labelled[],
): Uint8Array | undefined {
  const coded = code(rule, features, classes);
  if (coded === undefined) return undefined;
  const bytes = new Uint8Array(START_RULE_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set([coded.kind, coded.feature, coded.ends.length, 0]);
  for (let i = 0; i < STEPS; i++) view.setInt16(4 + 2 * i, coded.ends[i] ?? 0, true);
  view.setInt16(18, coded.follow, true);
  bytes.set(coded.classes, 20);
  coded.inputs.forEach((one, i) => {
    bytes[INPUTS_AT + i] = one.feature;
    view.setFloat32(LINES_AT + 8 * i, one.offset, true);
    view.setFloat32(LINES_AT + 8 * i + 4, one.slope, true);
  });
  return bytes;
}

/**
 * The part read back, in engineering units.
 * @throws RangeError when a kind, class or feature is not there
 */
export function decodeStartRule(
  bytes: Uint8Array,
  features: readonly Named[],
  classes: readonly Labelled[],
): CompleteStartRule {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const scaleAt = (index: number): number => features[index]?.scale ?? 1;
  const named = (index: number): string => {
    const one = features[index];
    if (one === undefined) throw new RangeError(`start rule: no feature ${index}`);
    return one.name;
  };
  const labelled = (index: number): string => {
    const one = classes[index];
    if (one === undefined) throw new RangeError(`start rule: no class ${index}`);
    return one.label;
  };
  const [kind, feature, count] = bytes as unknown as [number, number, number];
  if (kind === Start.CHOICE) return { rule: 'choice', feature: named(feature) };
  if ((kind !== Start.STEPS && kind !== Start.PMV) || count < 1 || count > STEPS)
    throw new RangeError(`start rule of kind ${kind} with ${count} steps`);
  const ends = Array.from({ length: count }, (_, i) => view.getInt16(4 + 2 * i, true));
  const labels = Array.from({ length: count + 1 }, (_, i) => labelled(bytes[20 + i] as number));
  const follow = view.getInt16(18, true);
  if (kind === Start.STEPS)
    return {
      rule: 'table',
      feature: named(feature),
      steps: ends.map((upTo, i) => ({ upTo: upTo / scaleAt(feature), class: labels[i] as string })),
      above: labels[count] as string,
      follow: follow / scaleAt(feature),
    };
  const inputs = Object.fromEntries(
    (Object.keys(PMV_INPUTS) as PmvInputName[]).map((name, i) => {
      const from = bytes[INPUTS_AT + i] as number;
      const value = view.getFloat32(LINES_AT + 8 * i, true);
      const slope = view.getFloat32(LINES_AT + 8 * i + 4, true);
      return [
        name,
        from === ASSUMED
          ? { value, slope: 1 }
          : { feature: named(from), value, slope: slope * scaleAt(from) },
      ];
    }),
  ) as Record<PmvInputName, { feature?: string; value: number; slope: number }>;
  return {
    rule: 'pmv',
    steps: ends.map((upTo, i) => ({ upTo: upTo / PMV_SCALE, class: labels[i] as string })),
    above: labels[count] as string,
    ...inputs,
    follow: follow / PMV_SCALE,
  };
}

/** Says with `say` what the rule names that is not there, or what does not fit a register. */
export function startRuleIssues(
  rule: CompleteStartRule,
  features: readonly Named[],
  classes: readonly Labelled[],
  say: (path: string, problem: Text) => void,
): void {
  const isLabel = (path: string, label: string): void => {
    if (!classes.some((one) => one.label === label))
      say(path, text('definition.noClass', { label, names: classes.map((one) => one.label).join(', ') }));
  };
  const isFeature = (path: string, name: string): void => {
    if (!features.some((one) => one.name === name))
      say(path, text('definition.noFeature', { name, names: features.map((one) => one.name).join(', ') }));
  };
  if (rule.rule === 'default-class') return;
  if (rule.rule === 'pmv') {
    for (const name of Object.keys(PMV_INPUTS) as PmvInputName[]) {
      const { feature } = rule[name];
      if (feature !== undefined) isFeature(`startRule.${name}.feature`, feature);
    }
  } else {
    isFeature('startRule.feature', rule.feature);
    if (rule.rule === 'dead-band')
      for (const field of ['tooLow', 'within', 'tooHigh'] as const)
        isLabel(`startRule.${field}`, rule[field]);
  }
  if (rule.rule === 'table' || rule.rule === 'pmv') {
    for (const [i, step] of rule.steps.entries()) isLabel(`startRule.steps[${i}].class`, step.class);
    isLabel('startRule.above', rule.above);
  }
  const coded = code(rule, features, classes);
  if (coded === undefined) return;
  const where =
    rule.rule === 'table' || rule.rule === 'pmv'
      ? 'startRule.steps'
      : rule.rule === 'choice'
        ? 'startRule'
        : 'startRule.band';
  if ([...coded.ends, coded.follow].some((value) => value < -32_768 || value > 32_767))
    say(where, text('definition.startRegister'));
  else if (coded.ends.some((end, i) => i > 0 && end <= (coded.ends[i - 1] as number)))
    say(where, text('definition.startRises'));
}
