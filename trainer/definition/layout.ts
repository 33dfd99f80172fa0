/**
 * Layout of the definition blob: firmware/include/edge_trainer/definition.h, field by field in the same order. Little-endian,
 * every field on a multiple of its own size. Offsets follow from the order and the sizes, as in the C struct; a test
 * compares them with the compiler's.
 */

export type FieldType = 'u8' | 'u16' | 'i16' | 'u32' | 'f32';
const SIZES: Readonly<Record<FieldType, number>> = { u8: 1, u16: 2, i16: 2, u32: 4, f32: 4 };

/** One field: its C name, its type, and the definition's field it comes from ("" = none). */
type Row = readonly [name: string, type: FieldType, path: string];

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Bytes from the start of its struct. */
  readonly offset: number;
  readonly path: string;
}

function place(rows: readonly Row[]): Field[] {
  let offset = 0;
  return rows.map(([name, type, path]) => {
    const size = SIZES[type];
    offset = Math.ceil(offset / size) * size;
    const field = { name, type, offset, path };
    offset += size;
    return field;
  });
}

/** et_definition_fixed up to its union. */
export const FIXED_FIELDS: readonly Field[] = place([
  ['magic', 'u16', ''],
  ['layout', 'u8', ''],
  ['model', 'u8', 'model.type'],
  ['length', 'u16', ''],
  ['features', 'u8', 'features'],
  ['classes', 'u8', 'classes'],
  ['storage', 'u8', 'storage'],
  ['scaling', 'u8', 'scaling'],
  ['out_of_range', 'u8', 'outOfRange'],
  ['tickets', 'u8', 'feedback.tickets'],
  ['capacity', 'u16', 'stitching.capacity'],
  ['rule', 'u8', 'feedback.rule'],
  ['limit_side', 'u8', 'feedback.side'],
  ['set_point', 'i16', 'feedback.setPoint'],
  ['band', 'i16', 'feedback.band'],
  ['class_low', 'u8', 'feedback.tooLow'],
  ['class_high', 'u8', 'feedback.tooHigh'],
  ['default_class', 'u8', 'defaultClass'],
  ['suspicion', 'u8', 'feedback.suspicion'],
  ['settle_ms', 'u32', 'feedback.settleSeconds'],
  ['ticket_ttl_ms', 'u32', 'feedback.expireSeconds'],
  ['satisfactory_share', 'u16', 'stitching.satisfactoryShare'],
  ['hold_out_every', 'u8', 'stitching.holdOutEvery'],
  ['mode', 'u8', 'training.mode'],
  ['min_new_samples', 'u16', 'training.minNewSamples'],
  ['min_samples', 'u16', 'training.minSamples'],
  ['accuracy_window', 'u16', 'training.accuracyWindow'],
  ['accuracy_threshold', 'u16', 'training.accuracyThreshold'],
  ['cooldown_s', 'u16', 'training.cooldownSeconds'],
  ['drift_trainings', 'u16', 'training.driftTrainings'],
  ['seed', 'u32', 'seed'],
  ['save_interval_s', 'u16', 'save.intervalSeconds'],
  ['identified', 'u16', ''],
]);

/** et_svm_parameters. */
export const SVM_FIELDS: readonly Field[] = place([
  ['cost', 'f32', 'model.cost'],
  ['tolerance', 'f32', 'model.tolerance'],
  ['max_epochs', 'u16', 'model.maxEpochs'],
  ['class_weights', 'u8', 'model.classWeights'],
  ['kernel', 'u8', 'model.kernel'],
  ['gamma', 'f32', 'model.gamma'],
  ['coef0', 'f32', 'model.coef0'],
  ['degree', 'u8', 'model.degree'],
  ['warm_start', 'u8', 'model.warmStart'],
  ['sv_budget', 'u16', 'model.svBudget'],
]);

