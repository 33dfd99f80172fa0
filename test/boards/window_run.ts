/** A network over a window of a streamed machine, on a board: what it has learned can be compared byte for byte. */
import assert from 'node:assert/strict';
import { type Trainer, type TrainerDefinition, TrainerError } from '../../trainer';
import { machine } from '../trainer/device/machine';

const SAMPLES = 24;
const LESSONS = 24;
const LABELS = ['healthy', 'faulty'] as const;

const DEFINITION: TrainerDefinition = {
  name: 'window',
  features: [
    { name: 'vibration', unit: 'g', min: -4, max: 4, scale: 1000, count: 2 * SAMPLES, streamChannels: 2 },
  ],
  classes: LABELS.map((label) => ({ label })),
  model: {
    type: 'dnn',
    width: SAMPLES,
    channels: 2,
    epochs: 30,
    layers: [
      { kind: 'conv', filters: 6, kernelWidth: 5, activation: 'relu' },
      { kind: 'dense', units: 2 },
    ],
  },
  feedback: { rule: 'label' },
  stitching: { capacity: 40 },
  training: { mode: 'manual', minSamples: 4 },
};

/** Fingerprint of the model; undefined = not in this board's build. */
export async function windowRun(trainer: Trainer): Promise<number | undefined> {
  const { models } = await trainer.identify();
  if (!models.includes('dnn')) return undefined;
  await trainer.deploy(DEFINITION);
  const healthy = machine(SAMPLES * LESSONS, 1);
  const faulty = machine(SAMPLES * LESSONS, 2, 'rattle');
  const window = (i: number): number[][] =>
    (i % 2 === 0 ? healthy : faulty).slice(i * SAMPLES, (i + 1) * SAMPLES);
  const early = trainer.infer();
  await assert.rejects(early, (error) => error instanceof TrainerError && error.code === 'WINDOW_SHORT');
  for (let i = 0; i < LESSONS; i++) {
    const { last } = await trainer.stream.send(window(i));
    assert.equal(last.held, SAMPLES);
    await trainer.dataset.add(undefined, LABELS[i % 2] as string);
  }
  assert.equal((await trainer.model.train()).result, 'promoted');
  for (let i = 0; i < 4; i++) {
    await trainer.stream.send(window(i));
    assert.equal((await trainer.infer()).label, LABELS[i % 2], `window ${i}`);
  }
  return (await trainer.status()).modelFingerprint;
}
