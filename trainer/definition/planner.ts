/**
 * Does a definition fit a board? The firmware's own code (et_memory_plan, compiled to WebAssembly) answers; this file asks it and
 * makes advice of the answer.
 */

import { type TrainerErrorName, TrainerErrors } from '../contract/contract.generated';
import { type Text, text, WordedError } from '../text';
import { sectionName } from './blob';
import { boardOf, boardsWith } from './boards';
import { encodeDefinition, fieldAtOffset } from './codec';
import { DefinitionError, groupDigits } from './errors';
import { type NetworkPlan, networkIssue, withSmallerLayer } from './network';
import { type CompleteDefinition, isStream } from './types';

/** Bytes, as the firmware cuts the arena. */
export interface MemoryNeed {
  /** All that the definition takes of the arena. */
  readonly total: number;
  /** Stitched samples: features, labels, the model's bytes beside each. */
  readonly dataset: number;
  /** One of three generations. */
  readonly model: number;
  /** State that lives as long as the definition. */
  readonly shared: number;
  /** Workspace of one job. */
  readonly work: number;
}

export interface PlanAnswer {
  /** Error code of the contract; 0 = the definition is accepted, DEFINITION_MEMORY = it is valid and needs more than there is. */
  readonly error: number;
  /** Offset of the field at fault (DEFINITION_FIELD). */
  readonly detail: number;
  /** Undefined when the definition was refused for another reason than memory. */
  readonly need?: MemoryNeed;
}

export type FateWord = 'kept' | 'converted' | 'discarded';

/** What a new definition does to what was learned under the present one: et_change of the firmware. */
export interface ChangeAnswer {
  readonly samples: FateWord;
  readonly models: FateWord;
  /** Decisions that wait for their outcome. */
  readonly waiting: FateWord;
  /** Labels that the rule gave: converted = judged again, discarded = they keep what the rule before said. */
  readonly labels: FateWord;
  readonly cause:
    | 'none'
    | 'first'
    | 'model'
    | 'features'
    | 'classes'
    | 'storage'
    | 'scaling'
    | 'capacity'
    | 'tickets'
    | 'parameters'
    | 'range'
    | 'widened'
    | 'rule'
    | 'outputs';
  /** What the voices have earned: discarded = the start rule means something else, it and what followed it begin anew. */
  readonly voices: FateWord;
  /** Index of the feature that the cause is about (range, widened). */
  readonly feature: number;
}

/** The firmware's check and plan. */
export interface MemoryPlanner {
  plan(blob: Uint8Array, arenaBytes: number): PlanAnswer;
  /** `before` is empty when nothing is deployed; `samples` are stored now. Undefined when one of the blobs is none. */
  change(before: Uint8Array, after: Uint8Array, samples: number): ChangeAnswer | undefined;
  /** The layers of the definition's network, also where their shapes do not match; undefined when it has none. */
  network(blob: Uint8Array): NetworkPlan | undefined;
}

/** The definition is valid and does not fit. */
export class MemoryError extends WordedError {
  readonly code = 'DEFINITION_MEMORY';
  readonly neededBytes: number;
  readonly availableBytes: number;
  /** Largest stitching.capacity that fits; 0 = none does. */
  readonly largestCapacity: number;

  constructor(neededBytes: number, availableBytes: number, largestCapacity: number, advice: Text) {
    super(
      text('definition.memory', {
        needed: groupDigits(neededBytes),
        available: groupDigits(availableBytes),
        advice,
      }),
    );
    this.neededBytes = neededBytes;
    this.availableBytes = availableBytes;
    this.largestCapacity = largestCapacity;
  }
}

function withCapacity(definition: CompleteDefinition, capacity: number): CompleteDefinition {
  const { stitching, training } = definition;
  return {
    ...definition,
    stitching: { ...stitching, capacity },
    training: { ...training, minSamples: Math.min(training.minSamples, capacity) },
  };
}

/** Largest stitching.capacity with which the definition fits `arenaBytes`; 0 when even two samples do not. */
export function largestCapacity(
  definition: CompleteDefinition,
  planner: MemoryPlanner,
  arenaBytes: number,
): number {
  if (isStream(definition)) return 0;
  const fits = (capacity: number): boolean =>
    planner.plan(encodeDefinition(withCapacity(definition, capacity)), arenaBytes).error === 0;
  let [least, most] = [1, definition.stitching.capacity];
  if (fits(most)) return most;
  while (most - least > 1) {
    const middle = (least + most) >> 1;
    if (fits(middle)) least = middle;
    else most = middle;
  }
  return least === 1 ? 0 : least;
}

