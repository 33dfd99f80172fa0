/** The head of a network: its last layer with weights, and all behind it. */
import type { ImportedNetwork } from './types';

/** Number, from 0, of the last entry that `holds`; -1 = none does. */
export function lastWhere<T>(list: readonly T[], holds: (entry: T, index: number) => boolean): number {
  return list.reduce((found, entry, index) => (holds(entry, index) ? index : found), -1);
}

/**
 * The network with a new head in the place of its own: a dense layer of `outputs` units that has no weights yet. Undefined when nothing
 * with weights would be left in front of it.
 */
export function withNewHead(network: ImportedNetwork, outputs: number): ImportedNetwork | undefined {
  const { layers, ranges, parameters, operators } = network;
  const at = lastWhere(parameters, (each) => each !== undefined);
  const before = parameters.slice(0, Math.max(at, 0));
  if (!before.some((each) => each !== undefined)) return undefined;
  return {
    ...network,
    layers: [...layers.slice(0, at), { type: 'dense', outputs, input: layers[at]?.input ?? at }],
    // The board trains the head on sums, without a range of its own.
    ranges: [...ranges.slice(0, at), { scale: 1, zero: 0 }],
    parameters: [...before, undefined],
    operators: operators.filter((layer) => layer <= at),
  };
}
