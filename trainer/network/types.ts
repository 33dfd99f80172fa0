/** A network as the host knows it: what edge_trainer/dnn.h calls a network, with names instead of numbers. */

export type LayerType =
  | 'dense'
  | 'conv'
  | 'depthwise'
  | 'maxPool'
  | 'averagePool'
  | 'globalAveragePool'
  | 'flatten'
  | 'add'
  | 'softmax';

export type Activation = 'linear' | 'relu' | 'relu6';
export type Padding = 'valid' | 'same';
/** What training changes of a layer. */
export type Update = 'frozen' | 'bias' | 'all';

export interface NetworkLayer {
  readonly type: LayerType;
  /** Units, filters, or the multiplier of a depthwise convolution. */
  readonly outputs?: number;
  /** Height and width. */
  readonly kernel?: readonly [number, number];
  readonly stride?: readonly [number, number];
  readonly padding?: Padding;
  readonly activation?: Activation;
  readonly update?: Update;
  /** Only the first so many rows or filters have their weights trained. */
  readonly trainedRows?: number;
  /** The layer whose output is read, the first is 1, 0 the network's input. Default: the one before. */
  readonly input?: number;
  /** The second input of an add. */
  readonly with?: number;
}

/** A byte q means scale * (q - zero). */
export interface Range {
  readonly scale: number;
  readonly zero: number;
}

export interface LayerParameters {
  readonly weights: Int8Array;
  /** One a channel. */
  readonly scales: Float32Array;
  /** In units of input scale times weight scale. */
  readonly biases: Int32Array;
}

export interface ImportedNetwork {
  /** Height, width, channels. */
  readonly input: readonly [number, number, number];
  readonly inputRange: Range;
  readonly layers: readonly NetworkLayer[];
  /** Of each layer's output. */
  readonly ranges: readonly Range[];
  /** Of each layer; undefined where it has none. */
  readonly parameters: readonly (LayerParameters | undefined)[];
  /** The layer that stands for each operator of the file; 0 = the network's input as it is. */
  readonly operators: readonly number[];
}
