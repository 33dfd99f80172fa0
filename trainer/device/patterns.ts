/**
 * Anomaly patterns of a stream model. Their signatures are on the board; their names are kept here, on the host, and travel in the
 * definition (`patternNames`), which the board never sees.
 */

import { Blocks, Limits } from '../contract/contract.generated';
import { text } from '../text';
import type { AccessOptions, UnitAccess } from './access';
import { InputError } from './errors';
import { PlaceNames } from './place_names';
import type { StreamResult } from './stream';
import { task } from './task';

export interface Pattern {
  /** 1 to 16. */
  readonly pattern: number;
  /** Empty = it has none yet. */
  readonly name: string;
  /** Alarms that matched it. */
  readonly seen: number;
  /** An operator confirmed one of them. */
  readonly confirmed: boolean;
}

/** @throws InputError */
export function checkPattern(field: string, value: unknown): asserts value is number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > Limits.PATTERNS_MAX)
    throw new InputError(
      field,
      text('input.whole', { least: 1, most: Limits.PATTERNS_MAX, got: String(value) }),
    );
}

/** The places of the board's table that are taken. */
export async function readPatterns(
  access: UnitAccess,
  names: PatternNames,
  how: AccessOptions = {},
): Promise<Pattern[]> {
  const { address, words } = Blocks.patterns;
  const window = await access.read(address, words, { doing: task('patterns'), ...how });
  const confirmed = window.numbers('patternConfirmed');
  return window
    .numbers('patternHits')
    .map((seen, place) => ({
      pattern: place + 1,
      name: names.of(place + 1),
      seen,
      confirmed: confirmed[place] !== 0,
    }))
    .filter(({ seen }) => seen > 0);
}

/** Names by place; follows the patterns as they come, go and are merged. */
export class PatternNames extends PlaceNames {
  /** Given to the present alarm before the board knew its pattern. */
  private pending: string | undefined;
  private last: StreamResult | undefined;

  merged(into: number, from: number): void {
    const name = this.of(into) || this.of(from);
    this.give(from, '');
    this.give(into, name);
  }

  /** Names the pattern of the present alarm; when the board does not know it yet, as soon as it does. */
  confirmed(name: string, result: StreamResult): void {
    if (result.pattern > 0) this.give(result.pattern, name);
    else this.pending = name;
  }

  /** Adds the name to a result, and notices when a place was taken by another pattern than the one that had the name. */
  follow(result: StreamResult): StreamResult {
    const { last } = this;
    const fresh = (result: StreamResult): number => (result.patternSeen === 1 ? result.pattern : 0);
    if (last !== undefined && fresh(result) !== 0 && fresh(result) !== fresh(last))
      this.give(result.pattern, '');
    if (last !== undefined && !last.alarm && result.alarm && result.pattern === 0) this.pending = undefined;
    if (this.pending !== undefined && result.pattern > 0) {
      this.give(result.pattern, this.pending);
      this.pending = undefined;
    }
    this.last = result;
    return { ...result, patternName: this.of(result.pattern) };
  }
}
