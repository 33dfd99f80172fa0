/** What a message says became of a decision. */
import type { Outcome } from '../../trainer/device';
import { MessageError } from './message_error';

export type OutcomeKind = 'auto' | 'outcome' | 'label' | 'override' | 'discard' | 'falseAlarm' | 'confirmed';

const NAMED = ['outcome', 'label', 'override', 'discard', 'falseAlarm', 'confirmed'] as const;

/** What the value means: the kind that was chosen, or what its form says. */
export function outcomeFrom(kind: OutcomeKind, value: unknown): Outcome {
  switch (kind) {
    case 'outcome':
      return { outcome: value as number };
    case 'label':
      return { label: value as string };
    case 'override':
      return { override: value as string };
    case 'discard':
      return { discard: (typeof value === 'string' ? value : 'other') as 'other' };
    case 'falseAlarm':
      return { falseAlarm: true };
    case 'confirmed':
      // A text is the name of the pattern; anything else, a button's true for example, only confirms.
      return { confirmed: typeof value === 'string' && value.trim() !== '' ? value : true };
    default:
      if (typeof value === 'number') return { outcome: value };
      if (typeof value === 'string') return { label: value };
      if (typeof value === 'object' && value !== null) {
        const given = Object.entries(value).filter(([name]) => (NAMED as readonly string[]).includes(name));
        if (given.length === 1) return Object.fromEntries(given) as unknown as Outcome;
      }
      throw new MessageError('error.noOutcome', { kinds: NAMED.join(', ') });
  }
}
