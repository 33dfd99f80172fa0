// Generated from firmware/contract by `npm run generate`. Do not edit.

export const MAP_VERSION = 2;
/** Version of the firmware that this package brings. */
export const FIRMWARE_VERSION = '0.1';

/** Limits of the contract. */
export const Limits = {
  /** features of one definition: ticket and features fit one FC 16 or FC 23 frame */
  FEATURES_MAX: 120,
  /** classes of one definition */
  CLASSES_MAX: 16,
  /** continuous outputs of one definition */
  OUTPUTS_MAX: 8,
  /** channels of a stream model */
  CHANNELS_MAX: 8,
  /** decisions that may wait for their feedback */
  TICKETS_MAX: 64,
  /** anomaly patterns a stream model can tell apart */
  PATTERNS_MAX: 16,
  /** bytes of one page of the bulk window */
  PAGE_BYTES: 224,
  /** registers from 0 on that can all be read; those without a name read 0 */
  PLC_REGISTERS: 352,
  /** coils that can be read; those without a name read 0 */
  COILS: 16,
  /** a ticket that no request has named for so long is a new one */
  REPEAT_SECONDS: 30,
  /** an upload stays open so long after the response, or after its last page */
  UNLOCK_SECONDS: 10,
  /** slowest line that a trainer is set to */
  BAUD_LEAST: 9600,
  /** fastest line that a trainer is set to */
  BAUD_MOST: 1000000,
  /** a line changes its settings so long after the command, so that the master reads the result first */
  LINE_DELAY_SECONDS: 1,
  /** a board leaves for its boot loader so long after the command, so that the master reads the result first */
  LEAVE_SECONDS: 1,
  /** new line settings without a request go back after so long */
  LINE_TRIAL_SECONDS: 30,
  /** events kept in the on-board log ring */
  LOG_RECORDS: 32,
  /** bytes of one event in the log */
  LOG_RECORD_BYTES: 16,
  /** stored samples of one definition */
  CAPACITY_MAX: 4096,
  /** milliseconds between two decisions that a board asks for by itself, at least */
  LOCAL_INTERVAL_LEAST: 10,
  /** and at most */
  LOCAL_INTERVAL_MOST: 3600000,
  /** values of a feature that is an array */
  ARRAY_MAX: 32768,
  /** layers of a network */
  LAYERS_MAX: 32,
  /** features that the shift of a start rule may depend on */
  RULE_CONTEXTS: 4,
  /** steps of a start rule */
  RULE_STEPS: 7,
  /** judged outcomes over which the accuracy is computed */
  WINDOW_MAX: 256,
} as const;

export type RegisterType = 'u16' | 'i16' | 'u32' | 'f32' | 'string';

export interface Register {
  readonly address: number;
  readonly words: number;
  readonly type: RegisterType;
  readonly count: number;
  readonly access: string;
  readonly unit?: string;
  /** Whether a PLC needs it; the rest is management. */
  readonly plc: boolean;
  readonly doc: string;
}

