/** The definitions of the recordings, one set of constants for every speed, load and fault of a kind. */
import type { TrainerDefinition } from '../../trainer';
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
  readonly name: string;
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

/** Samples of a window that is scored. */
export function windowOf(family: Family, kind: Kind): number {
  return family === 'esn' ? (kind === GEARBOX ? GEARBOX.lengths.window : ESN.window) : kind.lengths.window;
}

/** A definition that learns from `learned` samples (a regime), all of them. */
export function definitionOf(
  family: Family,
  kind: Kind,
  channels: number,
  learned: number,
  regimes = 1,
): TrainerDefinition {
  const { window, hop } = family === 'esn' && kind !== GEARBOX ? ESN : kind.lengths;
  const readout = kind.readout(learned);
  return {
    name: kind.name,
    channels: Array.from({ length: channels }, (_, k) => ({
      name: kind.channels[k] ?? `channel ${k + 1}`,
      unit: 'g',
      min: -kind.range,
      max: kind.range,
      scale: kind.scale,
    })),
    model:
      family === 'correlation'
        ? {
            type: family,
            window,
            hop,
            lags: LAGS,
            learningWindows: learningWindows(window, hop, LAGS, learned),
            regimes,
          }
        : {
            type: family,
            window,
            hop,
            learningSamples: readout,
            calibration: Math.max(100, Math.floor((learned - readout) / hop) - window / hop + 1),
          },
  };
}
