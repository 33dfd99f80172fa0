/**
 * What a model has learned, as a picture and as weights. Regions are decided by the firmware's own code: the model is restored onto a
 * virtual board of its own, where nobody else has a say, and asked point by point. Weights of a linear model are read from its bytes
 * (firmware/src/models/svm/linear.h).
 */
import { openBus } from '../bus';
import { type CompleteDefinition, documentOf, storedOrder } from '../definition';
import { type Backup, Trainer } from '../device';
import { BoardPipe, firmwarePlanner, VirtualBoard } from '../virtual';

export interface ModelView {
  readonly generation: number;
  /** 0 = there is none before it. */
  readonly previous: number;
  readonly features: readonly {
    readonly name: string;
    readonly unit: string;
    /** Of the stored samples, with some room; of the definition when there are none. */
    readonly low: number;
    readonly high: number;
    readonly middle: number;
  }[];
  readonly classes: readonly string[];
  readonly samples: readonly { readonly class: number; readonly values: readonly number[] }[];
  /** Of a linear model, one for each pair of classes. */
  readonly weights?: readonly PairWeights[];
}

export interface PairWeights {
  /** Class that a positive value speaks for, and its opponent. */
  readonly for: number;
  readonly against: number;
  readonly trained: boolean;
  /** By feature: how far one unit of it moves the decision value; the margin is at 1 and -1. */
  readonly perUnit: readonly number[];
}

/** Points of a picture in each direction. */
export const REGION_POINTS = 32;
const SAMPLES_MOST = 400;
const MODEL_HEADER_BYTES = 24;
const PAIR_BYTES = 8;
const FULL = { int8: 127, int16: 32_767 } as const;
/** int16 features: the sum is taken 2^8 coarser. */
const WIDE_SHIFT = 8;

/** @param model header and block, as a board gives it; undefined when it holds no linear machine */
export function linearWeights(
  definition: CompleteDefinition,
  model: Uint8Array,
): readonly PairWeights[] | undefined {
  const { type } = definition.model;
  if (type !== 'svm-linear' && type !== 'svm-both') return undefined;
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const [featureOrder, classOrder] = [storedOrder(definition.features), storedOrder(definition.classes)];
  let at = MODEL_HEADER_BYTES;
  if (view.getUint8(at) === 0) return undefined;
  const narrow = view.getUint8(at + 3) === 2;
  at += 4;
  const full = FULL[definition.storage];
  const pairs: PairWeights[] = [];
  for (let first = 0; first < classOrder.length; first++)
    for (let second = first + 1; second < classOrder.length; second++) {
      const exponent = view.getInt8(at + 4) + (definition.storage === 'int16' ? WIDE_SHIFT : 0);
      const trained = view.getUint8(at + 5) !== 0;
      const perUnit = new Array<number>(featureOrder.length).fill(0);
      for (const [stored, feature] of featureOrder.entries()) {
        const weight = narrow
          ? view.getInt16(at + PAIR_BYTES + 2 * stored, true)
          : view.getInt32(at + PAIR_BYTES + 4 * stored, true);
        const { min, max } = definition.features[feature] as { min: number; max: number };
        perUnit[feature] = (weight * 2 ** -exponent * 2 * full) / (max - min);
      }
      pairs.push({
        for: classOrder[first] as number,
        against: classOrder[second] as number,
        trained,
        perUnit,
      });
      at += PAIR_BYTES + ((featureOrder.length * (narrow ? 2 : 4) + 3) & ~3);
    }
  return pairs;
}

/** @throws TrainerError when nothing is trained yet; bus errors */
export async function modelView(trainer: Trainer): Promise<ModelView> {
  const { generation, previousGeneration } = await trainer.status();
  const model = await trainer.model.read('running');
  const stored = await trainer.dataset.read();
  const definition = trainer.definition as CompleteDefinition;
  const features = definition.features.map(({ name, unit, min, max }, index) => {
    const values = stored.map((sample) => sample.features[index] as number).sort((a, b) => a - b);
    const [least = min, most = max] = [values[0], values.at(-1)];
    const room = (most - least || max - min) * 0.1;
    return {
      name,
      unit,
      low: Math.max(min, least - room),
      high: Math.min(max, most + room),
      middle: values[Math.floor(values.length / 2)] ?? (min + max) / 2,
    };
  });
  const weights = linearWeights(definition, model);
  return {
    generation,
    previous: previousGeneration,
    features,
    classes: definition.classes.map(({ label }) => label),
    samples: stored
      .slice(-SAMPLES_MOST)
      .map(({ classIndex, features: values }) => ({ class: classIndex, values })),
    ...(weights === undefined ? {} : { weights }),
  };
}

/** Only what the model itself needs: no start rule, hold time or limit of the plant stands between it and its answer. */
function bare(definition: CompleteDefinition): CompleteDefinition {
  return {
    ...definition,
    outOfRange: 'clamp',
    startRule: { rule: 'default-class' },
    classes: definition.classes.map((entry) => ({ ...entry, holdSeconds: 0, opposed: [] })),
  };
}

let boards = 0;

/**
 * Classes that a backed-up model decides, row by row from the lowest `up` value, `REGION_POINTS` in each row.
 * @param across, up features that the picture spans; the others have the value of `view.middle`
 */
export async function regions(
  definition: CompleteDefinition,
  backup: Backup,
  view: ModelView,
  across: number,
  up: number,
): Promise<number[]> {
  const board = new VirtualBoard({ clock: 'manual' });
  const bus = openBus({
    kind: 'virtual',
    id: `model view ${++boards}`,
    connect: async () => new BoardPipe(board),
  });
  try {
    const trainer = new Trainer(bus, { unit: 1, planner: await firmwarePlanner() });
    await trainer.deploy(documentOf(bare(definition)));
    await trainer.process.setManualOverride(true);
    await trainer.backup.restore(backup);
    const values = view.features.map(({ middle }) => middle);
    const step = (feature: number, point: number): number => {
      const { low, high } = view.features[feature] as { low: number; high: number };
      return low + ((high - low) * point) / (REGION_POINTS - 1);
    };
    const decided: number[] = [];
    for (let row = 0; row < REGION_POINTS; row++)
      for (let column = 0; column < REGION_POINTS; column++) {
        values[across] = step(across, column);
        values[up] = step(up, row);
        decided.push((await trainer.infer(values)).classIndex);
      }
    return decided;
  } finally {
    await bus.close();
    board.close();
  }
}
