/** A closed loop on a host: what a plant says, what a trainer decides, and what became of it. */
export { outcomeOf } from './outcome';
