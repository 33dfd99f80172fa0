/** RAM of a training: int8, float with the same tricks, float as one writes it first. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { mnist, writeSamples } from './data';
import { argumentsOf, hostProgram, type Network, type Settings, train, trainingBytes } from './host';
import type { Report } from './report';
import { problems } from './scratch';

/** Both float trainings learn alike, so that the plain one is no straw man; percent. */
const ALIKE = 0.5;

interface Plain {
  readonly accuracy: number;
  readonly ram_bytes: number;
  readonly momentum_bytes: number;
}

export function memory(folder: string, report: Report): void {
  const data = join(folder, 'mnist.samples');
  writeSamples(data, mnist());
  const problem = problems.mnist;
  if (problem === undefined) throw new Error('no mnist');
  report.heading(`RAM of a training step: ${problem.layers}, one epoch of mnist`);
  const f32: Network = { format: 'f32', input: problem.input, layers: problem.layers };
  const settings: Settings = { ...problem.settings, epochs: 1, gate: 0, plain: 1, in_order: 1 };
  const q8Bytes = trainingBytes(train(folder, data, { ...f32, format: 'q8' }, settings));
  const trained = train(folder, data, f32, settings);
  const f32Bytes = trainingBytes(trained);
  const output = execFileSync(hostProgram('plain', folder), argumentsOf(data, f32, settings), {
    encoding: 'utf8',
  });
  const plain = JSON.parse(output) as Plain;
  if (!(Math.abs(plain.accuracy - trained.accuracy) <= ALIKE))
    throw new Error(`the plain training comes to ${plain.accuracy} %, the family's to ${trained.accuracy} %`);
  report.note('mnist_q8_train_ram_bytes', q8Bytes, 0, 'generation, working memory, plan and job');
  report.note('mnist_f32_train_ram_bytes', f32Bytes, 0, 'the same of float with the same tricks');
  report.note(
    'mnist_f32_plain_train_ram_bytes',
    plain.ram_bytes,
    0,
    `float, a buffer for each tensor, error and gradient; ${plain.accuracy.toFixed(2)} % as the family's ${trained.accuracy.toFixed(2)} %; a momentum takes ${plain.momentum_bytes} more`,
  );
  report.note('mnist_q8_to_f32_ram', q8Bytes / f32Bytes, 3, 'at most 0.55');
  report.note('mnist_q8_to_plain_f32_ram', q8Bytes / plain.ram_bytes, 3, 'at most 0.2');
}
