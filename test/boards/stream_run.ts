/** The stream families on a board: small ones learn the same recorded machine, so that their models can be compared byte for byte. */
import type { Trainer, TrainerDefinition } from '../../trainer';
import { machine } from '../trainer/device/machine';

const CHANNELS: TrainerDefinition['channels'] = [
  { name: 'x', unit: 'g', min: -4, max: 4, scale: 1000 },
  { name: 'y', unit: 'g', min: -4, max: 4, scale: 1000 },
];

/** Each with the samples after which it has learned. */
const FAMILIES: readonly { readonly definition: TrainerDefinition; readonly samples: number }[] = [
  {
    definition: {
      channels: CHANNELS,
      model: { type: 'esn', units: 16, washout: 10, learningSamples: 240, window: 10, calibration: 100 },
    },
    samples: 1400,
  },
  {
    definition: {
      channels: CHANNELS,
      model: { type: 'correlation', window: 16, lags: 4, learningWindows: 64 },
    },
    samples: 2000,
  },
  { definition: { channels: CHANNELS, model: { type: 'process', learningSamples: 300 } }, samples: 800 },
];

/** Fingerprint of the model of each stream family that the board's build has. */
export async function streamRun(trainer: Trainer): Promise<Map<string, number>> {
  const { models } = await trainer.identify();
  const fingerprints = new Map<string, number>();
  for (const { definition, samples } of FAMILIES) {
    const { type } = definition.model;
    if (!models.includes(type)) continue;
    await trainer.deploy(definition);
    await trainer.stream.send(machine(samples, 1));
    const { generation, modelFingerprint } = await trainer.status();
    if (generation === 0) throw new Error(`${type} has not learned after ${samples} samples`);
    fingerprints.set(type, modelFingerprint);
  }
  return fingerprints;
}
