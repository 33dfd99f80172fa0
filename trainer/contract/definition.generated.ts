// Generated from firmware/contract by `npm run generate`. Do not edit.

/** one measured value */
export interface FeatureDefinition {
  /** name, unique in the definition; messages name the value by it */
  name: string;
  /** identity, unique in the definition: keep it when the name changes, and what was learned stays; two entries may change places at any time */
  id?: string;
  /** engineering unit */
  unit?: string;
  /** smallest expected value */
  min: number;
  /** largest expected value */
  max: number;
  /** register units per engineering unit: the register holds round(value * scale) */
  scale?: number;
  /** the feature is an array of so many values, such as an image: one byte each, sent in pages. It is the only feature then (networks) */
  count?: number;
  /** the array is a window of a stream: its newest values, of so many channels one after the other, as a master streams them or the board samples them. The number of values is a multiple of it */
  streamChannels?: number;
}

/** one class that can be decided */
export interface ClassDefinition {
  /** label, unique in the definition */
  label: string;
  /** identity, unique in the definition: keep it when the label changes, and what was learned stays; two entries may change places at any time */
  id?: string;
  /** value of the actuation register when this class is decided */
  actuation?: number;
  /** minimum time that the plant stays in this class; 0 = none, s */
  holdSeconds?: number;
  /** classes that never directly follow this one, and that this one never directly follows */
  opposed?: string[];
  /** weight in the training loss, in steps of 1/256; counts with the class weights "explicit" only */
  weight?: number;
}

/** one continuous output */
export interface OutputDefinition {
  /** name, unique in the definition; messages name the value by it */
  name: string;
  /** identity, unique in the definition: keep it when the name changes, and what was learned stays; two entries may change places at any time */
  id?: string;
  /** engineering unit */
  unit?: string;
  /** smallest value that the plant gets, and smallest target */
  min: number;
  /** largest value that the plant gets, and largest target */
  max: number;
  /** register units per engineering unit: the register holds round(value * scale) */
  scale?: number;
  /** a decision is satisfactory when every output is this near to its target */
  tolerance?: number;
  /** value while nothing was learned yet */
  initial?: number;
  /** most that the value moves from one decision to the next; 0 = no limit. The first decision after a start is given whole */
  maxChange?: number;
}

/** draws straight borders between the classes. Small, fast, trained in integers by dual coordinate descent: right for most loops (family svm) */
export interface SvmLinearSettings {
  type: 'svm-linear';
  /** C, the price of a violated margin: larger fits the samples closer */
  cost?: number;
  /** training stops when the largest violation of the optimality conditions is below this */
  tolerance?: number;
  /** iteration bound: passes over the data (linear) or thousands of working sets (kernel) */
  maxEpochs?: number;
  /** weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (that of the class) */
  classWeights?: 'none' | 'balanced' | 'explicit';
  /** start each training from the solution of the last one */
  warmStart?: boolean;
}

/** draws curved borders between the classes, trained by sequential minimal optimisation. Needs more memory and time (family svm) */
export interface SvmKernelSettings {
  type: 'svm-kernel';
  /** C, the price of a violated margin: larger fits the samples closer */
  cost?: number;
  /** training stops when the largest violation of the optimality conditions is below this */
  tolerance?: number;
  /** iteration bound: passes over the data (linear) or thousands of working sets (kernel) */
  maxEpochs?: number;
  /** weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (that of the class) */
  classWeights?: 'none' | 'balanced' | 'explicit';
  /** start each training from the solution of the last one */
  warmStart?: boolean;
  /** kernel function: shape of the borders */
  kernel?: 'rbf' | 'polynomial' | 'linear';
  /** width of the RBF and polynomial kernels, on features scaled to -1..1; 0 = 1 / number of features */
  gamma?: number;
  /** constant term of the polynomial kernel */
  coef0?: number;
  /** degree of the polynomial kernel */
  degree?: number;
  /** most support vectors kept per pair of classes; 0 = as many as the data set holds */
  svBudget?: number;
}

/** a straight and a curved border (linear and RBF) side by side: two voices, and who has been right more often counts more. Needs the memory of both; the RBF one takes 0.3 of the cost (family svm) */
export interface SvmBothSettings {
  type: 'svm-both';
  /** C, the price of a violated margin: larger fits the samples closer */
  cost?: number;
  /** training stops when the largest violation of the optimality conditions is below this */
  tolerance?: number;
  /** iteration bound: passes over the data (linear) or thousands of working sets (kernel) */
  maxEpochs?: number;
  /** weight of a class in the loss: none, balanced (inversely to its number of samples), or explicit (that of the class) */
  classWeights?: 'none' | 'balanced' | 'explicit';
  /** start each training from the solution of the last one */
  warmStart?: boolean;
  /** width of the RBF and polynomial kernels, on features scaled to -1..1; 0 = 1 / number of features */
  gamma?: number;
  /** most support vectors kept per pair of classes; 0 = as many as the data set holds */
  svBudget?: number;
}

/** learns what a healthy signal sounds like, and raises an alarm when the signal differs (family esn) */
export interface EsnSettings {
  type: 'esn';
  /** units of the reservoir: more hear finer differences and take more memory */
  units?: number;
  /** topology: a simple cycle, or sparse random connections */
  reservoir?: 'cycle' | 'sparse';
  /** how the readout learns: ridge regression at once, or recursive least squares sample by sample */
  readout?: 'ridge' | 'rls';
  /** weight of the cycle, or spectral radius of a sparse reservoir */
  cycleWeight?: number;
  /** magnitude of every input weight */
  inputWeight?: number;
  /** leak rate of the units; 1 = no leak */
  leak?: number;
  /** regularisation, relative to the mean diagonal of the Gram matrix */
  ridge?: number;
  /** samples ignored after a start or a gap, sample */
  washout?: number;
  /** samples per score, sample */
  window?: number;
  /** samples between two scores; the window is 1 to 32 of them, sample */
  hop?: number;
  /** windows that the threshold is calibrated on, window */
  calibration?: number;
  /** design probability that a healthy window is over the threshold */
  falseAlarm?: number;
  /** windows in a row over the threshold that raise the alarm, window */
  alarmOn?: number;
  /** windows in a row that score like healthy ones and end the alarm, window */
  alarmOff?: number;
  /** anomaly patterns that the board tells apart, at most */
  patterns?: number;
  /** samples averaged into one; 1 = every sample */
  decimation?: number;
  /** forgetting factor of recursive least squares */
  forgetting?: number;
  /** samples of a learning phase, before calibration, sample */
  learningSamples?: number;
}

