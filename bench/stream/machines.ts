/** The definitions of the recordings, one set of constants for every speed, load and fault of a kind. */
import { DefinitionError, type TrainerDefinition } from '../../trainer';
import { parseDefinition } from '../../trainer/definition';
import { InputError } from '../data';
import type { Sample } from './recordings';
import { type Family, learningWindows } from './run';

/** Window and hop of the correlation family; the fan's and the bearing's are its defaults. */
interface Lengths {
  readonly window: number;
  readonly hop: number;
}
export const LAGS = 12;
/** Of the echo state network, as it was measured from the beginning. */
const ESN = { window: 50, hop: 10 } as const;

interface Kind {
  readonly name: 'fan' | 'bearing' | 'gearbox';
  readonly channels: readonly string[];
  readonly range: number;
  readonly scale: number;
  readonly lengths: Lengths;
  /** Samples of the network's readout, of `learned` in all. */
  readout(learned: number): number;
}

const FAN: Kind = {
  name: 'fan',
  channels: ['x', 'y', 'z'],
  range: 32,
  scale: 1000,
  lengths: { window: 64, hop: 16 },
  readout: (learned) => Math.round(learned / 2.4),
};

const BEARING: Kind = {
  name: 'bearing',
  channels: ['drive end', 'fan end'],
  range: 6,
  scale: 5000,
  lengths: { window: 64, hop: 16 },
  readout: (learned) => Math.min(10_000, Math.round(learned / 2.4)),
};

const GEARBOX: Kind = {
  name: 'gearbox',
  channels: ['a1', 'a2', 'a3', 'a4'],
  range: 64,
  scale: 500,
  lengths: { window: 256, hop: 64 },
  readout: (learned) => Math.min(10_000, Math.round(learned / 2.4)),
};

export const KINDS = { fan: FAN, bearing: BEARING, gearbox: GEARBOX } as const;

/** The kind with a range that holds four times the healthy signal, where its own does not hold it: a recording in another unit. */
export function fitted(kind: Kind, healthy: readonly Sample[]): Kind {
  const most = healthy.reduce(
    (high, sample) => sample.reduce((largest, value) => Math.max(largest, Math.abs(value)), high),
    0,
  );
  if (most <= kind.range) return kind;
  const factor = 2 ** Math.ceil(Math.log2((4 * most) / kind.range));
  return { ...kind, range: kind.range * factor, scale: kind.scale / factor };
}

/** Of the autoencoder, whose inputs are at most 256. The recordings of the fan are short: more windows of them. */
const AUTOENCODER = { window: 64, hop: 16 } as const;
const AUTOENCODER_FAN = { window: 64, hop: 4 } as const;

function lengthsOf(family: Family, kind: Kind): Lengths {
  if (family === 'autoencoder') return kind.name === 'fan' ? AUTOENCODER_FAN : AUTOENCODER;
  return family === 'esn' && kind.name !== 'gearbox' ? ESN : kind.lengths;
}

/** Samples of a window that is scored. */
export const windowOf = (family: Family, kind: Kind): number => lengthsOf(family, kind).window;

/** Windows of the autoencoder that its scale is measured on, before it records others: firmware/src/models/autoencoder/learn.c. */
const SCALE_WINDOWS = 32;

function modelOf(family: Family, kind: Kind, learned: number, regimes: number): TrainerDefinition['model'] {
  const lengths = lengthsOf(family, kind);
  const { window, hop } = lengths;
  if (family === 'correlation') {
    const windows = learningWindows(window, hop, LAGS, learned);
    return { type: family, window, hop, lags: LAGS, learningWindows: windows, regimes };
  }
  if (family === 'autoencoder') {
    const windows = Math.min(MOST, learningWindows(window, hop, 0, learned) - SCALE_WINDOWS);
    return { type: family, window, hop, learningWindows: windows };
  }
  const readout = kind.readout(learned);
  const calibration = Math.max(100, Math.floor((learned - readout) / hop) - window / hop + 1);
  return { type: family, window, hop, learningSamples: readout, calibration };
}

/** Windows that the autoencoder records at most: an STM32F405 has room for them. */
const MOST = 720;

/** A definition that learns from `learned` samples (a regime), all of them. What a sensor cannot show stops at the end of its range. */
export function definitionOf(
  family: Family,
  kind: Kind,
  channels: number,
  learned: number,
  regimes = 1,
): TrainerDefinition {
  return {
    name: kind.name,
    channels: Array.from({ length: channels }, (_, k) => ({
      name: kind.channels[k] ?? `channel ${k + 1}`,
      unit: 'g',
      min: -kind.range,
      max: kind.range,
      scale: kind.scale,
    })),
    outOfRange: 'clamp',
    model: modelOf(family, kind, learned, regimes),
  };
}

/** A recording to learn from, and what is judged after it; an error names them so. */
export interface Recorded {
  readonly name: string;
  readonly healthy: readonly Sample[];
  readonly faults: readonly { readonly name: string; readonly samples: readonly Sample[] }[];
}

/** Throws InputError when the share of the healthy samples does not do to learn from, or the rest or a fault is too short to be judged. */
export function checkRecording(
  { name, healthy, faults }: Recorded,
  kind: Kind,
  share: number,
  families: readonly Family[],
): void {
  const channels = healthy[0]?.length ?? 0;
  const learned = Math.round(healthy.length * share);
  for (const family of families) {
    const window = windowOf(family, kind);
    try {
      parseDefinition(definitionOf(family, kind, channels, learned));
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error;
      throw new InputError(
        `${name}: ${healthy.length} healthy samples, ${learned} of them learned, do for no ${family} model: ${error.message}`,
      );
    }
    if (healthy.length - learned < 2 * window)
      throw new InputError(`${name}: of ${healthy.length} healthy samples too few are left to be judged`);
    const short = faults.find(({ samples }) => samples.length < 2 * window);
    if (short !== undefined)
      throw new InputError(
        `${short.name}: ${short.samples.length} samples; to be judged it needs two windows of ${window}`,
      );
  }
}
