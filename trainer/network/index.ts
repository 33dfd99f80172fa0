export { encodeLayer, encodeNetwork, LAYER_BYTES } from './encode';
export { NetworkImportError } from './errors';
export { importTflite } from './import';
export { withInputUpToOne } from './normalise';
export type { ImportedNetwork, LayerParameters, NetworkLayer, Range } from './types';
