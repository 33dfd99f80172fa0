/** Votes of a building in order of time, the rules that need no learning, and the score of a sequence of decisions. */
import { columnOf, completeRows, InputError, numberAt, readTable } from '../data';

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

/** Rows that have everything; says which have not. Throws InputError when none are left to be judged. */
export function rowsOf(file: string): Row[] {
  const table = readTable(file);
  const columns = COLUMNS.map((name) => columnOf(table, name));
  const [pmvColumn, voteColumn] = [columnOf(table, 'pmv'), columnOf(table, 'thermal_preference')];
  const rows = completeRows(table, (line): Row | string => {
    const measured = columns.map((at) => numberAt(table, line, at));
    const pmv = numberAt(table, line, pmvColumn);
    const vote = VOTES.indexOf((line.fields[voteColumn] ?? '').toLowerCase());
    const lacks = [...COLUMNS, 'pmv'].find((_, i) => !Number.isFinite([...measured, pmv][i]));
    if (lacks !== undefined) return `no number in "${lacks}"`;
    if (vote < 0) return `"thermal_preference" is none of ${VOTES.join(', ')}`;
    return { features: [...measured, ((measured[0] as number) + (measured[1] as number)) / 2], pmv, vote };
  });
  if (rows.length <= SPARED)
    throw new InputError(`${file}: ${rows.length} votes; the first ${SPARED} are not judged, give more`);
  return rows;
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
