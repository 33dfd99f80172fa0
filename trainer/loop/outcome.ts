/** What a value of the plant says about a decision, by the feedback rule of the definition. */

import { type CompleteDefinition, outputsOf } from '../definition';
import { InputError, type Outcome } from '../device';
import { text } from '../text';

/**
 * A process value for a rule that judges one; for the rule "label" the index of the class that would have been right, as a PLC has it in
 * a register or an inspector's coil. Of a continuous output with the rule "label" the value
 * that would have been right.
 * @throws InputError for an index without a class
 */
export function outcomeOf(definition: CompleteDefinition, value: number): Outcome {
  const { feedback, classes } = definition;
  if (feedback.rule !== 'label') return { outcome: value };
  if (outputsOf(definition).length > 0) return { target: value };
  const label = classes[value]?.label;
  if (label === undefined)
    throw new InputError('outcome', text('input.noIndex', { value, most: classes.length - 1 }));
  return { label };
}

/** Whether a process value is where the rule wants it. */
export function isHeld({ feedback }: CompleteDefinition, value: number, setPoint?: number): boolean {
  if (feedback.rule === 'label') return false;
  const register = (quantity: number): number => Math.round(quantity * feedback.scale);
  const limits = feedback.rule === 'limit';
  const off = register(value) - register(setPoint ?? (limits ? feedback.limit : feedback.setPoint));
  if (!limits) return Math.abs(off) <= register(feedback.band);
  return feedback.side === 'above' ? off <= 0 : off >= 0;
}

/** The process value that an outcome is; undefined: it says the class, or why it cannot be judged. */
export function processValueOf(outcome: Outcome | number): number | undefined {
  if (typeof outcome === 'number') return outcome;
  return 'outcome' in outcome ? outcome.outcome : undefined;
}
