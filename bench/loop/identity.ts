/**
 * What was learned keeps its meaning: random definitions are learned, then entries change places, names and ranges, also all at once, and
 * every situation is decided again. A situation is known by what it measures and an actuation by what it does, whatever the registers,
 * class codes and names are by then.
 */

import { uniform } from '../../test/support/random';
import {
  ChangeRefusedError,
  deployGuarded,
  firmwarePlanner,
  type Trainer,
  type TrainerDefinition,
} from '../../trainer';
import { onVirtualTrainer } from '../on_virtual_trainer';

const SITUATIONS = 40;
const CHANGES_EACH = 2;

type Feature = NonNullable<TrainerDefinition['features']>[number];
type Class = NonNullable<TrainerDefinition['classes']>[number];
interface Room extends TrainerDefinition {
  features: Feature[];
  classes: Class[];
}
/** Values by the identity of the feature. */
type Situation = Readonly<Record<string, number>>;
interface Decided {
  readonly actuation: number;
  readonly by: string;
}

export interface IdentityFigures {
  changes: number;
  kept: number;
  refused: number;
  decisions: number;
  /** Decisions that a change of ranges turned at a border between two classes, within two steps of it. */
  atBorder: number;
  /** Decisions that another voice made than before: voices gain and lose weight as they speak, whatever is deployed. */
  otherVoice: number;
  wrongActuations: number;
  wrongLabels: number;
}

type Random = () => number;
const below = (random: Random, most: number): number => Math.floor(random() * most);

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

/** Two to six features and two to five classes, each with an actuation of its own. */
function roomOf(random: Random): Room {
  const features = Array.from({ length: 2 + below(random, 5) }, (_, i) => {
    const min = below(random, 40) - 20;
    return { name: `f${i}`, id: `f${i}`, min, max: min + 5 + below(random, 60) };
  });
  const classes = Array.from({ length: 2 + below(random, 4) }, (_, i) => ({
    label: `c${i}`,
    id: `c${i}`,
    actuation: 100 * i - 200,
  }));
  return {
    features: shuffled(features, random),
    classes: shuffled(classes, random),
    defaultClass: 'c0',
    model: random() < 0.7 ? { type: 'svm-linear' } : { type: 'svm-kernel' },
    storage: random() < 0.5 ? 'int8' : 'int16',
    feedback: { rule: 'label', tickets: 64 },
    stitching: { capacity: 80 },
    training: { mode: 'manual', minSamples: 4 },
  };
}

function situationsOf(room: Room, random: Random): Situation[] {
  return Array.from({ length: SITUATIONS }, () =>
    Object.fromEntries(room.features.map(({ id = '', min, max }) => [id, min + random() * (max - min)])),
  );
}

/** The class whose feature lies highest in its first range decides what is right. */
function truthOf(first: Room, situation: Situation): string {
  const heights = first.features.map(({ id = '', min, max }) => ((situation[id] ?? min) - min) / (max - min));
  const index = heights.indexOf(Math.max(...heights)) % first.classes.length;
  return first.classes[index]?.id ?? '';
}

const byName = (room: Room, situation: Situation): Record<string, number> =>
  Object.fromEntries(room.features.map(({ name, id = '' }) => [name, situation[id] ?? 0]));
const labelOf = (room: Room, id: string): string =>
  room.classes.find((entry) => entry.id === id)?.label ?? '';

/** One random change. Names may change places: then a name stands for another feature. */
function changed(room: Room, random: Random): Room {
  const names = shuffled(
    room.features.map(({ name }) => name),
    random,
  );
  const labels = shuffled(
    room.classes.map(({ label }) => label),
    random,
  );
  const place = below(random, room.features.length);
  switch (below(random, 6)) {
    case 0:
      return { ...room, features: shuffled(room.features, random) };
    case 1:
      return { ...room, classes: shuffled(room.classes, random) };
    case 2:
      return { ...room, features: room.features.map((each, i) => ({ ...each, name: names[i] ?? '' })) };
    case 3:
      return { ...room, classes: room.classes.map((each, i) => ({ ...each, label: labels[i] ?? '' })) };
    case 4:
      return {
        ...room,
        features: room.features.map((each, i) =>
          i === place
            ? { ...each, min: each.min - below(random, 10), max: each.max + 1 + below(random, 20) }
            : each,
        ),
      };
    default:
      return {
        ...room,
        features: room.features.map((each, i) => (i === place ? { ...each, max: each.max - 1 } : each)),
      };
  }
}

