/** What is wrong with a data file, and where. */
export interface CellProblem {
  /** Line in the file, from 1. */
  readonly line: number;
  /** From 1; 0 = the line as a whole. */
  readonly column: number;
  readonly problem: string;
}

/** Problems that an error spells out; the rest is a number. */
const SHOWN = 10;

const placed = ({ line, column, problem }: CellProblem): string =>
  `line ${line}${column === 0 ? '' : `, column ${column}`}: ${problem}`;

/** The first problems in words, and how many more there are. */
export function describeProblems(problems: readonly CellProblem[]): string {
  const shown = problems.slice(0, SHOWN).map(placed).join('; ');
  return problems.length > SHOWN ? `${shown}; and ${problems.length - SHOWN} more` : shown;
}

/** The file is wrong at these places; nothing of it was used. */
export class CsvError extends Error {
  readonly code = 'CSV';
  readonly problems: readonly CellProblem[];

  constructor(file: string, problems: readonly CellProblem[], advice = '') {
    const count = problems.length > 1 ? `${problems.length} rows cannot be used: ` : '';
    super(`${file}, ${count}${describeProblems(problems)}${advice}`);
    this.name = 'CsvError';
    this.problems = problems;
  }
}
