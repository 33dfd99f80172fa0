/** Votes of a building in order of time, the rules that need no learning, and the score of a sequence of decisions. */
import { readTable } from '../data';

export const VOTES: readonly string[] = ['warmer', 'no change', 'cooler'];
/** Votes at the beginning that nobody is judged by. */
export const SPARED = 20;
const COLUMNS = ['ta', 'tr', 'rh', 'vel', 'met', 'clo'] as const;

export interface Row {
  /** Air, radiant, humidity, air speed, metabolic rate, clothing, operative temperature. */
  readonly features: readonly number[];
  readonly pmv: number;
  readonly vote: number;
}

/** Throws Error on a row that is not complete. */
export function rowsOf(file: string): Row[] {
  const { names, rows } = readTable(file);
  return rows.map((cells, index) => {
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const value = (name: string): number => (cell(name) === '' ? Number.NaN : Number(cell(name)));
    const measured = COLUMNS.map(value);
    const features = [...measured, ((measured[0] as number) + (measured[1] as number)) / 2];
    const vote = VOTES.indexOf(cell('thermal_preference'));
    const pmv = value('pmv');
    if (vote < 0 || ![...features, pmv].every(Number.isFinite))
      throw new Error(`${file}: line ${index + 2} is not complete`);
    return { features, pmv, vote };
  });
}

export const standardSays = ({ pmv }: Row): number => (pmv > 0.5 ? 2 : pmv < -0.5 ? 0 : 1);
export const lastVote = (rows: readonly Row[]): number[] =>
  rows.map((_, index) => rows[index - 1]?.vote ?? VOTES.indexOf('no change'));

/** Mean recall of the votes that occur. */
export function balanced(rows: readonly Row[], decided: readonly number[]): number {
  const recalls: number[] = [];
  for (const vote of VOTES.keys()) {
    const asked = [...rows.keys()].slice(SPARED).filter((index) => rows[index]?.vote === vote);
    if (asked.length === 0) continue;
    recalls.push(asked.filter((index) => decided[index] === vote).length / asked.length);
  }
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}