/** Every register by name. Addresses are protocol addresses, from 0. */
export const Registers = {
  /** number of this inference, 1 to 65535, chosen by the master */
  ticket: { address: 0, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "number of this inference, 1 to 65535, chosen by the master" },
  /** features in register units of the definition; of an array its check sum, of a window the number of a sample that it must have reached */
  features: { address: 1, words: 120, type: 'i16', count: 120, access: 'rw', plc: true, doc: "features in register units of the definition; of an array its check sum, of a window the number of a sample that it must have reached" },
  /** for features that come one by one: the ticket they belong to, written before the first of them */
  ticketClaim: { address: 121, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "for features that come one by one: the ticket they belong to, written before the first of them" },
  /** ticket this decision answers; 0 = none yet */
  decisionTicket: { address: 128, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "ticket this decision answers; 0 = none yet" },
  /** index of the decided class */
  decisionClass: { address: 129, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "index of the decided class" },
  /** actuation value of that class, as the definition gives it; with continuous outputs the first one */
  actuation: { address: 130, words: 1, type: 'i16', count: 1, access: 'r', plc: true, doc: "actuation value of that class, as the definition gives it; with continuous outputs the first one" },
  /** 0 = default answer of an untrained model, 1000 = certain */
  confidence: { address: 131, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: true, doc: "0 = default answer of an untrained model, 1000 = certain" },
  /** model generation that decided */
  decisionGeneration: { address: 132, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "model generation that decided" },
  /** whose word decided, or which limit of the plant held it back */
  decidedBy: { address: 133, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "whose word decided, or which limit of the plant held it back" },
  /** ticket of a decision that takes longer and is being made; 0 = none. The block shows it when it is made; the same ticket again is a repeat */
  pendingTicket: { address: 134, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "ticket of a decision that takes longer and is being made; 0 = none. The block shows it when it is made; the same ticket again is a repeat" },
  /** continuous outputs in register units of the definition, each within its range; those that the definition does not have read 0 */
  outputs: { address: 135, words: 8, type: 'i16', count: 8, access: 'r', plc: true, doc: "continuous outputs in register units of the definition, each within its range; those that the definition does not have read 0" },
  /** ticket that is judged */
  feedbackTicket: { address: 144, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "ticket that is judged" },
  /** what the value is */
  feedbackKind: { address: 145, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "what the value is" },
  /** process value (OUTCOME, unit of the set point, also with the rule tracking), class index (LABEL, OVERRIDE; TEACH = always stitched, not counted as a judgement), target of the only continuous output (those kinds, and OUTCOME with the rule label) or reason (DISCARD) */
  feedbackValue: { address: 146, words: 1, type: 'i16', count: 1, access: 'rw', plc: true, doc: "process value (OUTCOME, unit of the set point, also with the rule tracking), class index (LABEL, OVERRIDE; TEACH = always stitched, not counted as a judgement), target of the only continuous output (those kinds, and OUTCOME with the rule label) or reason (DISCARD)" },
  /** how it was judged */
  feedbackJudgement: { address: 147, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "how it was judged" },
  /** ground truth: class index, 65535 when there is none */
  feedbackTruth: { address: 148, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "ground truth: class index, 65535 when there is none" },
  /** set point or limit of the feedback rule; starts with the definition's; a change discards the outcomes that are waiting, and is kept at once */
  setPoint: { address: 149, words: 1, type: 'i16', count: 1, access: 'rw', plc: true, doc: "set point or limit of the feedback rule; starts with the definition's; a change discards the outcomes that are waiting, and is kept at once" },
  /** why it was discarded or is too early; 0 otherwise */
  feedbackReason: { address: 150, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "why it was discarded or is too early; 0 otherwise" },
  /** for words that come one by one: the ticket they belong to, written before the first of them */
  feedbackClaim: { address: 151, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "for words that come one by one: the ticket they belong to, written before the first of them" },
  /** starts of the trainer, modulo 65536: when it changes, write again what a start forgets */
  watchBoots: { address: 152, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "starts of the trainer, modulo 65536: when it changes, write again what a start forgets" },
  /** generation of the running model; 0 = untrained */
  watchGeneration: { address: 153, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "generation of the running model; 0 = untrained" },
  /** seconds since start */
  watchUptime: { address: 154, words: 2, type: 'u32', count: 1, access: 'r', unit: "s", plc: true, doc: "seconds since start" },
  /** whether what was learned and set is kept */
  watchSaveState: { address: 156, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "whether what was learned and set is kept" },
  /** seconds since the last save, 65535 = that many or more */
  watchSaveAge: { address: 157, words: 1, type: 'u16', count: 1, access: 'r', unit: "s", plc: true, doc: "seconds since the last save, 65535 = that many or more" },
  /** number of the first sample of this frame, modulo 65536; writing the frame takes it in */
  sampleSequence: { address: 160, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "number of the first sample of this frame, modulo 65536; writing the frame takes it in" },
  /** samples in this frame (each of all channels) */
  sampleCount: { address: 161, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "samples in this frame (each of all channels)" },
  /** the samples, in register units of the definition */
  sampleValues: { address: 162, words: 120, type: 'i16', count: 120, access: 'rw', plc: true, doc: "the samples, in register units of the definition" },
  /** sequence number the trainer expects next */
  nextSequence: { address: 288, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "sequence number the trainer expects next" },
  /** bit 0 alarm, bit 1 new pattern, bit 2 calibrated, bit 3 learning, bit 4 the stream has stopped, bit 5 the machine is off, bit 6 a channel is constant (see constant_channels), bit 7 the operating point is not learned: with one of bits 5 to 7 the last window was neither judged nor learned */
  alarmBits: { address: 289, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "bit 0 alarm, bit 1 new pattern, bit 2 calibrated, bit 3 learning, bit 4 the stream has stopped, bit 5 the machine is off, bit 6 a channel is constant (see constant_channels), bit 7 the operating point is not learned: with one of bits 5 to 7 the last window was neither judged nor learned" },
  /** pattern of the present or last alarm, 1 to 16; 0 = none */
  pattern: { address: 290, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "pattern of the present or last alarm, 1 to 16; 0 = none" },
  /** how many alarms matched that pattern */
  patternSeen: { address: 291, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "how many alarms matched that pattern" },
  /** anomaly score of the last window */
  score: { address: 292, words: 2, type: 'f32', count: 1, access: 'r', plc: true, doc: "anomaly score of the last window" },
  /** score above which a window is anomalous */
  threshold: { address: 294, words: 2, type: 'f32', count: 1, access: 'r', plc: true, doc: "score above which a window is anomalous" },
  /** two-sided log-RMS baseline of the same window */
  baselineScore: { address: 296, words: 2, type: 'f32', count: 1, access: 'r', plc: true, doc: "two-sided log-RMS baseline of the same window" },
  /** the baseline's threshold at the same design probability */
  baselineThreshold: { address: 298, words: 2, type: 'f32', count: 1, access: 'r', plc: true, doc: "the baseline's threshold at the same design probability" },
  /** windows scored since start */
  windows: { address: 300, words: 2, type: 'u32', count: 1, access: 'r', plc: true, doc: "windows scored since start" },
  /** samples missing by sequence number */
  samplesLost: { address: 302, words: 2, type: 'u32', count: 1, access: 'r', plc: true, doc: "samples missing by sequence number" },
  /** sequence number of the last sample of that window, the last one that a stream model scored; 0 with a network, whose window ends before next_sequence */
  windowSequence: { address: 304, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "sequence number of the last sample of that window, the last one that a stream model scored; 0 with a network, whose window ends before next_sequence" },
  /** samples that the window of a network holds; when it is full, as many as a decision takes */
  windowHeld: { address: 305, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "samples that the window of a network holds; when it is full, as many as a decision takes" },
  /** shape of the signal per channel in that window (esn: log residual energy; correlation: root mean square over the lags), in standard deviations from healthy */
  residuals: { address: 306, words: 16, type: 'f32', count: 8, access: 'r', plc: true, doc: "shape of the signal per channel in that window (esn: log residual energy; correlation: root mean square over the lags), in standard deviations from healthy" },
  /** log signal energy per channel of that window, in standard deviations from healthy */
  energies: { address: 322, words: 16, type: 'f32', count: 8, access: 'r', plc: true, doc: "log signal energy per channel of that window, in standard deviations from healthy" },
  /** learned operating regime that the last window is nearest to, from 1; 0 = none */
  regime: { address: 338, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "learned operating regime that the last window is nearest to, from 1; 0 = none" },
  /** bit k set: channel k did not move in the last window */
  constantChannels: { address: 339, words: 1, type: 'u16', count: 1, access: 'r', plc: true, doc: "bit k set: channel k did not move in the last window" },
  /** ticket that is judged */
  targetTicket: { address: 340, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "ticket that is judged" },
  /** LABEL, OVERRIDE or TEACH */
  targetKind: { address: 341, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "LABEL, OVERRIDE or TEACH" },
  /** target of each output, in register units of the definition; reads the targets of the feedback that came last; with the rule tracking the target that the outcome gave */
  targets: { address: 342, words: 8, type: 'i16', count: 8, access: 'rw', plc: true, doc: "target of each output, in register units of the definition; reads the targets of the feedback that came last; with the rule tracking the target that the outcome gave" },
  /** for words that come one by one: the ticket they belong to, written before the first of them */
  targetClaim: { address: 350, words: 1, type: 'u16', count: 1, access: 'rw', plc: true, doc: "for words that come one by one: the ticket they belong to, written before the first of them" },
  /** version of this register map */
  mapVersion: { address: 512, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "version of this register map" },
  /** major in the high byte, minor in the low */
  firmwareVersion: { address: 513, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "major in the high byte, minor in the low" },
  /** stable identity of the board */
  serialNumber: { address: 514, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "stable identity of the board" },
  /** bit k set: model family k is in this build */
  modelsBuilt: { address: 516, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "bit k set: model family k is in this build" },
  /** bit k set: kernel k is in this build */
  kernelsBuilt: { address: 517, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "bit k set: kernel k is in this build" },
  /** memory the port gives to the trainer */
  arenaBytes: { address: 518, words: 2, type: 'u32', count: 1, access: 'r', unit: "byte", plc: false, doc: "memory the port gives to the trainer" },
  /** size of one slot of the non-volatile memory; 0 = none */
  storeBytes: { address: 520, words: 2, type: 'u32', count: 1, access: 'r', unit: "byte", plc: false, doc: "size of one slot of the non-volatile memory; 0 = none" },
  /** board name, ASCII, two characters a register, zero padded */
  board: { address: 522, words: 8, type: 'string', count: 8, access: 'r', plc: false, doc: "board name, ASCII, two characters a register, zero padded" },
  /** Modbus unit id; the command SET_UNIT changes it */
  unitId: { address: 530, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "Modbus unit id; the command SET_UNIT changes it" },
  /** bit k set: the firmware understands section k of a definition; sections of model families: see models_built */
  sectionsKnown: { address: 531, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "bit k set: the firmware understands section k of a definition; sections of model families: see models_built" },
  /** input channels of the board itself, for the section io of a definition; 0 = none */
  localInputs: { address: 532, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "input channels of the board itself, for the section io of a definition; 0 = none" },
  /** output channels of the board itself; 0 = none */
  localOutputs: { address: 533, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "output channels of the board itself; 0 = none" },
  /** what it is doing */
  state: { address: 544, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "what it is doing" },
  /** who may start a training */
  mode: { address: 545, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "who may start a training" },
  /** progress of the running job */
  progress: { address: 546, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "progress of the running job" },
  /** error code of the last refused request or failed job, see error codes */
  lastError: { address: 547, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "error code of the last refused request or failed job, see error codes" },
  /** detail of last_error: register address, feature index or field offset */
  lastErrorDetail: { address: 548, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "detail of last_error: register address, feature index or field offset" },
  /** generation of the running model; 0 = untrained */
  generation: { address: 549, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "generation of the running model; 0 = untrained" },
  /** generation that a rollback returns to; 0 = none */
  previousGeneration: { address: 550, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "generation that a rollback returns to; 0 = none" },
  /** share of satisfactory outcomes among the last W judged; 65535 = none judged yet */
  windowAccuracy: { address: 551, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "share of satisfactory outcomes among the last W judged; 65535 = none judged yet" },
  /** judged outcomes in that window */
  windowFilled: { address: 552, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "judged outcomes in that window" },
  /** samples in the data set */
  samplesStored: { address: 553, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "samples in the data set" },
  /** room of the data set */
  samplesCapacity: { address: 554, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "room of the data set" },
  /** samples stitched since the last training */
  samplesNew: { address: 555, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "samples stitched since the last training" },
  /** samples kept out for evaluation */
  samplesHeldOut: { address: 556, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "samples kept out for evaluation" },
  /** decisions waiting for feedback */
  ticketsPending: { address: 557, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "decisions waiting for feedback" },
  /** CRC-32 of the running definition; 0 = none */
  definitionFingerprint: { address: 558, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "CRC-32 of the running definition; 0 = none" },
  /** CRC-32 of the running model */
  modelFingerprint: { address: 560, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "CRC-32 of the running model" },
  /** arena bytes the running definition takes */
  memoryUsed: { address: 562, words: 2, type: 'u32', count: 1, access: 'r', unit: "byte", plc: false, doc: "arena bytes the running definition takes" },
  /** arena bytes of the data set */
  datasetBytes: { address: 564, words: 2, type: 'u32', count: 1, access: 'r', unit: "byte", plc: false, doc: "arena bytes of the data set" },
  /** seconds since start */
  uptime: { address: 566, words: 2, type: 'u32', count: 1, access: 'r', unit: "s", plc: false, doc: "seconds since start" },
  /** decisions made */
  inferences: { address: 568, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "decisions made" },
  /** outcomes judged */
  judged: { address: 570, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "outcomes judged" },
  /** of those, satisfactory */
  satisfied: { address: 572, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "of those, satisfactory" },
  /** samples stitched */
  stitched: { address: 574, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "samples stitched" },
  /** samples that gave way to newer ones */
  replaced: { address: 576, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "samples that gave way to newer ones" },
  /** trainings finished */
  trainings: { address: 578, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "trainings finished" },
  /** candidates promoted */
  promoted: { address: 580, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "candidates promoted" },
  /** candidates rejected */
  rejected: { address: 582, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "candidates rejected" },
  /** rollbacks, by hand or by itself */
  rolledBack: { address: 584, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "rollbacks, by hand or by itself" },
  /** work units (multiply-accumulates) of the last training */
  trainWork: { address: 586, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "work units (multiply-accumulates) of the last training" },
  /** iterations (epochs, working sets) of the last training */
  trainIterations: { address: 588, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "iterations (epochs, working sets) of the last training" },
  /** error code of the last training; 0 = converged, 45 = bound reached */
  trainResult: { address: 590, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "error code of the last training; 0 = converged, 45 = bound reached" },
  /** 1 = the loop stays unsatisfactory although it trains */
  drift: { address: 591, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "1 = the loop stays unsatisfactory although it trains" },
  /** outcomes discarded, one counter per discard_reason */
  discarded: { address: 592, words: 12, type: 'u32', count: 6, access: 'r', plc: false, doc: "outcomes discarded, one counter per discard_reason" },
  /** states saved (wear) */
  saves: { address: 604, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "states saved (wear)" },
  /** seconds since the last save */
  saveAge: { address: 606, words: 2, type: 'u32', count: 1, access: 'r', unit: "s", plc: false, doc: "seconds since the last save" },
  /** where the state came from at start-up */
  startReason: { address: 608, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "where the state came from at start-up" },
  /** 0 = no key set, 1 = locked, 2 = unlocked */
  lockState: { address: 609, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "0 = no key set, 1 = locked, 2 = unlocked" },
  /** requests for this unit with a good CRC */
  framesGood: { address: 610, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "requests for this unit with a good CRC" },
  /** frames with a wrong CRC or length */
  framesBad: { address: 612, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "frames with a wrong CRC or length" },
  /** requests answered with an exception */
  exceptions: { address: 614, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "requests answered with an exception" },
  /** stack never used so far; 65535 = not measured */
  stackFree: { address: 616, words: 1, type: 'u16', count: 1, access: 'r', unit: "byte", plc: false, doc: "stack never used so far; 65535 = not measured" },
  /** repeated tickets answered without running anything twice, modulo 65536 */
  repeats: { address: 617, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "repeated tickets answered without running anything twice, modulo 65536" },
  /** number of the next log event; the ring holds the last ones */
  logNext: { address: 618, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "number of the next log event; the ring holds the last ones" },
  /** starts of the trainer, modulo 65536 */
  boots: { address: 620, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "starts of the trainer, modulo 65536" },
  /** how much of what the trainer knows is kept */
  saveState: { address: 621, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "how much of what the trainer knows is kept" },
  /** seconds of operation in all, starts included */
  operatingTime: { address: 622, words: 2, type: 'u32', count: 1, access: 'r', unit: "s", plc: false, doc: "seconds of operation in all, starts included" },
  /** saves that the wear budget allows now */
  savesLeft: { address: 624, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "saves that the wear budget allows now" },
  /** who has frozen the trainer */
  frozenBy: { address: 626, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "who has frozen the trainer" },
  /** the loop that the board closes by itself */
  localState: { address: 627, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "the loop that the board closes by itself" },
  /** channel that local_state is about; of INPUT_RANGE the feature, counted from 0 */
  localChannel: { address: 628, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "channel that local_state is about; of INPUT_RANGE the feature, counted from 0" },
  /** ticket of the last decision that the board asked for by itself; 0 = none */
  localTicket: { address: 629, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "ticket of the last decision that the board asked for by itself; 0 = none" },
  /** value that the board's own output was driven with last */
  localValue: { address: 630, words: 1, type: 'i16', count: 1, access: 'r', plc: false, doc: "value that the board's own output was driven with last" },
  /** argument of the command */
  commandArgument: { address: 640, words: 2, type: 'u32', count: 1, access: 'rw', plc: false, doc: "argument of the command" },
  /** what to do */
  commandCode: { address: 642, words: 1, type: 'u16', count: 1, access: 'rw', plc: false, doc: "what to do" },
  /** number of this command, 1 to 65535, chosen by the master */
  commandTicket: { address: 643, words: 1, type: 'u16', count: 1, access: 'rw', plc: false, doc: "number of this command, 1 to 65535, chosen by the master" },
  /** while a key is set: first four bytes of the keyed hash of challenge, argument, code and ticket */
  commandProof: { address: 644, words: 2, type: 'u32', count: 1, access: 'w', plc: false, doc: "while a key is set: first four bytes of the keyed hash of challenge, argument, code and ticket" },
  /** ticket of the last command taken */
  commandDone: { address: 646, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "ticket of the last command taken" },
  /** its error code; long jobs go on and report in status */
  commandResult: { address: 647, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "its error code; long jobs go on and report in status" },
  /** detail: bytes needed (DEFINITION_MEMORY), field offset, or seconds to wait (WEAR) */
  commandDetail: { address: 648, words: 2, type: 'u32', count: 1, access: 'r', plc: false, doc: "detail: bytes needed (DEFINITION_MEMORY), field offset, or seconds to wait (WEAR)" },
  /** share of the truths that each voice had proposed before, in the order of decided_by; 65535 = it has not spoken yet */
  voiceAccuracy: { address: 704, words: 5, type: 'u16', count: 5, access: 'r', unit: "permille", plc: false, doc: "share of the truths that each voice had proposed before, in the order of decided_by; 65535 = it has not spoken yet" },
  /** truths that this is the share of; halved when they reach 2000 */
  voiceTruths: { address: 709, words: 5, type: 'u16', count: 5, access: 'r', plc: false, doc: "truths that this is the share of; halved when they reach 2000" },
  /** what is wrong with the feedback */
  suspicion: { address: 714, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "what is wrong with the feedback" },
  /** FEATURE_STUCK: index of the feature; else 65535 */
  suspicionFeature: { address: 715, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "FEATURE_STUCK: index of the feature; else 65535" },
  /** usual share of truths that agree with the decision; 65535 = not known yet */
  agreement: { address: 716, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "usual share of truths that agree with the decision; 65535 = not known yet" },
  /** how far the following rule had moved its steps for the last decision, in units of the rule's index */
  ruleShift: { address: 717, words: 1, type: 'i16', count: 1, access: 'r', plc: false, doc: "how far the following rule had moved its steps for the last decision, in units of the rule's index" },
  /** class that each voice proposed for the decision shown, in the order of decided_by; 65535 = nothing */
  proposed: { address: 718, words: 5, type: 'u16', count: 5, access: 'r', plc: false, doc: "class that each voice proposed for the decision shown, in the order of decided_by; 65535 = nothing" },
  /** rate in force; 0 = the line has no settings to set (USB, QEMU, a virtual trainer) */
  lineRate: { address: 744, words: 1, type: 'u16', count: 1, access: 'r', unit: "100 baud", plc: false, doc: "rate in force; 0 = the line has no settings to set (USB, QEMU, a virtual trainer)" },
  /** parity bit in force */
  lineParity: { address: 745, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "parity bit in force" },
  /** stop bits in force */
  lineStopBits: { address: 746, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "stop bits in force" },
  /** seconds until the settings before come back unless a request arrives; 0 = no trial */
  lineTrialLeft: { address: 747, words: 1, type: 'u16', count: 1, access: 'r', unit: "s", plc: false, doc: "seconds until the settings before come back unless a request arrives; 0 = no trial" },
  /** held-out samples evaluated */
  evaluatedSamples: { address: 768, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "held-out samples evaluated" },
  /** generation of the evaluated running model */
  evaluatedGeneration: { address: 769, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "generation of the evaluated running model" },
  /** running model: accuracy; with continuous outputs as balanced_accuracy */
  accuracy: { address: 770, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "running model: accuracy; with continuous outputs as balanced_accuracy" },
  /** running model: mean recall over the classes present; with continuous outputs 1000 less the mean absolute error in permille of the outputs' ranges */
  balancedAccuracy: { address: 771, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "running model: mean recall over the classes present; with continuous outputs 1000 less the mean absolute error in permille of the outputs' ranges" },
  /** running model: macro F1 */
  f1: { address: 772, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "running model: macro F1" },
  /** running model: Matthews correlation (multi-class) */
  matthews: { address: 773, words: 1, type: 'i16', count: 1, access: 'r', unit: "permille", plc: false, doc: "running model: Matthews correlation (multi-class)" },
  /** last candidate: accuracy */
  candidateAccuracy: { address: 774, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "last candidate: accuracy" },
  /** last candidate: balanced accuracy */
  candidateBalancedAccuracy: { address: 775, words: 1, type: 'u16', count: 1, access: 'r', unit: "permille", plc: false, doc: "last candidate: balanced accuracy" },
  /** running model: recall per class; 65535 = no such sample */
  recall: { address: 776, words: 16, type: 'u16', count: 16, access: 'r', unit: "permille", plc: false, doc: "running model: recall per class; 65535 = no such sample" },
  /** stored samples per class; with continuous outputs the first is all of them */
  samplesPerClass: { address: 800, words: 16, type: 'u16', count: 16, access: 'r', plc: false, doc: "stored samples per class; with continuous outputs the first is all of them" },
  /** running model: mean absolute error of each continuous output, register units; 65535 = not evaluated */
  outputError: { address: 816, words: 8, type: 'u16', count: 8, access: 'r', plc: false, doc: "running model: mean absolute error of each continuous output, register units; 65535 = not evaluated" },
  /** the same error of the rule that always says the mean of the targets that are trained on */
  meanError: { address: 824, words: 8, type: 'u16', count: 8, access: 'r', plc: false, doc: "the same error of the rule that always says the mean of the targets that are trained on" },
  /** 16 bytes; a new one after every right response, and after a minute */
  challenge: { address: 832, words: 8, type: 'u16', count: 8, access: 'r', plc: false, doc: "16 bytes; a new one after every right response, and after a minute" },
  /** keyed hash of the challenge (alone), or of challenge and sealed key (with it); must be written whole */
  response: { address: 840, words: 8, type: 'u16', count: 8, access: 'w', plc: false, doc: "keyed hash of the challenge (alone), or of challenge and sealed key (with it); must be written whole" },
  /** the 16-byte key when none is set, alone; else the new one, sealed, behind its response; all zero removes it */
  key: { address: 848, words: 8, type: 'u16', count: 8, access: 'w', plc: false, doc: "the 16-byte key when none is set, alone; else the new one, sealed, behind its response; all zero removes it" },
  /** seconds that an upload stays open */
  unlockLeft: { address: 856, words: 1, type: 'u16', count: 1, access: 'r', unit: "s", plc: false, doc: "seconds that an upload stays open" },
  /** seconds until the next response or proof is looked at */
  waitLeft: { address: 857, words: 1, type: 'u16', count: 1, access: 'r', unit: "s", plc: false, doc: "seconds until the next response or proof is looked at" },
  /** running model: confusion matrix, row = truth x 16, column = decision */
  confusion: { address: 1024, words: 256, type: 'u16', count: 256, access: 'r', plc: false, doc: "running model: confusion matrix, row = truth x 16, column = decision" },
  /** epochs from one point of the learning curve to the next; 0 = there is no curve */
  curveStride: { address: 1280, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "epochs from one point of the learning curve to the next; 0 = there is no curve" },
  /** running or last training of a network: mean over an epoch's samples of the largest output error; 65535 = no such point */
  curveLoss: { address: 1281, words: 32, type: 'u16', count: 32, access: 'r', unit: "permille", plc: false, doc: "running or last training of a network: mean over an epoch's samples of the largest output error; 65535 = no such point" },
  /** of the held-out samples after that epoch: wrong decisions; with continuous outputs the root mean square error in half ranges; 65535 = not known */
  curveError: { address: 1313, words: 32, type: 'u16', count: 32, access: 'r', unit: "permille", plc: false, doc: "of the held-out samples after that epoch: wrong decisions; with continuous outputs the root mean square error in half ranges; 65535 = not known" },
  /** which object */
  bulkObject: { address: 1536, words: 1, type: 'u16', count: 1, access: 'rw', plc: false, doc: "which object" },
  /** which page, from 0 */
  bulkPage: { address: 1537, words: 1, type: 'u16', count: 1, access: 'rw', plc: false, doc: "which page, from 0" },
  /** bytes of the whole object; written with every page put */
  bulkTotal: { address: 1538, words: 2, type: 'u32', count: 1, access: 'rw', unit: "byte", plc: false, doc: "bytes of the whole object; written with every page put" },
  /** bytes in this page */
  bulkLength: { address: 1540, words: 1, type: 'u16', count: 1, access: 'rw', unit: "byte", plc: false, doc: "bytes in this page" },
  /** CRC-16 (Modbus) of object, page, total, length and the page's bytes */
  bulkCrc: { address: 1541, words: 1, type: 'u16', count: 1, access: 'rw', plc: false, doc: "CRC-16 (Modbus) of object, page, total, length and the page's bytes" },
  /** the page's bytes, first byte in the high half */
  bulkData: { address: 1542, words: 112, type: 'u16', count: 112, access: 'rw', plc: false, doc: "the page's bytes, first byte in the high half" },
  /** patterns known */
  patternCount: { address: 1664, words: 1, type: 'u16', count: 1, access: 'r', plc: false, doc: "patterns known" },
  /** alarms that matched each pattern; 0 = empty place */
  patternHits: { address: 1665, words: 16, type: 'u16', count: 16, access: 'r', plc: false, doc: "alarms that matched each pattern; 0 = empty place" },
  /** 1 = an operator confirmed it */
  patternConfirmed: { address: 1681, words: 16, type: 'u16', count: 16, access: 'r', plc: false, doc: "1 = an operator confirmed it" },
} as const satisfies Record<string, Register>;
export type RegisterName = keyof typeof Registers;

