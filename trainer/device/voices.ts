/** Who decides: the voices of a trainer, how often each was right, and whether the feedback can be trusted. */

import { Blocks, DecidedBy, Suspicion } from '../contract/contract.generated';
import { text } from '../text';
import type { Doing, UnitAccess } from './access';
import { ProtocolError } from './errors';
import { type WordOf, wordOf } from './words';

/** Whose word decided, or which limit of the plant held it back. */
export type DecidedByWord = WordOf<typeof DecidedBy>;
export type SuspicionWord = WordOf<typeof Suspicion>;

export interface Voice {
  readonly name: DecidedByWord;
  /** Share of the truths that it proposed before they came, 0..1; undefined = it has made no proposal yet. */
  readonly accuracy: number | undefined;
  /** Truths that this is the share of; old ones count half after 2000. */
  readonly truths: number;
}

export interface VoicesStatus {
  readonly voices: readonly Voice[];
  readonly suspicion: SuspicionWord;
  /** Index of the feature that stands still. */
  readonly suspiciousFeature: number | undefined;
  /** Usual share of truths that agree with the decisions, 0..1; undefined = not known yet. */
  readonly agreement: number | undefined;
  /** How far the following rule has moved its steps, in register units of its feature, or 1/1000 PMV. */
  readonly ruleShift: number;
}

const NOT_KNOWN = 65_535;
const VOICES = 5;
const share = (permille: number): number | undefined => (permille > 1000 ? undefined : permille / 1000);

const NAMES: Readonly<Record<DecidedByWord, string>> = {
  'start-rule': 'the start rule',
  'following-rule': 'the start rule that follows the truths',
  'last-truth': 'the last truth',
  model: 'the model',
  'second-model': 'the second model',
  'hold-time': 'the hold time of a class',
  'opposed-classes': 'the limit between opposed classes',
  hysteresis: 'the hysteresis of the start rule',
  'max-change': 'the limit of change of an output',
};

/** For a line of the log. */
export function voiceName(code: number): string {
  const word = wordOf(DecidedBy, code);
  return word === undefined ? `voice ${code}` : NAMES[word];
}

const SUSPICIONS: Readonly<Record<SuspicionWord, string>> = {
  none: 'the feedback agrees again, or somebody vouched for it',
  'outcome-stuck': 'suspicious feedback: the outcome stays the same whatever is decided',
  'feature-stuck': 'suspicious feedback: a feature stands still, and decisions or the model became worse',
  contradiction: 'suspicious feedback: it suddenly contradicts decisions that were right',
  independent: 'suspicious feedback: it no longer depends on the decisions',
};

export function suspicionText(code: number, detail: number): string {
  const word = wordOf(Suspicion, code);
  if (word === undefined) return `suspicious feedback of kind ${code}`;
  return word === 'feature-stuck' ? `${SUSPICIONS[word]} (stored feature ${detail})` : SUSPICIONS[word];
}

export async function readVoices(access: UnitAccess, how: Doing): Promise<VoicesStatus> {
  const window = await access.read(Blocks.voices.address, Blocks.voices.words, how);
  const suspicion = wordOf(Suspicion, window.number('suspicion'));
  if (suspicion === undefined)
    throw new ProtocolError(access.unit, text('protocol.suspicion', { code: window.number('suspicion') }));
  const feature = window.number('suspicionFeature');
  return {
    voices: Array.from({ length: VOICES }, (_, code) => ({
      name: wordOf(DecidedBy, code) as DecidedByWord,
      accuracy: share(window.number('voiceAccuracy', code)),
      truths: window.number('voiceTruths', code),
    })),
    suspicion,
    suspiciousFeature: feature === NOT_KNOWN ? undefined : feature,
    agreement: share(window.number('agreement')),
    ruleShift: window.number('ruleShift'),
  };
}
