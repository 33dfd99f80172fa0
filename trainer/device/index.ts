/** The typed client of a trainer. */

export { MAP_VERSION, Registers, type TrainerErrorName, TrainerErrors } from '../contract/contract.generated';
export type { AccessOptions, RegisterBus } from './access';
export type { TransferOptions } from './bulk';
export { cloneModel } from './clone';
export type { Decision, Outcome, Verdict } from './closed_loop';
export type { TrainerOptions } from './connection';
export { csvCell, csvText } from './csv_cell';
export { type DatasetSummary, datasetCsv, type StoredSample } from './dataset';
export type { DeployOptions, DeployResult } from './deploy';
export {
  AbortedError,
  DefinitionMismatchError,
  errorName,
  errorText,
  errorWords,
  FirmwareTooOldError,
  InputError,
  OtherDeploymentError,
  ProtocolError,
  RestartedError,
  TrainerError,
  UploadMixedError,
} from './errors';
export type { CurvePoint, Evaluation, OutputError } from './evaluation';
export { type Features, storedFeatures } from './features';
export { type FirmwareReport, firmwareReport } from './firmware';
export type { JobOptions, LearnOptions, TrainingResult } from './jobs';
export { parseKey, responseTo } from './lock';
export type { LogEventName, LogRecord } from './log';
export { ConfusionCounter, type ConfusionMatrix, emptyConfusion, type Metrics, metricsOf } from './metrics';
export {
  type Backup,
  BackupError,
  type Comparison,
  compareModels,
  type ModelHead,
  openBackup,
  readModelHead,
  type SavedSamples,
} from './model';
export type { LineStatus } from './parts/line';
export type { Regime } from './parts/regimes';
export type { AlarmAnswer } from './parts/stream';
export type { Pattern } from './patterns';
export { placeName } from './place_names';
export { sipHash24 } from './siphash';
export type { ErrorReport, Identity, TrainerMode, TrainerState, TrainerStatus } from './status';
export type { StreamOptions, StreamResult, StreamSummary } from './stream';
export type { TargetValues } from './targets';
export { type Connection, Trainer, type TrainerEvents } from './trainer';
export type { DecidedByWord, SuspicionWord, Voice, VoicesStatus } from './voices';
export { Watch, type WatchEvents, type WatchOptions } from './watch';