export const Coils = {
  /** 1 = no self-training (mode FROZEN); 0 = back to the mode before */
  freeze: 0,
  /** write 1 to start a training; reads 1 while a training runs */
  trainNow: 1,
  /** 1 while somebody else drives the actuator: outcomes are discarded and counted */
  manualOverride: 2,
  /** 1 while the sensors cannot be trusted: outcomes are discarded and counted */
  sensorFault: 3,
  /** write 1: the present alarm is real */
  alarmConfirmed: 4,
  /** write 1: the present alarm is false; its windows are learned as healthy */
  alarmFalse: 5,
} as const;

export const DiscreteInputs = {
  /** a trained model answers */
  trained: 0,
  /** a training, learning or evaluation runs */
  training: 1,
  /** stream model: anomaly alarm */
  alarm: 2,
  /** the loop stays unsatisfactory although it trains */
  drift: 3,
  /** the last judged outcome was unsatisfactory */
  unsatisfied: 4,
  /** management writes are refused */
  locked: 5,
  /** last save or start-up had a fault, see last_error */
  fault: 6,
  /** stream model: the present alarm matches no known pattern */
  newPattern: 7,
  /** the feedback looks wrong, see suspicion */
  suspicious: 8,
  /** a decision is being made, see pending_ticket; read it when this is 0 */
  deciding: 9,
  /** the loop that the board closes by itself stands still, see local_state: the fail-safe class drives its output */
  localFault: 10,
  /** one bit per class: set for the class of the last decision */
  classIs: 16,
} as const;