/** et_esn_parameters. */
export const ESN_FIELDS: readonly Field[] = place([
  ['units', 'u16', 'model.units'],
  ['reservoir', 'u8', 'model.reservoir'],
  ['readout', 'u8', 'model.readout'],
  ['cycle_weight', 'f32', 'model.cycleWeight'],
  ['input_weight', 'f32', 'model.inputWeight'],
  ['leak', 'f32', 'model.leak'],
  ['ridge', 'f32', 'model.ridge'],
  ['washout', 'u16', 'model.washout'],
  ['window', 'u16', 'model.window'],
  ['hop', 'u16', 'model.hop'],
  ['calibration', 'u16', 'model.calibration'],
  ['false_alarm', 'f32', 'model.falseAlarm'],
  ['alarm_on', 'u8', 'model.alarmOn'],
  ['alarm_off', 'u8', 'model.alarmOff'],
  ['patterns', 'u8', 'model.patterns'],
  ['decimation', 'u8', 'model.decimation'],
  ['forgetting', 'f32', 'model.forgetting'],
  ['learning_samples', 'u32', 'model.learningSamples'],
]);

/** et_correlation_parameters. */
export const CORRELATION_FIELDS: readonly Field[] = place([
  ['window', 'u16', 'model.window'],
  ['hop', 'u16', 'model.hop'],
  ['learning', 'u16', 'model.learningWindows'],
  ['score_every', 'u8', 'model.scoreEvery'],
  ['lags', 'u8', 'model.lags'],
  ['covariance', 'u8', 'model.covariance'],
  ['regimes', 'u8', 'model.regimes'],
  ['context', 'u8', 'model.context'],
  ['alarm_on', 'u8', 'model.alarmOn'],
  ['alarm_off', 'u8', 'model.alarmOff'],
  ['patterns', 'u8', 'model.patterns'],
  ['decimation', 'u8', 'model.decimation'],
  ['reserved', 'u8', ''],
  ['false_alarm', 'f32', 'model.falseAlarm'],
  ['off_share', 'f32', 'model.offShare'],
  ['context_tolerance', 'f32', 'model.contextTolerance'],
]);

/** et_process_parameters. */
export const PROCESS_FIELDS: readonly Field[] = place([
  ['window', 'u8', 'model.window'],
  ['lags', 'u8', 'model.lags'],
  ['alarm_on', 'u8', 'model.alarmOn'],
  ['alarm_off', 'u8', 'model.alarmOff'],
  ['patterns', 'u8', 'model.patterns'],
  ['decimation', 'u8', 'model.decimation'],
  ['reserved', 'u16', ''],
  ['learning', 'u32', 'model.learningSamples'],
  ['ridge', 'f32', 'model.ridge'],
  ['margin', 'f32', 'model.margin'],
]);

/** Where the union of the model's parameters starts, and its size. */
export const PARAMETERS_AT = 56;
export const PARAMETERS_BYTES = 48;
/** et_definition_fixed as a whole. */
export const FIXED_BYTES = PARAMETERS_AT + PARAMETERS_BYTES;
/** et_class_entry { i16 actuation, u16 weight }, et_feature_entry { i16 min, i16 max }. */
export const ENTRY_BYTES = 4;
export const CRC_BYTES = 4;
export const MAGIC = 0x5445;
export const LAYOUT = 1;
export const WEIGHT_ONE = 256;
export const ALWAYS_PERMILLE = 1001;

export function readField(view: DataView, field: Field, base = 0): number {
  const at = base + field.offset;
  switch (field.type) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'i16':
      return view.getInt16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'f32':
      return view.getFloat32(at, true);
  }
}

export function writeField(view: DataView, field: Field, value: number, base = 0): void {
  const at = base + field.offset;
  if (field.type === 'u8') view.setUint8(at, value);
  else if (field.type === 'u16') view.setUint16(at, value, true);
  else if (field.type === 'i16') view.setInt16(at, value, true);
  else if (field.type === 'u32') view.setUint32(at, value, true);
  else view.setFloat32(at, value, true);
}
