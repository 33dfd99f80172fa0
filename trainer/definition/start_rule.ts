/** The start rule of a definition: its types, its defaults, what it must mean, and its part of the blob (et_start_rule). */

import { Limits, Start } from '../contract/contract.generated';
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
  /** Features that this shift may depend on. */
  followBy?: string[];
  /** How far past its end a class stays that is not the default one. */
  hysteresis?: number;
  /** Whether the following rule decides alone until all voices together have shown that they are better. */
  leads?: boolean;
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

/** Features that the rule itself reads. */
function readBy(rule: DeadBandStart | TableStart | PmvStart): readonly (string | undefined)[] {
  if (rule.rule !== 'pmv') return [rule.feature];
  return (Object.keys(PMV_INPUTS) as PmvInputName[]).map((name) => rule[name]?.feature);
}

/** The following rule's settings that were not given. */
function following(
  rule: DeadBandStart | TableStart | PmvStart,
  ends: readonly number[],
  features: readonly { readonly name: string }[],
): Required<Following> {
  const others = features.map(({ name }) => name).filter((name) => !readBy(rule).includes(name));
  const hysteresis = rule.hysteresis ?? 0;
  const leads = rule.leads ?? hysteresis > 0;
  return {
    follow: rule.follow ?? ((ends.at(-1) ?? 0) - (ends[0] ?? 0)) / FOLLOW_PARTS,
    followBy: rule.followBy ?? (leads ? others.slice(0, Limits.RULE_CONTEXTS) : []),
    hysteresis,
    leads,
  };
}

/** Fills in what depends on other fields. */
export function completeStartRule(
  rule: StartRule,
  features: readonly { readonly name: string }[],
): CompleteStartRule {
  switch (rule.rule) {
    case 'dead-band':
      return { ...rule, ...following(rule, [-rule.band, rule.band], features) };
    case 'table':
      return {
        ...rule,
        ...following(
          rule,
          rule.steps.map(({ upTo }) => upTo),
          features,
        ),
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
        ...following(
          rule,
          rule.steps.map(({ upTo }) => upTo),
          features,
        ),
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
  followBy: number[];
  hysteresis: number;
  leads: boolean;
  inputs: { feature: number; offset: number; slope: number }[];
}

const ASSUMED = 255;
const PMV_SCALE = 1000;
/** Bytes of et_start_rule. */
export const START_RULE_BYTES = 92;
const INPUTS_AT = 28;
const HYSTERESIS_AT = 34;
const LEADS_AT = 36;
const BY_AT = 40;
const LINES_AT = 44;

/** What a kind of rule does not have. */
const none: Coded = {
  kind: Start.NONE,
  feature: 0,
  ends: [],
  classes: [],
  follow: 0,
  followBy: [],
  hysteresis: 0,
  leads: false,
  inputs: [],
};

function code(
  rule: CompleteStartRule,
  features: readonly Named[],
  classes: readonly Labelled[],
): Coded | undefined {
  const feature = (name: string): number => features.findIndex((candidate) => candidate.name === name);
  const index = (label: string): number => classes.findIndex((entry) => entry.label === label);
  const scaleOf = (name: string): number => features[feature(name)]?.scale ?? 1;
  const followed = (of: Required<Following>, scale: number): Pick<Coded, keyof Following> => ({
    follow: Math.round(of.follow * scale),
    followBy: of.followBy.map(feature),
    hysteresis: Math.round(of.hysteresis * scale),
    leads: of.leads,
  });
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
        ...followed(rule, scale),
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
        ...followed(rule, scale),
      };
    }
    case 'pmv':
      return {
        ...none,
        kind: Start.PMV,
        ends: rule.steps.map(({ upTo }) => Math.round(upTo * PMV_SCALE)),
        classes: [...rule.steps.map((step) => step.class), rule.above].map(index),
        ...followed(rule, PMV_SCALE),
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
  for (let i = 0; i < Limits.RULE_STEPS; i++) view.setInt16(4 + 2 * i, coded.ends[i] ?? 0, true);
  view.setInt16(18, coded.follow, true);
  bytes.set(coded.classes, 20);
  view.setInt16(HYSTERESIS_AT, coded.hysteresis, true);
  bytes[LEADS_AT] = coded.leads ? 1 : 0;
  for (let i = 0; i < Limits.RULE_CONTEXTS; i++) bytes[BY_AT + i] = coded.followBy[i] ?? ASSUMED;
  coded.inputs.forEach((input, i) => {
    bytes[INPUTS_AT + i] = input.feature;
    view.setFloat32(LINES_AT + 8 * i, input.offset, true);
    view.setFloat32(LINES_AT + 8 * i + 4, input.slope, true);
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
    const entry = features[index];
    if (entry === undefined) throw new RangeError(`start rule: no feature ${index}`);
    return entry.name;
  };
  const labelled = (index: number): string => {
    const entry = classes[index];
    if (entry === undefined) throw new RangeError(`start rule: no class ${index}`);
    return entry.label;
  };
  const [kind, feature, count] = bytes as unknown as [number, number, number];
  if (kind === Start.CHOICE) return { rule: 'choice', feature: named(feature) };
  if ((kind !== Start.STEPS && kind !== Start.PMV) || count < 1 || count > Limits.RULE_STEPS)
    throw new RangeError(`start rule of kind ${kind} with ${count} steps`);
  const ends = Array.from({ length: count }, (_, i) => view.getInt16(4 + 2 * i, true));
  const labels = Array.from({ length: count + 1 }, (_, i) => labelled(bytes[20 + i] as number));
  const followed = (scale: number): Required<Following> => ({
    follow: view.getInt16(18, true) / scale,
    followBy: [...bytes.subarray(BY_AT, BY_AT + Limits.RULE_CONTEXTS)]
      .filter((at) => at !== ASSUMED)
      .map(named),
    hysteresis: view.getInt16(HYSTERESIS_AT, true) / scale,
    leads: bytes[LEADS_AT] === 1,
  });
  if (kind === Start.STEPS)
    return {
      rule: 'table',
      feature: named(feature),
      steps: ends.map((upTo, i) => ({ upTo: upTo / scaleAt(feature), class: labels[i] as string })),
      above: labels[count] as string,
      ...followed(scaleAt(feature)),
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
    ...followed(PMV_SCALE),
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
    if (!classes.some((entry) => entry.label === label))
      say(path, text('definition.noClass', { label, names: classes.map((entry) => entry.label) }));
  };
  const isFeature = (path: string, name: string): void => {
    if (!features.some((feature) => feature.name === name))
      say(path, text('definition.noFeature', { name, names: features.map((feature) => feature.name) }));
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
  if (rule.rule !== 'choice')
    for (const [i, name] of rule.followBy.entries()) {
      isFeature(`startRule.followBy[${i}]`, name);
      if (rule.followBy.indexOf(name) < i)
        say(`startRule.followBy[${i}]`, text('definition.followedTwice', { name }));
    }
  const coded = code(rule, features, classes);
  if (coded === undefined) return;
  const where =
    rule.rule === 'table' || rule.rule === 'pmv'
      ? 'startRule.steps'
      : rule.rule === 'choice'
        ? 'startRule'
        : 'startRule.band';
  if ([...coded.ends, coded.follow, coded.hysteresis].some((value) => value < -32_768 || value > 32_767))
    say(where, text('definition.startRegister'));
  else if (coded.ends.some((end, i) => i > 0 && end <= (coded.ends[i - 1] as number)))
    say(where, text('definition.startRises'));
}