/** First address and words of each block, for one-read snapshots. */
export const Blocks = {
  input: { address: 0, words: 122 },
  decision: { address: 128, words: 15 },
  feedback: { address: 144, words: 8 },
  watch: { address: 152, words: 6 },
  samples: { address: 160, words: 122 },
  stream: { address: 288, words: 52 },
  targets: { address: 340, words: 11 },
  identity: { address: 512, words: 22 },
  status: { address: 544, words: 87 },
  voices: { address: 704, words: 19 },
  line: { address: 744, words: 4 },
  command: { address: 640, words: 10 },
  evaluation: { address: 768, words: 577 },
  lock: { address: 832, words: 26 },
  bulk: { address: 1536, words: 118 },
  patterns: { address: 1664, words: 33 },
} as const;

/** what the trainer is doing besides answering */
export const State = {
  EMPTY: 0,
  READY: 1,
  TRAINING: 2,
  EVALUATING: 3,
  SAVING: 4,
  LEARNING: 5,
  CALIBRATING: 6,
} as const;
export type State = (typeof State)[keyof typeof State];

/** who may start a training */
export const Mode = {
  AUTO: 0,
  MANUAL: 1,
  FROZEN: 2,
} as const;
export type Mode = (typeof Mode)[keyof typeof Mode];

