/** Reads the outcome of a decision from a message. */
import type { Outcome, TargetValues } from '../../trainer/device';
import { MessageError } from './message_error';

export type OutcomeKind =
  | 'auto'
  | 'outcome'
  | 'label'
  | 'target'
  | 'override'
  | 'discard'
  | 'falseAlarm'
  | 'confirmed';

const NAMED = ['outcome', 'label', 'target', 'override', 'discard', 'falseAlarm', 'confirmed'] as const;

function named(value: unknown): Outcome | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const given = Object.entries(value).filter(([name]) => (NAMED as readonly string[]).includes(name));
  return given.length === 1 ? (Object.fromEntries(given) as unknown as Outcome) : undefined;
}

/** A number, a list of them, or an object that names an output. */
function isTarget(value: unknown, outputs: readonly string[]): value is TargetValues {
  if (typeof value === 'number' || Array.isArray(value)) return true;
  return (
    typeof value === 'object' && value !== null && Object.keys(value).some((name) => outputs.includes(name))
  );
}

/**
 * What the value means: the kind that was chosen, or what its form says.
 * @param outputs names of the continuous outputs; none: decisions are between classes
 */
export function outcomeFrom(kind: OutcomeKind, value: unknown, outputs: readonly string[] = []): Outcome {
  switch (kind) {
    case 'target':
      return { target: value as TargetValues };
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
      if (outputs.length > 0 && isTarget(value, outputs)) return { target: value };
      if (typeof value === 'number') return { outcome: value };
      if (typeof value === 'string') return { label: value };
      {
        const outcome = named(value);
        if (outcome !== undefined) return outcome;
      }
      throw new MessageError('error.noOutcome', { kinds: NAMED });
  }
}
