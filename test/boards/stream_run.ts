/** The stream families on a board: small ones learn the same recorded machine, so that their models can be compared byte for byte. */
import type { Trainer, TrainerDefinition, TrainerStatus } from '../../trainer';
import { machine } from '../trainer/device/machine';

const CHANNELS: TrainerDefinition['channels'] = [
  { name: 'x', unit: 'g', min: -4, max: 4, scale: 1000 },
  { name: 'y', unit: 'g', min: -4, max: 4, scale: 1000 },
];

/** A learning that has all its samples is over by then, on an emulated core beside other tests. */
const PATIENCE_MS = 60_000;

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
  {
    definition: {
      channels: CHANNELS,
      model: { type: 'autoencoder', window: 16, hop: 8, code: 4, learningWindows: 198, epochs: 3 },
    },
    samples: 2000,
  },
];

/** The status once the model has learned and its fingerprint is there: some learn on when the last sample has come, and it comes in slices. */
async function learned(trainer: Trainer): Promise<TrainerStatus> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const status = await trainer.status();
    if ((status.generation > 0 && status.modelFingerprint !== 0) || Date.now() > until) return status;
  }
}

/** Fingerprint of the model of each stream family that the board's build has. */
export async function streamRun(trainer: Trainer): Promise<Map<string, number>> {
  const { models } = await trainer.identify();
  const fingerprints = new Map<string, number>();
  for (const { definition, samples } of FAMILIES) {
    const { type } = definition.model;
    if (!models.includes(type)) continue;
    await trainer.deploy(definition);
    await trainer.stream.send(machine(samples, 1));
    const { generation, modelFingerprint } = await learned(trainer);
    if (generation === 0) throw new Error(`${type} has not learned after ${samples} samples`);
    fingerprints.set(type, modelFingerprint);
  }
  return fingerprints;
}
