/** Identity and status of a trainer, read in one request each and checked. */

import {
  Blocks,
  DiscardReason,
  DiscreteInputs,
  FrozenBy,
  Kernel,
  LocalState,
  MAP_VERSION,
  Mode,
  Model,
  SaveState,
  StartReason,
  State,
} from '../contract/contract.generated';
import { DefinitionSections } from '../contract/definition.generated';
import { text } from '../text';
import type { Doing, UnitAccess } from './access';
import { errorName, errorText, ProtocolError } from './errors';
import { type DefinitionSectionName, ownSections } from './firmware';
import type { RegisterWindow } from './registers';
import { allWords, type WordOf, wordOf } from './words';

export interface Identity {
  readonly unit: number;
  readonly mapVersion: number;
  /** "1.0" */
  readonly firmwareVersion: string;
  /** Stable identity of the board, 8 hexadecimal digits. */
  readonly serialNumber: string;
  readonly board: string;
  /** Model families in this build, as definitions name them. */
  readonly models: readonly WordOf<typeof Model>[];
  readonly kernels: readonly WordOf<typeof Kernel>[];
  /** Memory for a definition, bytes. */
  readonly arenaBytes: number;
  /** One slot of the non-volatile memory, bytes; 0 = none. */
  readonly storeBytes: number;
  /** Channels of the board itself, for the section io of a definition. */
  readonly channels: { readonly inputs: number; readonly outputs: number };
  /** Sections of a definition that the firmware understands, beside those of the model families. */
  readonly sections: readonly DefinitionSectionName[];
}

/** An error code with its name and text. */
export interface ErrorReport {
  readonly code: number;
  readonly name: string;
  readonly text: string;
  readonly detail: number;
}

export type TrainerState = WordOf<typeof State>;
export type TrainerMode = WordOf<typeof Mode>;
export type Discard = WordOf<typeof DiscardReason>;

/** Shares and accuracies from 0 to 1. */
/** The loop that a board closes by itself (section io of its definition). */
export interface LocalStatus {
  readonly state: WordOf<typeof LocalState>;
  /** Channel that the state is about; of "input-range" the place of the feature. */
  readonly channel: number;
  /** Ticket of the last decision that the board asked for; 0 = none. */
  readonly ticket: number;
  /** Value that its output was driven with last. */
  readonly value: number;
}

export interface TrainerStatus {
  readonly state: TrainerState;
  readonly mode: TrainerMode;
  /** Of the running job. */
  readonly progress: number;
  /** Last refused request or failed job; undefined = none since start. */
  readonly lastError: ErrorReport | undefined;
  /** 0 = untrained. */
  readonly generation: number;
  /** What a rollback returns to; 0 = nothing. */
  readonly previousGeneration: number;
  /** Share of satisfactory outcomes over the window; undefined = none judged yet. */
  readonly windowAccuracy: number | undefined;
  readonly windowFilled: number;
  readonly samplesStored: number;
  readonly samplesCapacity: number;
  /** Stitched since the last training. */
  readonly samplesNew: number;
  readonly samplesHeldOut: number;
  readonly ticketsPending: number;
  /** 0 = no definition. */
  readonly definitionFingerprint: number;
  readonly modelFingerprint: number;
  readonly memoryUsedBytes: number;
  readonly datasetBytes: number;
  readonly uptimeSeconds: number;
  readonly inferences: number;
  readonly judged: number;
  readonly satisfied: number;
  readonly stitched: number;
  readonly replaced: number;
  readonly trainings: number;
  readonly promoted: number;
  readonly rejected: number;
  readonly rolledBack: number;
  /** Multiply-accumulates of the last training. */
  readonly trainWork: number;
  readonly trainIterations: number;
  /** How the last training ended; undefined = converged, or none yet. */
  readonly trainResult: ErrorReport | undefined;
  readonly drift: boolean;
  readonly discarded: Readonly<Record<Discard, number>>;
  readonly saves: number;
  readonly saveAgeSeconds: number;
  /** How much of what the trainer knows is kept when the power goes. */
  readonly saveState: WordOf<typeof SaveState>;
  /** Saves that the wear budget of the memory allows now. */
  readonly savesLeft: number;
  /** Starts, modulo 65536. */
  readonly boots: number;
  readonly operatingSeconds: number;
  readonly frozenBy: WordOf<typeof FrozenBy>;
  /** The loop that the board closes by itself. */
  readonly local: LocalStatus;
  readonly startReason: WordOf<typeof StartReason>;
  readonly lock: 'none' | 'locked' | 'unlocked';
  readonly framesGood: number;
  readonly framesBad: number;
  readonly exceptions: number;
  /** Bytes; undefined = not measured. */
  readonly stackFreeBytes: number | undefined;
  readonly repeats: number;
  /** Number of the next log event. */
  readonly logNext: number;
}

const NOT_KNOWN = 65_535;
const LOCK_STATES = ['none', 'locked', 'unlocked'] as const;

function report(code: number, detail: number): ErrorReport | undefined {
  return code === 0 ? undefined : { code, name: errorName(code) ?? 'UNKNOWN', text: errorText(code), detail };
}

function bits<E extends Readonly<Record<string, number>>>(values: E, mask: number): WordOf<E>[] {
  return allWords(values).filter(
    (word) => (mask >> (values[word.toUpperCase().replace(/-/g, '_')] as number)) & 1,
  );
}

