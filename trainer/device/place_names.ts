/**
 * Names of numbered places that a board has and knows by number alone: anomaly patterns, operating regimes. They are kept here, on the
 * host, and travel in the definition, which the board never sees whole.
 */
import { Limits } from '../contract/contract.generated';
import { text } from '../text';
import { InputError } from './errors';

/** Most characters of a name, as in the schema of the definition. */
const NAME_MAX = 64;

/** The name without blanks around it. @throws InputError */
export function placeName(field: string, value: unknown): string {
  const name = typeof value === 'string' ? value.trim() : undefined;
  if (name === undefined || name.length > NAME_MAX)
    throw new InputError(field, text('input.placeName', { most: NAME_MAX }));
  return name;
}

export class PlaceNames {
  private readonly names = new Map<number, string>();
  private readonly changed: () => void;

  constructor(list: readonly string[], changed: () => void) {
    this.changed = changed;
    this.take(list);
  }

  /** Empty = none. */
  of(place: number): string {
    return this.names.get(place) ?? '';
  }

  /** Place by place, empty where there is no name; ends with the last name. */
  list(): string[] {
    const last = Math.max(0, ...this.names.keys());
    return Array.from({ length: last }, (_, place) => this.of(place + 1));
  }

  /** Empty takes the name away. */
  give(place: number, name: string): void {
    if (this.of(place) === name) return;
    if (name === '') this.names.delete(place);
    else this.names.set(place, name);
    this.changed();
  }

  /** All names anew. */
  replace(list: readonly string[]): void {
    this.names.clear();
    this.take(list);
    this.changed();
  }

  /** Names for the places that have none. */
  suggest(list: readonly string[]): void {
    for (const [place, name] of list.entries()) if (this.of(place + 1) === '') this.give(place + 1, name);
  }

  private take(list: readonly string[]): void {
    for (const [place, name] of list.slice(0, Limits.PATTERNS_MAX).entries())
      if (name !== '') this.names.set(place + 1, name);
  }
}