/** learns the level, the autocorrelation and the joint movement of healthy channels, and raises an alarm when they change. Cheaper than the echo state network, and better on the recordings that it was measured on (family correlation) */
export interface CorrelationSettings {
  type: 'correlation';
  /** samples per score, sample */
  window?: number;
  /** samples between two learned windows; the window is 1 to 32 of them, sample */
  hop?: number;
  /** hops between two scored windows */
  scoreEvery?: number;
  /** lags of the autocorrelation: how far back a sample is compared */
  lags?: number;
  /** windows to learn the healthy signal from, a hop apart, window */
  learningWindows?: number;
  /** how features are combined: by their full covariance, or each by its own deviation (a tenth of the memory, for small boards) */
  covariance?: 'full' | 'diagonal';
  /** places for operating regimes (speeds, loads) that are learned one by one */
  regimes?: number;
  /** name of the channel that gives the operating point (speed, load) and is not scored itself; empty = none */
  context?: string;
  /** how far the context may lie outside the range that a regime learned, in the unit of the context */
  contextTolerance?: number;
  /** design probability that a healthy window is over the threshold */
  falseAlarm?: number;
  /** the machine counts as off below this share of the learned level (RMS): its windows are neither scored nor learned */
  offShare?: number;
  /** fewest windows that raise the alarm, when they are far from healthy, window */
  alarmOn?: number;
  /** windows in a row that score like healthy ones and end the alarm, window */
  alarmOff?: number;
  /** anomaly patterns that the board tells apart, at most */
  patterns?: number;
  /** samples averaged into one; 1 = every sample */
  decimation?: number;
}

/** learns how slow channels (temperatures, pressures, flows) follow each other, and raises an alarm when they no longer do (family process) */
export interface ProcessSettings {
  type: 'process';
  /** samples that the residuals are averaged over, sample */
  window?: number;
  /** past samples that a prediction uses: order of the vector autoregression */
  lags?: number;
  /** samples to learn the healthy process from, sample */
  learningSamples?: number;
  /** regularisation, relative to the mean diagonal of the Gram matrix */
  ridge?: number;
  /** threshold, as a multiple of the largest score learned */
  margin?: number;
  /** fewest windows that raise the alarm, when they are far from healthy, window */
  alarmOn?: number;
  /** windows in a row that score like healthy ones and end the alarm, window */
  alarmOff?: number;
  /** anomaly patterns that the board tells apart, at most */
  patterns?: number;
  /** samples averaged into one; 1 = every sample */
  decimation?: number;
}