/** Whether every value within a step of a range, coarse as it may be, is decided alike: no border runs there. */
async function isClear(
  trainer: Trainer,
  room: Room,
  situation: Situation,
  actuation: number,
): Promise<boolean> {
  for (const { id = '', min, max } of room.features) {
    const step = (2 * (max - min)) / 254;
    for (const value of [(situation[id] ?? 0) - step, (situation[id] ?? 0) + step]) {
      const moved = { ...situation, [id]: Math.min(max, Math.max(min, value)) };
      if ((await trainer.infer(byName(room, moved))).actuation !== actuation) return false;
    }
  }
  return true;
}

const sameRanges = (a: Room, b: Room): boolean =>
  a.features.every(({ id, min, max }) => {
    const other = b.features.find((feature) => feature.id === id);
    return other?.min === min && other.max === max;
  });

async function decide(trainer: Trainer, room: Room, situations: readonly Situation[]): Promise<Decided[]> {
  const decided: Decided[] = [];
  for (const situation of situations) {
    const { actuation, by } = await trainer.infer(byName(room, situation));
    decided.push({ actuation, by });
  }
  return decided;
}

async function oneRoom(random: Random, figures: IdentityFigures): Promise<void> {
  const first = roomOf(random);
  const planner = await firmwarePlanner();
  await onVirtualTrainer(first, async (trainer) => {
    const situations = situationsOf(first, random);
    for (const situation of situations)
      await trainer.dataset.add(byName(first, situation), labelOf(first, truthOf(first, situation)));
    await trainer.model.train();
    let room = first;
    for (let change = 0; change < CHANGES_EACH; change++) {
      const before = await decide(trainer, room, situations);
      const earlier = room;
      const waiting = situations[below(random, situations.length)] as Situation;
      const { ticket } = await trainer.infer(byName(room, waiting));
      const moved = changed(changed(room, random), random);
      // The class that is decided while nothing else speaks is named by its label.
      const next = { ...moved, defaultClass: labelOf(moved, 'c0') };
      figures.changes++;
      try {
        await deployGuarded(trainer, next, planner, {
          discard: 'refuse',
          keepBackup: () => Promise.reject(new Error('nothing is discarded here')),
        });
        figures.kept++;
        room = next;
      } catch (error) {
        if (!(error instanceof ChangeRefusedError)) throw error;
        figures.refused++;
      }
      const after = await decide(trainer, room, situations);
      let turned = 0;
      for (const [index, { actuation, by }] of after.entries()) {
        const was = before[index] as Decided;
        figures.decisions++;
        if (actuation === was.actuation) continue;
        if (by !== was.by) {
          figures.otherVoice++;
          continue;
        }
        turned++;
        // Another range has other steps: at a border between two classes both answers are right.
        const atBorder =
          !sameRanges(room, earlier) &&
          !(await isClear(trainer, room, situations[index] as Situation, actuation));
        if (atBorder) figures.atBorder++;
        else figures.wrongActuations++;
      }
      // Looking at many borders takes the tickets of more decisions than wait at a time.
      if (turned > 1) continue;
      const truth = labelOf(room, truthOf(first, waiting));
      const stored = (await trainer.status()).samplesStored;
      const verdict = await trainer.feedback(ticket, { label: truth });
      const samples = await trainer.dataset.read();
      const newest = samples.find(({ age }) => age === 1);
      if (verdict.truth !== truth || (samples.length > stored && newest?.label !== truth))
        figures.wrongLabels++;
    }
  });
}

export async function identity(
  changes: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<IdentityFigures> {
  const random = uniform(11);
  const figures: IdentityFigures = {
    changes: 0,
    kept: 0,
    refused: 0,
    decisions: 0,
    atBorder: 0,
    otherVoice: 0,
    wrongActuations: 0,
    wrongLabels: 0,
  };
  while (figures.changes < changes) {
    await oneRoom(random, figures);
    onProgress(figures.changes);
  }
  return figures;
}