/** model family */
export const Model = {
  NONE: 0,
  SVM_LINEAR: 1,
  SVM_KERNEL: 2,
  ESN: 3,
  DNN: 4,
  CORRELATION: 5,
  PROCESS: 6,
  SVM_BOTH: 7,
  AUTOENCODER: 8,
} as const;
export type Model = (typeof Model)[keyof typeof Model];

/** kernel of svm_kernel */
export const Kernel = {
  LINEAR: 0,
  RBF: 1,
  POLYNOMIAL: 2,
} as const;
export type Kernel = (typeof Kernel)[keyof typeof Kernel];

/** kind of a network's layer */
export const Layer = {
  DENSE: 1,
  CONV: 2,
  DEPTHWISE: 3,
  MAX_POOL: 4,
  AVERAGE_POOL: 5,
  GLOBAL_AVERAGE_POOL: 6,
  FLATTEN: 7,
  ADD: 8,
  SOFTMAX: 9,
} as const;
export type Layer = (typeof Layer)[keyof typeof Layer];

/** activation function of a network's layer */
export const Activation = {
  LINEAR: 0,
  RELU: 1,
  RELU6: 2,
} as const;
export type Activation = (typeof Activation)[keyof typeof Activation];

/** what a network's layer sees beyond the edge: nothing, or zeros so that its output is as large as its input */
export const Padding = {
  VALID: 0,
  SAME: 1,
} as const;
export type Padding = (typeof Padding)[keyof typeof Padding];

