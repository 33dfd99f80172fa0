/** Why a definition is refused, field by field. */
import { type Text, text, type Word, WordedError } from '../text';

export interface DefinitionIssue {
  /** Where: "features[2].min", "model.cost"; "" = the document as a whole. */
  readonly path: string;
  /** What is wrong and what to do, without the path. */
  readonly problem: Text;
}

/** Issues that are spelled out in the message; the rest is only counted. */
const SPELLED_OUT = 3;

function described(issues: readonly DefinitionIssue[]): Word {
  const words: Word[] = issues
    .slice(0, SPELLED_OUT)
    .map(({ path, problem }) => (path === '' ? problem : text('definition.issue', { path, problem })));
  const more = issues.length - SPELLED_OUT;
  if (more > 0) words.push(text('definition.more', { count: more }));
  return words.length === 0
    ? ''
    : words.reduceRight((rest, first) => text('definition.and', { first, rest }));
}

/** The definition is wrong. Nothing was sent to a board. */
export class DefinitionError extends WordedError {
  readonly code = 'DEFINITION_INVALID';
  /** Every issue found, in the order of the document. */
  readonly issues: readonly DefinitionIssue[];

  constructor(issues: readonly DefinitionIssue[]) {
    super(text('definition.refused', { issues: described(issues) }));
    this.issues = issues;
  }
}

/** 23148 -> "23 148" */
export function groupDigits(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ' ');
}
