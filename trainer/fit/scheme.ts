/** Sparse schemes: what a training changes of each layer of a network. */
import type { CompleteDefinition, LayerDefinition } from '../definition';

/** Least first: nothing, biases, besides the weights of a share of the rows or filters, everything. */
export const PARTS = ['frozen', 'bias', 'quarter', 'half', 'all'] as const;
export type Part = (typeof PARTS)[number];

/** One part for each layer; undefined = it has no weights. */
export type Scheme = readonly (Part | undefined)[];

type Network = Extract<CompleteDefinition['model'], { type: 'dnn' }>;
type Layer = Network['layers'][number];

const ROWS = { quarter: 4, half: 2 } as const;

export function networkOf({ model }: CompleteDefinition): Network | undefined {
  return model.type === 'dnn' ? model : undefined;
}

function rowsOf(layer: Layer): number | undefined {
  if (layer.kind === 'dense') return layer.units;
  return layer.kind === 'conv' ? layer.filters : undefined;
}

const weighted = (layer: LayerDefinition | Layer): boolean =>
  layer.kind === 'dense' || layer.kind === 'conv' || layer.kind === 'depthwise';

/** Index of the last layer with weights: it is always trained as a whole. */
export function headOf({ layers }: Network): number {
  return layers.reduce((found, layer, index) => (weighted(layer) ? index : found), -1);
}

/** What can be trained of a layer, least first. */
export function partsOf(network: Network, index: number): readonly Part[] {
  const layer = network.layers[index] as Layer;
  if (!weighted(layer)) return [];
  if (index === headOf(network)) return ['all'];
  const rows = rowsOf(layer);
  if (rows === undefined) return ['frozen', 'bias', 'all'];
  return rows >= ROWS.quarter ? PARTS : ['frozen', 'bias', 'all'];
}

/** The scheme with this part for every layer but the head. */
export function schemeOf(network: Network, part: 'frozen' | 'bias' | 'all'): Scheme {
  const head = headOf(network);
  return network.layers.map((layer, index) => (!weighted(layer) ? undefined : index === head ? 'all' : part));
}

/** The scheme with another part for one layer. */
export function changed(scheme: Scheme, index: number, part: Part): Scheme {
  return scheme.map((each, at) => (at === index ? part : each));
}

function updated(layer: Layer, part: Part): Layer {
  const rows = rowsOf(layer);
  const update = part === 'quarter' || part === 'half' ? 'all' : part;
  if (rows === undefined) return { ...layer, update } as Layer;
  const trainedRows = part === 'quarter' || part === 'half' ? Math.ceil(rows / ROWS[part]) : 0;
  return { ...layer, update, trainedRows } as Layer;
}

/** The definition with the scheme's updates. */
export function withScheme<T extends CompleteDefinition>(definition: T, scheme: Scheme): T {
  const network = networkOf(definition);
  if (network === undefined) return definition;
  const layers = network.layers.map((layer, index) => {
    const part = scheme[index];
    return part === undefined ? layer : updated(layer, part);
  });
  return { ...definition, model: { ...network, layers } };
}