/** what training changes in a network's layer */
export const Update = {
  FROZEN: 0,
  BIAS: 1,
  ALL: 2,
} as const;
export type Update = (typeof Update)[keyof typeof Update];

/** numbers of a network */
export const NumberFormat = {
  Q8: 0,
  F32: 1,
} as const;
export type NumberFormat = (typeof NumberFormat)[keyof typeof NumberFormat];

/** numbers of a layer with weights */
export const LayerFormat = {
  NETWORK: 0,
  Q8: 1,
  F32: 2,
} as const;
export type LayerFormat = (typeof LayerFormat)[keyof typeof LayerFormat];

/** how a stitched sample's features are stored */
export const Storage = {
  INT8: 1,
  INT16: 2,
} as const;
export type Storage = (typeof Storage)[keyof typeof Storage];

/** how features are scaled before they reach the model */
export const Scaling = {
  RANGE: 0,
  STANDARD: 1,
} as const;
export type Scaling = (typeof Scaling)[keyof typeof Scaling];

/** a feature outside its range */
export const OutOfRange = {
  REFUSE: 0,
  CLAMP: 1,
} as const;
export type OutOfRange = (typeof OutOfRange)[keyof typeof OutOfRange];

/** how an outcome becomes a ground truth */
export const Rule = {
  LABEL: 0,
  DEAD_BAND: 1,
  LIMIT: 2,
  TRACKING: 3,
} as const;
export type Rule = (typeof Rule)[keyof typeof Rule];

