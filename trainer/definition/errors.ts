/** Why a definition is refused, field by field. */

export interface DefinitionIssue {
  /** Where: "features[2].min", "model.cost"; "" = the document as a whole. */
  readonly path: string;
  /** What is wrong and what to do, without the path. */
  readonly problem: string;
}

/** Issues that are spelled out in the message; the rest is only counted. */
const SPELLED_OUT = 3;

function describe(issues: readonly DefinitionIssue[]): string {
  const told = issues
    .slice(0, SPELLED_OUT)
    .map(({ path, problem }) => (path === '' ? problem : `${path} ${problem}`))
    .join('; ');
  const more = issues.length - SPELLED_OUT;
  return `definition refused: ${told}${more > 0 ? `; and ${more} more` : ''}; the running model is untouched`;
}

/** The definition is wrong. Nothing was sent to a board. */
export class DefinitionError extends Error {
  readonly code = 'DEFINITION_INVALID';
  /** Every issue found, in the order of the document. */
  readonly issues: readonly DefinitionIssue[];

  constructor(issues: readonly DefinitionIssue[]) {
    super(describe(issues));
    this.name = 'DefinitionError';
    this.issues = issues;
  }
}

/** 23148 -> "23 148" */
export function groupDigits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}
