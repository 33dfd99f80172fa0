/** A closed loop on a host: reads a plant, asks a trainer, writes its decision, reports the outcome. */
export {
  FeaturesError,
  type Learning,
  type LoopPlant,
  type LoopState,
  type LoopTrainer,
  type Reading,
} from './contract';
export type { HoldingTimes } from './holding';
export { type Carried, Loop, type LoopOptions } from './loop';
export { outcomeOf } from './outcome';
export { SessionTrainer } from './session_trainer';