/** @throws ProtocolError when the unit is no trainer, or one with another register map */
export async function readIdentity(access: UnitAccess, how: Doing): Promise<Identity> {
  const window = await access.read(Blocks.identity.address, Blocks.identity.words, how);
  const mapVersion = window.number('mapVersion');
  if (mapVersion !== MAP_VERSION)
    throw new ProtocolError(access.unit, text('protocol.map', { found: mapVersion, known: MAP_VERSION }));
  const version = window.number('firmwareVersion');
  return {
    unit: access.unit,
    mapVersion,
    firmwareVersion: `${version >> 8}.${version & 0xff}`,
    serialNumber: window.number('serialNumber').toString(16).padStart(8, '0'),
    board: window.text('board'),
    models: bits(Model, window.number('modelsBuilt') & ~1),
    kernels: bits(Kernel, window.number('kernelsBuilt')),
    arenaBytes: window.number('arenaBytes'),
    storeBytes: window.number('storeBytes'),
    channels: { inputs: window.number('localInputs'), outputs: window.number('localOutputs') },
    sections: ownSections.filter(
      (name) => (window.number('sectionsKnown') >> DefinitionSections[name].id) & 1,
    ),
  };
}

/** What counts up. */
function countersOf(window: RegisterWindow) {
  return {
    uptimeSeconds: window.number('uptime'),
    inferences: window.number('inferences'),
    judged: window.number('judged'),
    satisfied: window.number('satisfied'),
    stitched: window.number('stitched'),
    replaced: window.number('replaced'),
    trainings: window.number('trainings'),
    promoted: window.number('promoted'),
    rejected: window.number('rejected'),
    rolledBack: window.number('rolledBack'),
    trainWork: window.number('trainWork'),
    trainIterations: window.number('trainIterations'),
    framesGood: window.number('framesGood'),
    framesBad: window.number('framesBad'),
    exceptions: window.number('exceptions'),
    repeats: window.number('repeats'),
  };
}

/** Gives the word of a code, or says that a board of another version speaks. */
const wordsFrom =
  (unit: number) =>
  <E extends Readonly<Record<string, number>>>(what: string, values: E, code: number): WordOf<E> => {
    const word = wordOf(values, code);
    if (word === undefined) throw new ProtocolError(unit, text('protocol.unknownValue', { what, code }));
    return word;
  };

function decodeStatus(unit: number, window: RegisterWindow): TrainerStatus {
  const checked = wordsFrom(unit);
  const share = (permille: number, what: string): number => {
    if (permille > 1000) throw new ProtocolError(unit, text('protocol.permille', { value: permille, what }));
    return permille / 1000;
  };
  const windowAccuracy = window.number('windowAccuracy');
  const stackFree = window.number('stackFree');
  const lock = LOCK_STATES[window.number('lockState')];
  if (lock === undefined)
    throw new ProtocolError(unit, text('protocol.lockState', { code: window.number('lockState') }));
  const counts = window.numbers('discarded');
  return {
    state: checked('state', State, window.number('state')),
    mode: checked('mode', Mode, window.number('mode')),
    progress: share(window.number('progress'), 'progress'),
    lastError: report(window.number('lastError'), window.number('lastErrorDetail')),
    generation: window.number('generation'),
    previousGeneration: window.number('previousGeneration'),
    windowAccuracy: windowAccuracy === NOT_KNOWN ? undefined : share(windowAccuracy, 'accuracy'),
    windowFilled: window.number('windowFilled'),
    samplesStored: window.number('samplesStored'),
    samplesCapacity: window.number('samplesCapacity'),
    samplesNew: window.number('samplesNew'),
    samplesHeldOut: window.number('samplesHeldOut'),
    ticketsPending: window.number('ticketsPending'),
    definitionFingerprint: window.number('definitionFingerprint'),
    modelFingerprint: window.number('modelFingerprint'),
    memoryUsedBytes: window.number('memoryUsed'),
    datasetBytes: window.number('datasetBytes'),
    ...countersOf(window),
    trainResult: report(window.number('trainResult'), 0),
    drift: window.number('drift') !== 0,
    discarded: Object.fromEntries(
      allWords(DiscardReason).map((word, index) => [word, counts[index] ?? 0]),
    ) as Record<Discard, number>,
    saves: window.number('saves'),
    saveAgeSeconds: window.number('saveAge'),
    saveState: checked('save state', SaveState, window.number('saveState')),
    savesLeft: window.number('savesLeft'),
    boots: window.number('boots'),
    operatingSeconds: window.number('operatingTime'),
    frozenBy: checked('origin of the freeze', FrozenBy, window.number('frozenBy')),
    local: {
      state: checked('state of the local loop', LocalState, window.number('localState')),
      channel: window.number('localChannel'),
      ticket: window.number('localTicket'),
      value: window.number('localValue'),
    },
    startReason: checked('start reason', StartReason, window.number('startReason')),
    lock,
    stackFreeBytes: stackFree === NOT_KNOWN ? undefined : stackFree,
    logNext: window.number('logNext'),
  };
}

export async function readStatus(access: UnitAccess, how: Doing): Promise<TrainerStatus> {
  return decodeStatus(access.unit, await access.read(Blocks.status.address, Blocks.status.words, how));
}

/** Whether a training, learning or evaluation runs: one bit, for tight polling. */
export async function readTraining(access: UnitAccess, how: Doing): Promise<boolean> {
  const [training] = await access.readBits(2, DiscreteInputs.training, 1, how);
  return training === true;
}
