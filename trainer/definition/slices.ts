/** Layers whose rows of weights are so long that one takes more instructions than a slice may: the board answers late meanwhile. */
import { type Text, text } from '../text';
import { boardOf } from './boards';
import { groupDigits } from './errors';
import type { NetworkPlan } from './network';
import type { CompleteDefinition } from './types';

/** Weights of a row within 50 000 instructions, measured on a Cortex-M3 (docs/networks.md, Limits). */
const MOST = { bytes: 10_000, floats: 480, floatsOfFilter: 120 } as const;

/** Floating point is software on the other cores. */
const COMPUTES_FLOATS = /F$|WebAssembly/;

/** One line for each such layer. */
export function longRows(definition: CompleteDefinition, plan: NetworkPlan, board: string): Text[] {
  const { model } = definition;
  if (model.type !== 'dnn') return [];
  const software = !COMPUTES_FLOATS.test(boardOf(board).core);
  return model.layers.flatMap((layer, i) => {
    if (layer.kind !== 'dense' && layer.kind !== 'conv') return [];
    const floats = (layer.format === 'network' ? model.format : layer.format) === 'f32';
    const dense = layer.kind === 'dense';
    // Weights and a bias for each unit or filter.
    const row = (plan.layers[i]?.parameters ?? 0) / (dense ? layer.units : layer.filters) - 1;
    const within = dense ? MOST.floats : MOST.floatsOfFilter;
    const most = floats ? (software ? within : row) : dense ? MOST.bytes : row;
    if (row <= most) return [];
    const named = { number: i + 1, kind: layer.kind, row: groupDigits(row), most: groupDigits(most) };
    return [text('definition.network.longRow', named)];
  });
}
