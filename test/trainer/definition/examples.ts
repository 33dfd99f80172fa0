/** Definitions that the tests start from; each call makes a fresh one, so that a test may change it. */
import type { TrainerDefinition } from '../../../trainer';

/** A dead-band loop with everything spelled out. */
export function comfort(): TrainerDefinition & {
  classes: { label: string; actuation?: number; weight?: number }[];
} {
  return {
    name: 'zone comfort',
    board: 'virtual',
    features: [
      { name: 'air temperature', unit: '°C', min: 10, max: 40, scale: 100 },
      { name: 'humidity', unit: '%', min: 0, max: 100 },
      { name: 'clothing', unit: 'clo', min: 0, max: 2 },
    ],
    classes: [
      { label: 'heat', actuation: 100 },
      { label: 'hold', actuation: 0 },
      { label: 'cool', actuation: -100 },
    ],
    defaultClass: 'hold',
    storage: 'int8',
    scaling: 'range',
    outOfRange: 'refuse',
    seed: 7,
    model: {
      type: 'svm-linear',
      cost: 1,
      tolerance: 0.01,
      maxEpochs: 1000,
      classWeights: 'balanced',
      warmStart: true,
    },
    feedback: {
      rule: 'dead-band',
      setPoint: 22,
      band: 0.5,
      scale: 100,
      unit: '°C',
      tooLow: 'heat',
      tooHigh: 'cool',
      settleSeconds: 0,
      expireSeconds: 0,
      tickets: 8,
    },
    stitching: { capacity: 180, satisfactoryShare: 0.2, holdOutEvery: 5 },
    training: {
      mode: 'manual',
      minNewSamples: 10,
      minSamples: 20,
      accuracyWindow: 30,
      accuracyThreshold: 0.9,
    },
    save: { intervalSeconds: 600 },
  };
}

/** As little as a person may write. */
export function smallest(): TrainerDefinition {
  return {
    features: [{ name: 'x', min: -1, max: 1 }],
    classes: [{ label: 'no' }, { label: 'yes' }],
    model: { type: 'svm-linear' },
  };
}

export function kernel(): TrainerDefinition {
  return { ...smallest(), model: { type: 'svm-kernel', kernel: 'rbf', gamma: 0.5 } };
}

/** A stream model. */
export function vibration(): TrainerDefinition {
  return {
    name: 'fan',
    channels: [
      { name: 'x', unit: 'g', min: -4, max: 4 },
      { name: 'y', unit: 'g', min: -4, max: 4 },
      { name: 'z', unit: 'g', min: -4, max: 4 },
    ],
    model: { type: 'esn', units: 32 },
  };
}

/** A stream model with a bank of regimes and a context. */
export function motor(): TrainerDefinition {
  const { channels } = vibration();
  return {
    name: 'motor',
    channels: [...(channels ?? []), { name: 'speed', unit: 'rpm', min: 0, max: 3000, scale: 10 }],
    model: { type: 'correlation', regimes: 3, context: 'speed', contextTolerance: 50 },
  };
}

/** A slow process. */
export function plant(): TrainerDefinition {
  return { ...vibration(), name: 'plant', model: { type: 'process', learningSamples: 600 } };
}

/** A network that reconstructs windows. */
export function reconstructed(): TrainerDefinition {
  return {
    ...vibration(),
    name: 'reconstructed',
    model: { type: 'autoencoder', window: 32, hidden: 24, code: 6 },
  };
}