/** which side of the limit is unsatisfactory */
export const LimitSide = {
  ABOVE: 0,
  BELOW: 1,
} as const;
export type LimitSide = (typeof LimitSide)[keyof typeof LimitSide];

/** start rule: what decides before anything is learned */
export const Start = {
  NONE: 0,
  CONSTANT: 1,
  CHOICE: 2,
  STEPS: 3,
  PMV: 4,
} as const;
export type Start = (typeof Start)[keyof typeof Start];

/** whose word decided, or which limit of the plant held it back */
export const DecidedBy = {
  START_RULE: 0,
  FOLLOWING_RULE: 1,
  LAST_TRUTH: 2,
  MODEL: 3,
  SECOND_MODEL: 4,
  HOLD_TIME: 5,
  OPPOSED_CLASSES: 6,
  HYSTERESIS: 7,
  MAX_CHANGE: 8,
} as const;
export type DecidedBy = (typeof DecidedBy)[keyof typeof DecidedBy];

/** what is wrong with the feedback */
export const Suspicion = {
  NONE: 0,
  OUTCOME_STUCK: 1,
  FEATURE_STUCK: 2,
  CONTRADICTION: 3,
  INDEPENDENT: 4,
} as const;
export type Suspicion = (typeof Suspicion)[keyof typeof Suspicion];

/** what a trainer does when it suspects the feedback */
export const SuspicionAction = {
  PAUSE: 0,
  REPORT: 1,
  OFF: 2,
} as const;
export type SuspicionAction = (typeof SuspicionAction)[keyof typeof SuspicionAction];

/** weight of a class in the training loss */
export const ClassWeights = {
  NONE: 0,
  BALANCED: 1,
  EXPLICIT: 2,
} as const;
export type ClassWeights = (typeof ClassWeights)[keyof typeof ClassWeights];

/** topology of the echo state network */
export const Reservoir = {
  CYCLE: 0,
  SPARSE: 1,
} as const;
export type Reservoir = (typeof Reservoir)[keyof typeof Reservoir];

/** how the echo state network's readout learns */
export const Readout = {
  RIDGE: 0,
  RLS: 1,
} as const;
export type Readout = (typeof Readout)[keyof typeof Readout];

/** how the features of a window are judged together */
export const Covariance = {
  FULL: 0,
  DIAGONAL: 1,
  LARGEST: 2,
} as const;
export type Covariance = (typeof Covariance)[keyof typeof Covariance];

/** what an outcome says */
export const FeedbackKind = {
  OUTCOME: 0,
  LABEL: 1,
  OVERRIDE: 2,
  DISCARD: 3,
  FALSE_ALARM: 4,
  CONFIRMED: 5,
  TEACH: 6,
} as const;
export type FeedbackKind = (typeof FeedbackKind)[keyof typeof FeedbackKind];

/** why an outcome cannot be judged (value of a DISCARD feedback, and the per-reason counters) */
export const DiscardReason = {
  OTHER: 0,
  SENSOR_FAULT: 1,
  MANUAL_OVERRIDE: 2,
  SET_POINT_CHANGED: 3,
  EXPIRED: 4,
  TOO_EARLY: 5,
} as const;
export type DiscardReason = (typeof DiscardReason)[keyof typeof DiscardReason];

/** how a feedback was judged */
export const Judgement = {
  NONE: 0,
  SATISFIED: 1,
  UNSATISFIED: 2,
  DISCARDED: 3,
  TOO_EARLY: 4,
} as const;
export type Judgement = (typeof Judgement)[keyof typeof Judgement];

/** how much of what the trainer knows is in the non-volatile memory */
export const SaveState = {
  SAVED: 0,
  SAMPLES_WAIT: 1,
  NOT_SAVED: 2,
  FAILED: 3,
  NO_STORE: 4,
} as const;
export type SaveState = (typeof SaveState)[keyof typeof SaveState];

/** parity bit of a character on the line */
export const Parity = {
  NONE: 0,
  EVEN: 1,
  ODD: 2,
} as const;
export type Parity = (typeof Parity)[keyof typeof Parity];

/** who has frozen the trainer, and so who may lift it */
export const FrozenBy = {
  NOBODY: 0,
  PROCESS: 1,
  MANAGEMENT: 2,
} as const;
export type FrozenBy = (typeof FrozenBy)[keyof typeof FrozenBy];

/** the loop that the board closes by itself; in every state above RUNNING but OVERRIDDEN the fail-safe class drives the output */
export const LocalState = {
  OFF: 0,
  RUNNING: 1,
  OVERRIDDEN: 2,
  INPUT_FAILED: 3,
  INPUT_RANGE: 4,
  OUTPUT_FAILED: 5,
  SENSOR_FAULT: 6,
  NO_WINDOW: 7,
} as const;
export type LocalState = (typeof LocalState)[keyof typeof LocalState];

/** what the process may write while a key is set: decisions only, outcomes too, or everything (lessons, training, freeze) */
export const ProcessWrites = {
  DECIDE_AND_OUTCOME: 0,
  DECIDE: 1,
  ALL: 2,
} as const;
export type ProcessWrites = (typeof ProcessWrites)[keyof typeof ProcessWrites];

/** what the bulk window shows or takes */
export const BulkObject = {
  NONE: 0,
  DEFINITION: 1,
  DEFINITION_STAGED: 2,
  MODEL_RUNNING: 3,
  MODEL_PREVIOUS: 4,
  MODEL_STAGED: 5,
  DATASET: 6,
  LOG: 7,
  PATTERNS: 8,
  PATTERNS_STAGED: 9,
  VOICES: 10,
  VOICES_STAGED: 11,
  INPUT: 12,
} as const;
export type BulkObject = (typeof BulkObject)[keyof typeof BulkObject];