/** The largest number from 1 to `most` - 1 for which `fits` says yes; 0: none. */
function largestThat(most: number, fits: (number: number) => boolean): number {
  let [least, beyond] = [0, most];
  while (beyond - least > 1) {
    const middle = (least + beyond) >> 1;
    if (fits(middle)) least = middle;
    else beyond = middle;
  }
  return least;
}

/** Which layer to make smaller, and how small, or that no single one is enough. */
function layerAdvice(definition: CompleteDefinition, planner: MemoryPlanner, arenaBytes: number): Text {
  const plan = planner.network(encodeDefinition(definition));
  const smaller = plan === undefined ? undefined : withSmallerLayer(definition, plan);
  if (smaller === undefined) return text('definition.advice.layers');
  const most = largestThat(
    smaller.size,
    (size) => planner.plan(encodeDefinition(smaller.at(size)), arenaBytes).error === 0,
  );
  if (most === 0) return text('definition.advice.layers');
  return text(smaller.filters ? 'definition.advice.filters' : 'definition.advice.units', {
    ...{ number: smaller.number, layer: smaller.layer, most },
  });
}

/** Boards that have the model and the bytes; another board, where none has. */
function boardAdvice({ model }: CompleteDefinition, neededBytes: number): Text {
  const boards = boardsWith(model.type).filter((name) => boardOf(name).arena >= neededBytes);
  return boards.length === 0
    ? text('definition.advice.board')
    : text('definition.advice.boards', { boards: boards });
}

interface Lack {
  readonly neededBytes: number;
  readonly arenaBytes: number;
  /** Samples that fit; 0 = not even two. */
  readonly largest: number;
}

function adviceFor(definition: CompleteDefinition, planner: MemoryPlanner, lack: Lack): Text {
  const { neededBytes, arenaBytes, largest } = lack;
  if (isStream(definition)) return text('definition.advice.stream');
  const ways: Text[] = [];
  if (largest > 0) ways.push(text('definition.advice.dataset', { samples: largest + 1 }));
  if (definition.storage === 'int16') ways.push(text('definition.advice.int8'));
  if (definition.stitching.keepOutcomes && definition.feedback.rule !== 'label')
    ways.push(text('definition.advice.outcomes'));
  if (largest === 0) ways.push(text('definition.advice.fewer'));
  if (definition.model.type === 'dnn') ways.push(layerAdvice(definition, planner, arenaBytes));
  if (definition.model.type === 'svm-kernel') ways.push(text('definition.advice.linear'));
  if (largest === 0) ways.push(boardAdvice(definition, neededBytes));
  return ways.reduceRight((rest, first) => text('definition.advice.or', { first, rest }));
}

/** What a firmware means by the detail of DEFINITION_SECTION. */
export function refusedSection(id: number): Text {
  const name = sectionName(id);
  return text('definition.firmware.section', { section: name === undefined ? id : `"${name}"` });
}

/** A MemoryError with advice, for a need that the planner or a board reported. */
export function memoryError(
  definition: CompleteDefinition,
  neededBytes: number,
  arenaBytes: number,
  planner: MemoryPlanner | undefined,
): MemoryError {
  if (planner === undefined)
    return new MemoryError(neededBytes, arenaBytes, 0, text('definition.advice.capacity'));
  const largest = largestCapacity(definition, planner, arenaBytes);
  const advice = adviceFor(definition, planner, { neededBytes, arenaBytes, largest });
  return new MemoryError(neededBytes, arenaBytes, largest, advice);
}

/**
 * Lets the firmware's own code judge the definition.
 * @param arenaBytes of the board that is connected; default: of the board that the definition names
 * @returns what it takes
 * @throws DefinitionError, MemoryError
 */
export function planMemory(
  definition: CompleteDefinition,
  planner: MemoryPlanner,
  arenaBytes: number = boardOf(definition.board).arena,
): MemoryNeed {
  const blob = encodeDefinition(definition);
  const { error, detail, need } = planner.plan(blob, arenaBytes);
  if (error === TrainerErrors.OK.code && need !== undefined) return need;
  if (error === TrainerErrors.DEFINITION_MEMORY.code && need !== undefined)
    throw memoryError(definition, need.total, arenaBytes, planner);
  if (error === TrainerErrors.DEFINITION_FIELD.code)
    throw new DefinitionError([
      networkIssue(definition, planner.network(blob)) ?? {
        path: fieldAtOffset(definition, detail),
        problem: text('definition.firmware.field'),
      },
    ]);
  if (error === TrainerErrors.DEFINITION_SECTION.code)
    throw new DefinitionError([{ path: '', problem: refusedSection(detail) }]);
  const names = Object.keys(TrainerErrors) as TrainerErrorName[];
  const known = names.find((name) => TrainerErrors[name].code === error);
  const problem =
    known === undefined ? text('client.unknown', { code: error }) : text(`client.error.${known}`);
  throw new DefinitionError([{ path: '', problem }]);
}
