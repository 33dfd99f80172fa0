/** Decisions of an emulated STM32F405 over a pseudo-terminal, with a real serial port on this side: idle, and while it trains. */
import { openBus, Trainer } from '../../trainer';
import { QemuBoard } from '../../trainer/emulator';
import { digits10 } from '../svm/problems';

/** Alternately, so that whatever else the machine does hits both. */
const ROUNDS = 8;
const REQUESTS = 100;
const CAPACITY = 250;
const CLASSES = 10;

export interface Latency {
  /** Milliseconds: median and 99th percentile of all requests. */
  readonly idleMedian: number;
  readonly idleP99: number;
  readonly trainingMedian: number;
  readonly trainingP99: number;
  readonly requests: number;
  readonly trainings: number;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

export async function latency(): Promise<Latency> {
  const board = await QemuBoard.start({ board: 'stm32f405', serial: 'pty' });
  const bus = openBus({
    kind: 'serial',
    path: board.device,
    settleMs: 300,
    responseTimeoutMs: 3000,
    deadlineMs: 15_000,
  });
  try {
    const { rows, labels } = digits10();
    const trainer = new Trainer(bus, { unit: 1 });
    await trainer.deploy({
      name: 'latency',
      features: Array.from({ length: rows[0]?.length ?? 0 }, (_, i) => ({
        name: `f${i}`,
        min: -127,
        max: 127,
        scale: 1,
      })),
      classes: Array.from({ length: CLASSES }, (_, i) => ({ label: `c${i}` })),
      // From the start and to the very end each time: the longest training that there is.
      model: { type: 'svm-linear', warmStart: false, tolerance: 0.0001, maxEpochs: 65_535 },
      feedback: { rule: 'label' },
      stitching: { capacity: CAPACITY },
      training: { mode: 'manual' },
    });
    for (let i = 0; i < CAPACITY; i++) await trainer.dataset.add(rows[i] ?? [], `c${labels[i] ?? 0}`);
    await trainer.model.train();
    const idle: number[] = [];
    const training: number[] = [];
    let trainings = 0;
    const ask = async (into: number[]): Promise<void> => {
      const row = rows[into.length % rows.length] ?? [];
      const start = performance.now();
      await trainer.infer(row);
      into.push(performance.now() - start);
    };
    for (let round = 1; round <= ROUNDS; round++) {
      while (idle.length < round * REQUESTS) await ask(idle);
      while (training.length < round * REQUESTS) {
        let running = true;
        const job = trainer.model.train().finally(() => {
          running = false;
        });
        trainings++;
        const during: number[] = [];
        while (running) await ask(during);
        await job;
        // Those at the two ends may not have met the training.
        training.push(...during.slice(1, -1));
      }
    }
    return {
      idleMedian: quantile(idle, 0.5),
      idleP99: quantile(idle, 0.99),
      trainingMedian: quantile(training, 0.5),
      trainingP99: quantile(training, 0.99),
      requests: training.length,
      trainings,
    };
  } finally {
    await bus.close();
    await board.close();
  }
}