/** what a log record tells */
export const Event = {
  START: 1,
  DEFINITION: 2,
  TRAIN_BEGIN: 3,
  TRAIN_END: 4,
  PROMOTED: 5,
  REJECTED: 6,
  ROLLED_BACK: 7,
  AUTO_ROLLED_BACK: 8,
  MODE: 9,
  SAVED: 10,
  SAVE_FAILED: 11,
  DRIFT: 12,
  ALARM: 13,
  ALARM_END: 14,
  NEW_PATTERN: 15,
  UNLOCKED: 16,
  LOCK_REFUSED: 17,
  DATASET_CLEARED: 18,
  MODEL_RESTORED: 19,
  TRAIN_FAILED: 20,
  FACTORY_RESET: 21,
  PATTERNS_RESTORED: 22,
  STREAM_STOPPED: 23,
  STREAM_BACK: 24,
  VOICE_LEADS: 25,
  SUSPICION: 26,
  LINE_KEPT: 27,
  LINE_BACK: 28,
  LOCAL_IO: 29,
} as const;
export type Event = (typeof Event)[keyof typeof Event];

/** what a new definition does to something that was learned */
export const Fate = {
  KEPT: 0,
  CONVERTED: 1,
  DISCARDED: 2,
} as const;
export type Fate = (typeof Fate)[keyof typeof Fate];

/** what it is in a new definition that discards or converts */
export const ChangeCause = {
  NONE: 0,
  FIRST: 1,
  MODEL: 2,
  FEATURES: 3,
  CLASSES: 4,
  STORAGE: 5,
  SCALING: 6,
  CAPACITY: 7,
  TICKETS: 8,
  PARAMETERS: 9,
  RANGE: 10,
  WIDENED: 11,
  RULE: 12,
  OUTPUTS: 13,
} as const;
export type ChangeCause = (typeof ChangeCause)[keyof typeof ChangeCause];

/** where the state came from at start-up */
export const StartReason = {
  DEFAULTS_BLANK: 0,
  SLOT_NEWEST: 1,
  SLOT_OLDER: 2,
  DEFAULTS_CORRUPT: 3,
  MIGRATED: 4,
  NO_MEMORY: 5,
} as const;
export type StartReason = (typeof StartReason)[keyof typeof StartReason];

/** what a command does; argument in command_argument */
export const Command = {
  NONE: 0,
  TRAIN: 1,
  CANCEL: 2,
  EVALUATE: 3,
  ROLL_BACK: 4,
  SET_MODE: 5,
  SAVE: 6,
  CLEAR_DATASET: 7,
  RESET_MODEL: 8,
  RESET_COUNTERS: 9,
  COMMIT_DEFINITION: 10,
  COMMIT_MODEL: 11,
  RESTART: 12,
  FACTORY_RESET: 13,
  LEARN: 14,
  PATTERN_MERGE: 15,
  PATTERN_FORGET: 16,
  LOCK: 18,
  COMMIT_PATTERNS: 19,
  SET_UNIT: 20,
  TRUST_FEEDBACK: 21,
  SET_LINE: 23,
  BOOT_LOADER: 24,
  COMMIT_VOICES: 22,
} as const;
export type Command = (typeof Command)[keyof typeof Command];

/** Error codes a trainer reports; their texts are in the catalogue of errors, client.error. */
export const TrainerErrors = {
  OK: { code: 0 },
  BUSY: { code: 1 },
  NO_DEFINITION: { code: 2 },
  ADDRESS: { code: 3 },
  READ_ONLY: { code: 4 },
  VALUE: { code: 5 },
  PARTIAL: { code: 6 },
  LOCKED: { code: 7 },
  FEATURE_RANGE: { code: 8 },
  TICKET_UNKNOWN: { code: 9 },
  TICKET_JUDGED: { code: 10 },
  TICKET_TAKEN: { code: 14 },
  WORDS_MISSING: { code: 15 },
  BROADCAST: { code: 16 },
  PROCESS_CLOSED: { code: 17 },
  TARGET_RANGE: { code: 18 },
  INPUT_OTHER: { code: 19 },
  TICKET_ZERO: { code: 11 },
  CLASS_UNKNOWN: { code: 12 },
  RULE_MISMATCH: { code: 13 },
  DEFINITION_CRC: { code: 20 },
  DEFINITION_VERSION: { code: 21 },
  DEFINITION_LENGTH: { code: 22 },
  DEFINITION_FIELD: { code: 23 },
  DEFINITION_MEMORY: { code: 24 },
  DEFINITION_SECTION: { code: 26 },
  MODEL_NOT_BUILT: { code: 25 },
  MODEL_CRC: { code: 30 },
  MODEL_SHAPE: { code: 31 },
  MODEL_VERSION: { code: 32 },
  MODEL_CONTENT: { code: 33 },
  WEIGHTS_MISSING: { code: 35 },
  NO_PREVIOUS: { code: 34 },
  TOO_FEW_SAMPLES: { code: 40 },
  SINGLE_CLASS: { code: 41 },
  FROZEN: { code: 42 },
  FROZEN_FOR_PROCESS: { code: 49 },
  ALARM_ACTIVE: { code: 43 },
  CANCELLED: { code: 44 },
  NOT_CONVERGED: { code: 45 },
  NUMERIC: { code: 46 },
  REGULARISED: { code: 48 },
  WORKSPACE: { code: 47 },
  PAGE: { code: 50 },
  PAGE_CRC: { code: 51 },
  OBJECT: { code: 52 },
  INCOMPLETE: { code: 53 },
  STORE_FULL: { code: 60 },
  STORE_FAILED: { code: 61 },
  NO_STORE: { code: 62 },
  WEAR: { code: 63 },
  KEY_WRONG: { code: 70 },
  KEY_WAIT: { code: 71 },
  KEY_RESPONSE: { code: 72 },
  COMMAND_UNKNOWN: { code: 80 },
  NOT_SUPPORTED: { code: 81 },
  BOARD_CANNOT: { code: 83 },
  SEQUENCE_GAP: { code: 82 },
  WINDOW_SHORT: { code: 84 },
  WINDOW_STOPPED: { code: 85 },
  WINDOW_BEHIND: { code: 86 },
  INPUT_STREAMED: { code: 87 },
} as const;
export type TrainerErrorName = keyof typeof TrainerErrors;
