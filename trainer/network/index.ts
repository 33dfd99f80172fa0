export { type Imported, type ImportOptions, importTflite, type TrainedPart } from './definition';
export { encodeLayer, encodeNetwork, LAYER_BYTES } from './encode';
export { NetworkImportError, WeightsError } from './errors';
export { withInputUpToOne } from './normalise';
export { readNetwork } from './read';
export type { ImportedNetwork, LayerParameters, LayerType, NetworkLayer, Range } from './types';
export { type NetworkWeights, openWeights, type WeightsDocument, weightsOf } from './weights';