/** every unit reads all inputs */
export interface DenseLayer {
  kind: 'dense';
  /** units; in the last layer one for each class */
  units: number;
  /** function that each output goes through */
  activation?: 'linear' | 'relu' | 'relu6';
  /** what training changes: nothing (frozen), biases, which need little memory, or weights and biases (all); a layer that training does not change needs imported or restored weights */
  update?: 'frozen' | 'bias' | 'all';
  /** numbers of the layer: those of the network, or its own; layers that read the same layer have the same */
  format?: 'network' | 'q8' | 'f32';
  /** with update "all": training changes the weights of only so many units or filters, from the first; 0 = of all */
  trainedRows?: number;
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** convolution; in one dimension the height is 1 */
export interface ConvLayer {
  kind: 'conv';
  /** filters: channels of what the layer gives */
  filters: number;
  /** height of the window; 1 where the input is one row */
  kernelHeight?: number;
  /** width of the window: columns that the layer sees at a time */
  kernelWidth: number;
  /** rows that the window moves per step; a pool that says 0 moves by its height */
  strideHeight?: number;
  /** columns that the window moves per step; a pool that says 0 moves by its width */
  strideWidth?: number;
  /** what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same) */
  padding?: 'valid' | 'same';
  /** function that each output goes through */
  activation?: 'linear' | 'relu' | 'relu6';
  /** what training changes: nothing (frozen), biases, which need little memory, or weights and biases (all); a layer that training does not change needs imported or restored weights */
  update?: 'frozen' | 'bias' | 'all';
  /** numbers of the layer: those of the network, or its own; layers that read the same layer have the same */
  format?: 'network' | 'q8' | 'f32';
  /** with update "all": training changes the weights of only so many units or filters, from the first; 0 = of all */
  trainedRows?: number;
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** convolution of each channel by itself */
export interface DepthwiseLayer {
  kind: 'depthwise';
  /** filters for each channel */
  multiplier?: number;
  /** height of the window; 1 where the input is one row */
  kernelHeight?: number;
  /** width of the window: columns that the layer sees at a time */
  kernelWidth: number;
  /** rows that the window moves per step; a pool that says 0 moves by its height */
  strideHeight?: number;
  /** columns that the window moves per step; a pool that says 0 moves by its width */
  strideWidth?: number;
  /** what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same) */
  padding?: 'valid' | 'same';
  /** function that each output goes through */
  activation?: 'linear' | 'relu' | 'relu6';
  /** what training changes: nothing (frozen), biases, which need little memory, or weights and biases (all); a layer that training does not change needs imported or restored weights */
  update?: 'frozen' | 'bias' | 'all';
  /** numbers of the layer: those of the network, or its own; layers that read the same layer have the same */
  format?: 'network' | 'q8' | 'f32';
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** largest value of a window */
export interface MaxPoolLayer {
  kind: 'max-pool';
  /** height of the window; 1 where the input is one row */
  kernelHeight?: number;
  /** width of the window: columns that the layer sees at a time */
  kernelWidth: number;
  /** rows that the window moves per step; a pool that says 0 moves by its height */
  strideHeight?: number;
  /** columns that the window moves per step; a pool that says 0 moves by its width */
  strideWidth?: number;
  /** what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same) */
  padding?: 'valid' | 'same';
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** mean of a window */
export interface AveragePoolLayer {
  kind: 'average-pool';
  /** height of the window; 1 where the input is one row */
  kernelHeight?: number;
  /** width of the window: columns that the layer sees at a time */
  kernelWidth: number;
  /** rows that the window moves per step; a pool that says 0 moves by its height */
  strideHeight?: number;
  /** columns that the window moves per step; a pool that says 0 moves by its width */
  strideWidth?: number;
  /** what the layer sees beyond the edge of its input: nothing (valid), or zeros, so that a step of 1 keeps the size (same) */
  padding?: 'valid' | 'same';
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** mean of each channel */
export interface GlobalAveragePoolLayer {
  kind: 'global-average-pool';
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** the same values in one row */
export interface FlattenLayer {
  kind: 'flatten';
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** sum of two layers of the same shape: residual blocks */
export interface AddLayer {
  kind: 'add';
  /** the second layer that the sum reads, by its number; "network" = the input of the network. Both have the same shape */
  other: number | 'network';
  /** function that each output goes through */
  activation?: 'linear' | 'relu' | 'relu6';
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** probabilities; the last layer of an imported classifier, one that is trained from scratch needs none */
export interface SoftmaxLayer {
  kind: 'softmax';
  /** what the layer reads: 0 = the layer before, else the number of an earlier one, the first is 1; "network" = the input of the network */
  input?: number | 'network';
}

/** one layer */
export type LayerDefinition = DenseLayer | ConvLayer | DepthwiseLayer | MaxPoolLayer | AveragePoolLayer | GlobalAveragePoolLayer | FlattenLayer | AddLayer | SoftmaxLayer;

/** a network of layers, trained on the board by stochastic gradient descent. For features with structure, such as pixels or windows, and for many samples; needs a board with memory (family dnn) */
export interface DnnSettings {
  type: 'dnn';
  /** height of the input: the features are read as rows of pixels of channels */
  height?: number;
  /** width of the input; 0 = as many as there are features */
  width?: number;
  /** channels of the input: values of each pixel */
  channels?: number;
  /** numbers of the network: q8 holds weights, activations, errors and gradients in bytes, which takes a quarter of the memory and runs fast on small boards; f32 is floating point */
  format?: 'q8' | 'f32';
  /** layers of the network, from the input to the outputs; the last one has a unit for each class, or for each output */
  layers: LayerDefinition[];
  /** learning rate at the start of a training; it falls to 2 % along a smooth curve */
  rate?: number;
  /** percent of a training over which the learning rate rises from zero; 0 = none */
  warmUp?: number;
  /** no update, and no backward pass, from a sample whose outputs are all nearer to their targets than this */
  gate?: number;
  /** percent of each label that all classes share: few samples do not make the network certain; 0 = none. A gate below it costs time and gains accuracy. Continuous outputs have none */
  labelSmoothing?: number;
  /** smallest share of the rows or filters of a layer that one sample updates, those with the largest errors; 1 = all */
  lambdaMin?: number;
  /** largest share of the rows or filters that one sample updates, used while the loss is large */
  lambdaMax?: number;
  /** value of one step of an input byte; 0 = 1/127, so that a feature reaches from -1 to 1 over its range; an imported network brings its own */
  inputScale?: number;
  /** input byte that means zero; an imported network brings its own */
  inputZero?: number;
  /** passes over the samples of one training */
  epochs?: number;
  /** epochs without a better result on the held-out samples, after which a training ends; 0 = never */
  patience?: number;
  /** keep the activation ranges of an imported network; otherwise they follow the data */
  fixedRanges?: boolean;
  /** start each training from the running model; else from random weights */
  warmStart?: boolean;
}

/** a network learns to reconstruct windows of healthy channels from a few numbers, and raises an alarm when it cannot. Needs the most memory and the longest training; on the recordings that it was measured on, the correlation features do better (family autoencoder) */
export interface AutoencoderSettings {
  type: 'autoencoder';
  /** samples per score; times the channels at most 256, sample */
  window?: number;
  /** samples between two learned windows; the window is 1 to 32 of them, sample */
  hop?: number;
  /** hops between two scored windows */
  scoreEvery?: number;
  /** numbers that a window is reconstructed from */
  code?: number;
  /** units of a layer before the code and of one behind it; 0 = no such layers */
  hidden?: number;
  /** numbers of the network: q8 holds weights, activations, errors and gradients in bytes, which takes a quarter of the memory and runs fast on small boards; f32 is floating point */
  format?: 'q8' | 'f32';
  /** windows to record, a hop apart: the network learns the first two thirds, the last third sets the healthy score, window */
  learningWindows?: number;
  /** passes over the windows of one training */
  epochs?: number;
  /** learning rate at the start of a training, for a window as a whole; it falls to 2 % along a smooth curve */
  rate?: number;
  /** design probability that a healthy window is over the threshold */
  falseAlarm?: number;
  /** fewest windows that raise the alarm, when they are far from healthy, window */
  alarmOn?: number;
  /** windows in a row that score like healthy ones and end the alarm, window */
  alarmOff?: number;
  /** anomaly patterns that the board tells apart, at most */
  patterns?: number;
  /** samples averaged into one; 1 = every sample */
  decimation?: number;
}

export type ModelSettings = SvmLinearSettings | SvmKernelSettings | SvmBothSettings | EsnSettings | CorrelationSettings | ProcessSettings | DnnSettings | AutoencoderSettings;

/** the outcome is the right class itself: from an operator, a laboratory, a later measurement */
export interface LabelRule {
  rule: 'label';
  /** minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none, s */
  settleSeconds?: number;
  /** a decision older than this can no longer be judged; 0 = never, s */
  expireSeconds?: number;
  /** decisions that may wait for their outcome at a time */
  tickets?: number;
  /** when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look */
  suspicion?: 'pause' | 'report' | 'off';
}

/** the outcome is a process value that should stay around a set point */
export interface DeadBandRule {
  rule: 'dead-band';
  /** where the process value should be */
  setPoint: number;
  /** half width: within set point plus or minus band the outcome is satisfactory */
  band: number;
  /** class that would have been right when the outcome is too low; after the class against "too high" it is the class while untrained (defaultClass), where that is neither of the two */
  tooLow: string;
  /** class that would have been right when the outcome is too high; after the class against "too low" it is the class while untrained (defaultClass), where that is neither of the two */
  tooHigh: string;
  /** register units per engineering unit: the register holds round(value * scale) */
  scale?: number;
  /** engineering unit of the outcome */
  unit?: string;
  /** minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none, s */
  settleSeconds?: number;
  /** a decision older than this can no longer be judged; 0 = never, s */
  expireSeconds?: number;
  /** decisions that may wait for their outcome at a time */
  tickets?: number;
  /** when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look */
  suspicion?: 'pause' | 'report' | 'off';
}

/** the outcome is a process value that should stay on one side of a limit */
export interface LimitRule {
  rule: 'limit';
  /** border of the satisfactory side */
  limit: number;
  /** the unsatisfactory side of the limit */
  side: 'above' | 'below';
  /** class that would have been right when the outcome is beyond the limit */
  truth: string;
  /** register units per engineering unit: the register holds round(value * scale) */
  scale?: number;
  /** engineering unit of the outcome */
  unit?: string;
  /** minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none, s */
  settleSeconds?: number;
  /** a decision older than this can no longer be judged; 0 = never, s */
  expireSeconds?: number;
  /** decisions that may wait for their outcome at a time */
  tickets?: number;
  /** when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look */
  suspicion?: 'pause' | 'report' | 'off';
}

/** the outcome is a process value that the only continuous output should bring to a set point */
export interface TrackingRule {
  rule: 'tracking';
  /** where the process value should be */
  setPoint: number;
  /** output units per outcome unit: the target is the given value + gain * (set point - outcome), within the range of the output. Negative where more of the output lowers the outcome */
  gain: number;
  /** half width: within set point plus or minus band the outcome is satisfactory */
  band?: number;
  /** register units per engineering unit: the register holds round(value * scale) */
  scale?: number;
  /** engineering unit of the outcome */
  unit?: string;
  /** minimum time from a decision to its outcome; an earlier outcome is discarded; 0 = none, s */
  settleSeconds?: number;
  /** a decision older than this can no longer be judged; 0 = never, s */
  expireSeconds?: number;
  /** decisions that may wait for their outcome at a time */
  tickets?: number;
  /** when the feedback looks wrong (stuck, contradicting or independent of the decisions): pause learning until it agrees again, only report it, or do not look */
  suspicion?: 'pause' | 'report' | 'off';
}

export type FeedbackSettings = LabelRule | DeadBandRule | LimitRule | TrackingRule;

/** data stitching: which decisions become training samples */
export interface StitchingSettings {
  /** samples that the data set holds, sample */
  capacity?: number;
  /** share (0 to 1) of the satisfactory decisions that become samples too, so that the model does not forget them */
  satisfactoryShare?: number;
  /** every k-th sample of a class is kept out of training, for reports; 0 = none, else 2 or more. With outputs never 0: the held-out error decides which model takes over */
  holdOutEvery?: number;
  /** keep the outcome and the decision beside each sample, 3 bytes (5 with the rule tracking), so that a new set point or rule can judge it again; otherwise the samples keep their labels. Without effect with the rule label */
  keepOutcomes?: boolean;
}

/** train-on-demand: when the board trains a candidate, and when the candidate takes over */
export interface TrainingSettings {
  /** who starts a training: the board itself, only a command, or nobody */
  mode?: 'auto' | 'manual' | 'frozen';
  /** fewest samples stitched since the last training, sample */
  minNewSamples?: number;
  /** fewest samples in all, at most the capacity, sample */
  minSamples?: number;
  /** judged outcomes over which the accuracy is computed */
  accuracyWindow?: number;
  /** trains when the accuracy over the window is below this (0 to 1), and when half of the data set is new; "always" = whenever there are enough samples, 0 = only once */
  accuracyThreshold?: number | 'always';
  /** minimum time between two trainings that the board starts itself, s */
  cooldownSeconds?: number;
  /** drift alarm after so many trainings in a row that did not reach the threshold; 0 = off */
  driftTrainings?: number;
  /** what the process may write while a key is set: ask for decisions, report outcomes too, or everything (lessons, freeze, training) */
  processWrites?: 'decide-and-outcome' | 'decide' | 'all';
}

/** non-volatile memory */
export interface SaveSettings {
  /** minimum time between two saves, against wear; 0 = after promotions only, s */
  intervalSeconds?: number;
}

/** What a person writes: everything that has a default may be left out. */
export interface TrainerDefinition {
  /** name of the trainer, for people */
  name?: string;
  /** board that runs the trainer; its memory limits the definition */
  board?: string;
  /** inputs of a decision, in the order of the registers (support vector machines, networks) */
  features?: FeatureDefinition[];
  /** signals of a stream model, in the order of the registers (correlation, process, esn, autoencoder) */
  channels?: FeatureDefinition[];
  /** possible decisions, in the order of the class index (support vector machines, networks) */
  classes?: ClassDefinition[];
  /** continuous values in place of classes, in the order of the registers (networks) */
  outputs?: OutputDefinition[];
  /** label of the class to decide before anything was learned */
  defaultClass?: string;
  /** storage of a stitched sample: int8 takes half the memory, int16 keeps finer steps */
  storage?: 'int8' | 'int16';
  /** how features reach the model: by their range, or standardised by the mean and deviation of the stored samples */
  scaling?: 'range' | 'standard';
  /** a value outside its range: refuse the request, or take the nearest value in range (clamp) */
  outOfRange?: 'refuse' | 'clamp';
  /** seed of every random choice on the board */
  seed?: number;
  /** the model that learns */
  model: ModelSettings;
  /** closed-loop feedback: how an outcome becomes satisfactory or not, and what would have been right */
  feedback?: FeedbackSettings;
  /** data stitching: which decisions become training samples */
  stitching?: StitchingSettings;
  /** train-on-demand: when the board trains a candidate, and when the candidate takes over */
  training?: TrainingSettings;
  /** non-volatile memory */
  save?: SaveSettings;
  /** names of the anomaly patterns 1, 2, ... (stream models); kept on the host and in backups, the board never sees them */
  patternNames?: string[];
  /** names of the operating regimes 1, 2, ... (stream models); kept on the host and in backups, the board never sees them */
  regimeNames?: string[];
}

/** Head of the blob. */
export const DefinitionBlob = { magic: 21573, layout: 2, optionalFrom: 32768 } as const;

export type DefinitionSectionName = 'core' | 'classes' | 'features' | 'feedback' | 'stitching' | 'training' | 'identity' | 'start_rule' | 'plant_limits' | 'outputs' | 'tracking' | 'local_io' | 'array' | 'array_stream' | 'svm' | 'esn' | 'correlation' | 'process' | 'dnn' | 'layers' | 'autoencoder';

export interface DefinitionSection {
  readonly id: number;
  readonly layout: number;
  readonly bytes: number;
  /** The list of the document that has one entry of the section each; the core counts them in the byte at `countAt`. */
  readonly list?: 'classes' | 'features';
  readonly countAt?: number;
  readonly family?: string;
  /** The list of the model that has one entry of the section each. */
  readonly ofModel?: string;
  /** Not made of fields: its own code reads and writes it. */
  readonly raw?: boolean;
}

/** Sections of the blob, in the order that the host writes them; `bytes` of one entry where a section holds several. */
export const DefinitionSections: Readonly<Record<DefinitionSectionName, DefinitionSection>> = {
  core: { id: 1, layout: 1, bytes: 16 },
  classes: { id: 2, layout: 1, bytes: 4, list: 'classes', countAt: 2 },
  features: { id: 3, layout: 1, bytes: 4, list: 'features', countAt: 1 },
  feedback: { id: 4, layout: 1, bytes: 20 },
  stitching: { id: 5, layout: 1, bytes: 4 },
  training: { id: 6, layout: 1, bytes: 16 },
  identity: { id: 7, layout: 1, bytes: 0, raw: true },
  start_rule: { id: 8, layout: 1, bytes: 0, raw: true },
  plant_limits: { id: 9, layout: 1, bytes: 0, raw: true },
  outputs: { id: 10, layout: 1, bytes: 0, raw: true },
  tracking: { id: 11, layout: 1, bytes: 0, raw: true },
  local_io: { id: 12, layout: 1, bytes: 0, raw: true },
  array: { id: 13, layout: 1, bytes: 0, raw: true },
  array_stream: { id: 14, layout: 1, bytes: 0, raw: true },
  svm: { id: 16, layout: 1, bytes: 24, family: 'svm' },
  esn: { id: 17, layout: 1, bytes: 44, family: 'esn' },
  correlation: { id: 18, layout: 1, bytes: 28, family: 'correlation' },
  process: { id: 19, layout: 1, bytes: 20, family: 'process' },
  dnn: { id: 20, layout: 1, bytes: 36, family: 'dnn' },
  layers: { id: 21, layout: 1, bytes: 16, family: 'dnn', ofModel: 'layers' },
  autoencoder: { id: 24, layout: 1, bytes: 24, family: 'autoencoder' },
};


/** The model families, by the name that a definition writes. */
export const Models = {
  'svm-linear': { code: 1, family: 'svm', kind: 'decide' },
  'svm-kernel': { code: 2, family: 'svm', kind: 'decide' },
  'svm-both': { code: 7, family: 'svm', kind: 'decide' },
  'esn': { code: 3, family: 'esn', kind: 'stream' },
  'correlation': { code: 5, family: 'correlation', kind: 'stream' },
  'process': { code: 6, family: 'process', kind: 'stream' },
  'dnn': { code: 4, family: 'dnn', kind: 'decide' },
  'autoencoder': { code: 8, family: 'autoencoder', kind: 'stream' },
} as const;
export type ModelType = keyof typeof Models;

/** What the form asks of a family on its first page, besides name and board. */
export const FamilyGeneral = {
  svm: ['scaling', 'outOfRange', 'storage', 'seed'],
  esn: ['scaling', 'outOfRange', 'seed'],
  correlation: ['scaling', 'outOfRange', 'seed'],
  process: ['scaling', 'outOfRange', 'seed'],
  dnn: ['outOfRange', 'seed'],
  autoencoder: ['scaling', 'outOfRange', 'seed'],
} as const;

export type FieldType = 'u8' | 'u16' | 'i16' | 'u32' | 'f32';

/** A field of the document and where the blob holds it. */
export interface StoredField {
  /** "stitching.capacity", "features[].min". */
  readonly path: string;
  readonly section: DefinitionSectionName;
  /** In the C struct. */
  readonly name: string;
  readonly at: number;
  readonly type: FieldType;
  readonly coding: 'plain' | 'choice' | 'flag' | 'milli' | '256ths' | 'register' | 'class' | 'channel' | 'channel-scale' | 'model';
  readonly values?: Readonly<Record<string, number>>;
  /** A word that stands for a code beyond the range. */
  readonly word?: { readonly text: string; readonly code: number };
  /** Only with these variants. */
  readonly when?: { readonly path: string; readonly in: readonly string[] };
}

export const StoredFields: readonly StoredField[] = [
  { path: 'features[].min', section: 'features', name: 'min', at: 0, type: 'i16', coding: 'register' },
  { path: 'features[].max', section: 'features', name: 'max', at: 2, type: 'i16', coding: 'register' },
  { path: 'classes[].actuation', section: 'classes', name: 'actuation', at: 0, type: 'i16', coding: 'plain' },
  { path: 'classes[].weight', section: 'classes', name: 'weight', at: 2, type: 'u16', coding: '256ths' },
  { path: 'defaultClass', section: 'core', name: 'default_class', at: 6, type: 'u8', coding: 'class' },
  { path: 'storage', section: 'core', name: 'storage', at: 3, type: 'u8', coding: 'choice', values: { 'int8': 1, 'int16': 2 } },
  { path: 'scaling', section: 'core', name: 'scaling', at: 4, type: 'u8', coding: 'choice', values: { 'range': 0, 'standard': 1 } },
  { path: 'outOfRange', section: 'core', name: 'out_of_range', at: 5, type: 'u8', coding: 'choice', values: { 'refuse': 0, 'clamp': 1 } },
  { path: 'seed', section: 'core', name: 'seed', at: 12, type: 'u32', coding: 'plain' },
  { path: 'model.type', section: 'core', name: 'model', at: 0, type: 'u8', coding: 'model' },
  { path: 'feedback.rule', section: 'feedback', name: 'rule', at: 12, type: 'u8', coding: 'choice', values: { 'label': 0, 'dead-band': 1, 'limit': 2, 'tracking': 3 } },
  { path: 'feedback.settleSeconds', section: 'feedback', name: 'settle_ms', at: 0, type: 'u32', coding: 'milli' },
  { path: 'feedback.expireSeconds', section: 'feedback', name: 'ticket_ttl_ms', at: 4, type: 'u32', coding: 'milli' },
  { path: 'feedback.tickets', section: 'core', name: 'tickets', at: 7, type: 'u8', coding: 'plain' },
  { path: 'feedback.suspicion', section: 'feedback', name: 'suspicion', at: 16, type: 'u8', coding: 'choice', values: { 'pause': 0, 'report': 1, 'off': 2 } },
  { path: 'feedback.setPoint', section: 'feedback', name: 'set_point', at: 8, type: 'i16', coding: 'register', when: { path: 'feedback.rule', in: ['dead-band'] } },
  { path: 'feedback.band', section: 'feedback', name: 'band', at: 10, type: 'i16', coding: 'register', when: { path: 'feedback.rule', in: ['dead-band'] } },
  { path: 'feedback.tooLow', section: 'feedback', name: 'class_low', at: 14, type: 'u8', coding: 'class', when: { path: 'feedback.rule', in: ['dead-band'] } },
  { path: 'feedback.tooHigh', section: 'feedback', name: 'class_high', at: 15, type: 'u8', coding: 'class', when: { path: 'feedback.rule', in: ['dead-band'] } },
  { path: 'feedback.limit', section: 'feedback', name: 'set_point', at: 8, type: 'i16', coding: 'register', when: { path: 'feedback.rule', in: ['limit'] } },
  { path: 'feedback.side', section: 'feedback', name: 'limit_side', at: 13, type: 'u8', coding: 'choice', values: { 'above': 0, 'below': 1 }, when: { path: 'feedback.rule', in: ['limit'] } },
  { path: 'feedback.truth', section: 'feedback', name: 'class_low', at: 14, type: 'u8', coding: 'class', when: { path: 'feedback.rule', in: ['limit'] } },
  { path: 'feedback.setPoint', section: 'feedback', name: 'set_point', at: 8, type: 'i16', coding: 'register', when: { path: 'feedback.rule', in: ['tracking'] } },
  { path: 'feedback.band', section: 'feedback', name: 'band', at: 10, type: 'i16', coding: 'register', when: { path: 'feedback.rule', in: ['tracking'] } },
  { path: 'stitching.capacity', section: 'core', name: 'capacity', at: 8, type: 'u16', coding: 'plain' },
  { path: 'stitching.satisfactoryShare', section: 'stitching', name: 'satisfactory_share', at: 0, type: 'u16', coding: 'milli' },
  { path: 'stitching.holdOutEvery', section: 'stitching', name: 'hold_out_every', at: 2, type: 'u8', coding: 'plain' },
  { path: 'stitching.keepOutcomes', section: 'stitching', name: 'keep_outcomes', at: 3, type: 'u8', coding: 'flag' },
  { path: 'training.mode', section: 'training', name: 'mode', at: 12, type: 'u8', coding: 'choice', values: { 'auto': 0, 'manual': 1, 'frozen': 2 } },
  { path: 'training.minNewSamples', section: 'training', name: 'min_new_samples', at: 0, type: 'u16', coding: 'plain' },
  { path: 'training.minSamples', section: 'training', name: 'min_samples', at: 2, type: 'u16', coding: 'plain' },
  { path: 'training.accuracyWindow', section: 'training', name: 'accuracy_window', at: 4, type: 'u16', coding: 'plain' },
  { path: 'training.accuracyThreshold', section: 'training', name: 'accuracy_threshold', at: 6, type: 'u16', coding: 'milli', word: { text: 'always', code: 1001 } },
  { path: 'training.cooldownSeconds', section: 'training', name: 'cooldown_s', at: 8, type: 'u16', coding: 'plain' },
  { path: 'training.driftTrainings', section: 'training', name: 'drift_trainings', at: 10, type: 'u16', coding: 'plain' },
  { path: 'training.processWrites', section: 'training', name: 'process_writes', at: 13, type: 'u8', coding: 'choice', values: { 'decide-and-outcome': 0, 'decide': 1, 'all': 2 } },
  { path: 'save.intervalSeconds', section: 'core', name: 'save_interval_s', at: 10, type: 'u16', coding: 'plain' },
  { path: 'model.cost', section: 'svm', name: 'cost', at: 0, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['svm-linear', 'svm-kernel', 'svm-both'] } },
  { path: 'model.tolerance', section: 'svm', name: 'tolerance', at: 4, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['svm-linear', 'svm-kernel', 'svm-both'] } },
  { path: 'model.maxEpochs', section: 'svm', name: 'max_epochs', at: 8, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['svm-linear', 'svm-kernel', 'svm-both'] } },
  { path: 'model.classWeights', section: 'svm', name: 'class_weights', at: 10, type: 'u8', coding: 'choice', values: { 'none': 0, 'balanced': 1, 'explicit': 2 }, when: { path: 'model.type', in: ['svm-linear', 'svm-kernel', 'svm-both'] } },
  { path: 'model.warmStart', section: 'svm', name: 'warm_start', at: 21, type: 'u8', coding: 'flag', when: { path: 'model.type', in: ['svm-linear', 'svm-kernel', 'svm-both'] } },
  { path: 'model.kernel', section: 'svm', name: 'kernel', at: 11, type: 'u8', coding: 'choice', values: { 'linear': 0, 'rbf': 1, 'polynomial': 2 }, when: { path: 'model.type', in: ['svm-kernel'] } },
  { path: 'model.gamma', section: 'svm', name: 'gamma', at: 12, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['svm-kernel', 'svm-both'] } },
  { path: 'model.coef0', section: 'svm', name: 'coef0', at: 16, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['svm-kernel'] } },
  { path: 'model.degree', section: 'svm', name: 'degree', at: 20, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['svm-kernel'] } },
  { path: 'model.svBudget', section: 'svm', name: 'sv_budget', at: 22, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['svm-kernel', 'svm-both'] } },
  { path: 'model.units', section: 'esn', name: 'units', at: 0, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.reservoir', section: 'esn', name: 'reservoir', at: 2, type: 'u8', coding: 'choice', values: { 'cycle': 0, 'sparse': 1 }, when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.readout', section: 'esn', name: 'readout', at: 3, type: 'u8', coding: 'choice', values: { 'ridge': 0, 'rls': 1 }, when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.cycleWeight', section: 'esn', name: 'cycle_weight', at: 4, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.inputWeight', section: 'esn', name: 'input_weight', at: 8, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.leak', section: 'esn', name: 'leak', at: 12, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.ridge', section: 'esn', name: 'ridge', at: 16, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.washout', section: 'esn', name: 'washout', at: 20, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.window', section: 'esn', name: 'window', at: 22, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.hop', section: 'esn', name: 'hop', at: 24, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.calibration', section: 'esn', name: 'calibration', at: 26, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.falseAlarm', section: 'esn', name: 'false_alarm', at: 28, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.alarmOn', section: 'esn', name: 'alarm_on', at: 32, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.alarmOff', section: 'esn', name: 'alarm_off', at: 33, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.patterns', section: 'esn', name: 'patterns', at: 34, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.decimation', section: 'esn', name: 'decimation', at: 35, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.forgetting', section: 'esn', name: 'forgetting', at: 36, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.learningSamples', section: 'esn', name: 'learning_samples', at: 40, type: 'u32', coding: 'plain', when: { path: 'model.type', in: ['esn'] } },
  { path: 'model.window', section: 'correlation', name: 'window', at: 0, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.hop', section: 'correlation', name: 'hop', at: 2, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.scoreEvery', section: 'correlation', name: 'score_every', at: 6, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.lags', section: 'correlation', name: 'lags', at: 7, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.learningWindows', section: 'correlation', name: 'learning', at: 4, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.covariance', section: 'correlation', name: 'covariance', at: 8, type: 'u8', coding: 'choice', values: { 'full': 0, 'diagonal': 1, 'largest': 2 }, when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.regimes', section: 'correlation', name: 'regimes', at: 9, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.context', section: 'correlation', name: 'context', at: 10, type: 'u8', coding: 'channel', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.contextTolerance', section: 'correlation', name: 'context_tolerance', at: 24, type: 'f32', coding: 'channel-scale', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.falseAlarm', section: 'correlation', name: 'false_alarm', at: 16, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.offShare', section: 'correlation', name: 'off_share', at: 20, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.alarmOn', section: 'correlation', name: 'alarm_on', at: 11, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.alarmOff', section: 'correlation', name: 'alarm_off', at: 12, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.patterns', section: 'correlation', name: 'patterns', at: 13, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.decimation', section: 'correlation', name: 'decimation', at: 14, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['correlation'] } },
  { path: 'model.window', section: 'process', name: 'window', at: 0, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.lags', section: 'process', name: 'lags', at: 1, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.learningSamples', section: 'process', name: 'learning', at: 8, type: 'u32', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.ridge', section: 'process', name: 'ridge', at: 12, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.margin', section: 'process', name: 'margin', at: 16, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.alarmOn', section: 'process', name: 'alarm_on', at: 2, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.alarmOff', section: 'process', name: 'alarm_off', at: 3, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.patterns', section: 'process', name: 'patterns', at: 4, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.decimation', section: 'process', name: 'decimation', at: 5, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['process'] } },
  { path: 'model.height', section: 'dnn', name: 'height', at: 20, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.width', section: 'dnn', name: 'width', at: 22, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.channels', section: 'dnn', name: 'channels', at: 24, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.format', section: 'dnn', name: 'format', at: 30, type: 'u8', coding: 'choice', values: { 'q8': 0, 'f32': 1 }, when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.layers[].kind', section: 'layers', name: 'kind', at: 0, type: 'u8', coding: 'choice', values: { 'dense': 1, 'conv': 2, 'depthwise': 3, 'max-pool': 4, 'average-pool': 5, 'global-average-pool': 6, 'flatten': 7, 'add': 8, 'softmax': 9 } },
  { path: 'model.layers[].units', section: 'layers', name: 'outputs', at: 8, type: 'u16', coding: 'plain', when: { path: 'kind', in: ['dense'] } },
  { path: 'model.layers[].activation', section: 'layers', name: 'activation', at: 1, type: 'u8', coding: 'choice', values: { 'linear': 0, 'relu': 1, 'relu6': 2 }, when: { path: 'kind', in: ['dense'] } },
  { path: 'model.layers[].update', section: 'layers', name: 'update', at: 3, type: 'u8', coding: 'choice', values: { 'frozen': 0, 'bias': 1, 'all': 2 }, when: { path: 'kind', in: ['dense'] } },
  { path: 'model.layers[].format', section: 'layers', name: 'format', at: 14, type: 'u8', coding: 'choice', values: { 'network': 0, 'q8': 1, 'f32': 2 }, when: { path: 'kind', in: ['dense'] } },
  { path: 'model.layers[].trainedRows', section: 'layers', name: 'trained_rows', at: 10, type: 'u16', coding: 'plain', when: { path: 'kind', in: ['dense'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['dense'] } },
  { path: 'model.layers[].filters', section: 'layers', name: 'outputs', at: 8, type: 'u16', coding: 'plain', when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].kernelHeight', section: 'layers', name: 'kernel_h', at: 4, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].kernelWidth', section: 'layers', name: 'kernel_w', at: 5, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].strideHeight', section: 'layers', name: 'stride_h', at: 6, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].strideWidth', section: 'layers', name: 'stride_w', at: 7, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].padding', section: 'layers', name: 'padding', at: 2, type: 'u8', coding: 'choice', values: { 'valid': 0, 'same': 1 }, when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].activation', section: 'layers', name: 'activation', at: 1, type: 'u8', coding: 'choice', values: { 'linear': 0, 'relu': 1, 'relu6': 2 }, when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].update', section: 'layers', name: 'update', at: 3, type: 'u8', coding: 'choice', values: { 'frozen': 0, 'bias': 1, 'all': 2 }, when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].format', section: 'layers', name: 'format', at: 14, type: 'u8', coding: 'choice', values: { 'network': 0, 'q8': 1, 'f32': 2 }, when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].trainedRows', section: 'layers', name: 'trained_rows', at: 10, type: 'u16', coding: 'plain', when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['conv'] } },
  { path: 'model.layers[].multiplier', section: 'layers', name: 'outputs', at: 8, type: 'u16', coding: 'plain', when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].kernelHeight', section: 'layers', name: 'kernel_h', at: 4, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].kernelWidth', section: 'layers', name: 'kernel_w', at: 5, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].strideHeight', section: 'layers', name: 'stride_h', at: 6, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].strideWidth', section: 'layers', name: 'stride_w', at: 7, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].padding', section: 'layers', name: 'padding', at: 2, type: 'u8', coding: 'choice', values: { 'valid': 0, 'same': 1 }, when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].activation', section: 'layers', name: 'activation', at: 1, type: 'u8', coding: 'choice', values: { 'linear': 0, 'relu': 1, 'relu6': 2 }, when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].update', section: 'layers', name: 'update', at: 3, type: 'u8', coding: 'choice', values: { 'frozen': 0, 'bias': 1, 'all': 2 }, when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].format', section: 'layers', name: 'format', at: 14, type: 'u8', coding: 'choice', values: { 'network': 0, 'q8': 1, 'f32': 2 }, when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['depthwise'] } },
  { path: 'model.layers[].kernelHeight', section: 'layers', name: 'kernel_h', at: 4, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['max-pool'] } },
  { path: 'model.layers[].kernelWidth', section: 'layers', name: 'kernel_w', at: 5, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['max-pool'] } },
  { path: 'model.layers[].strideHeight', section: 'layers', name: 'stride_h', at: 6, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['max-pool'] } },
  { path: 'model.layers[].strideWidth', section: 'layers', name: 'stride_w', at: 7, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['max-pool'] } },
  { path: 'model.layers[].padding', section: 'layers', name: 'padding', at: 2, type: 'u8', coding: 'choice', values: { 'valid': 0, 'same': 1 }, when: { path: 'kind', in: ['max-pool'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['max-pool'] } },
  { path: 'model.layers[].kernelHeight', section: 'layers', name: 'kernel_h', at: 4, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['average-pool'] } },
  { path: 'model.layers[].kernelWidth', section: 'layers', name: 'kernel_w', at: 5, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['average-pool'] } },
  { path: 'model.layers[].strideHeight', section: 'layers', name: 'stride_h', at: 6, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['average-pool'] } },
  { path: 'model.layers[].strideWidth', section: 'layers', name: 'stride_w', at: 7, type: 'u8', coding: 'plain', when: { path: 'kind', in: ['average-pool'] } },
  { path: 'model.layers[].padding', section: 'layers', name: 'padding', at: 2, type: 'u8', coding: 'choice', values: { 'valid': 0, 'same': 1 }, when: { path: 'kind', in: ['average-pool'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['average-pool'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['global-average-pool'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['flatten'] } },
  { path: 'model.layers[].other', section: 'layers', name: 'other', at: 13, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['add'] } },
  { path: 'model.layers[].activation', section: 'layers', name: 'activation', at: 1, type: 'u8', coding: 'choice', values: { 'linear': 0, 'relu': 1, 'relu6': 2 }, when: { path: 'kind', in: ['add'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['add'] } },
  { path: 'model.layers[].input', section: 'layers', name: 'input', at: 12, type: 'u8', coding: 'plain', word: { text: 'network', code: 255 }, when: { path: 'kind', in: ['softmax'] } },
  { path: 'model.rate', section: 'dnn', name: 'rate', at: 0, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.warmUp', section: 'dnn', name: 'warm_up', at: 35, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.gate', section: 'dnn', name: 'gate', at: 4, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.labelSmoothing', section: 'dnn', name: 'label_smoothing', at: 25, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.lambdaMin', section: 'dnn', name: 'lambda_min', at: 8, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.lambdaMax', section: 'dnn', name: 'lambda_max', at: 12, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.inputScale', section: 'dnn', name: 'input_scale', at: 16, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.inputZero', section: 'dnn', name: 'input_zero', at: 28, type: 'i16', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.epochs', section: 'dnn', name: 'epochs', at: 26, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.patience', section: 'dnn', name: 'patience', at: 32, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.fixedRanges', section: 'dnn', name: 'fixed_ranges', at: 31, type: 'u8', coding: 'flag', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.warmStart', section: 'dnn', name: 'warm_start', at: 34, type: 'u8', coding: 'flag', when: { path: 'model.type', in: ['dnn'] } },
  { path: 'model.window', section: 'autoencoder', name: 'window', at: 0, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.hop', section: 'autoencoder', name: 'hop', at: 2, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.scoreEvery', section: 'autoencoder', name: 'score_every', at: 8, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.code', section: 'autoencoder', name: 'code', at: 7, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.hidden', section: 'autoencoder', name: 'hidden', at: 6, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.format', section: 'autoencoder', name: 'format', at: 9, type: 'u8', coding: 'choice', values: { 'q8': 0, 'f32': 1 }, when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.learningWindows', section: 'autoencoder', name: 'learning', at: 4, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.epochs', section: 'autoencoder', name: 'epochs', at: 14, type: 'u16', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.rate', section: 'autoencoder', name: 'rate', at: 20, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.falseAlarm', section: 'autoencoder', name: 'false_alarm', at: 16, type: 'f32', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.alarmOn', section: 'autoencoder', name: 'alarm_on', at: 10, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.alarmOff', section: 'autoencoder', name: 'alarm_off', at: 11, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.patterns', section: 'autoencoder', name: 'patterns', at: 12, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
  { path: 'model.decimation', section: 'autoencoder', name: 'decimation', at: 13, type: 'u8', coding: 'plain', when: { path: 'model.type', in: ['autoencoder'] } },
];
