/**
 * How large a document may be. It is asked before anything else looks at the document: a validator that visits every value, and
 * reports every fault, would otherwise do as much work as a stranger likes.
 */
import { type Text, text } from '../text';

/** Values (objects and lists count, too), and characters of all names and texts together. */
export interface Bounds {
  readonly values: number;
  readonly depth: number;
  readonly characters: number;
}

/** The largest definition that a board could take has 120 features, 16 classes and 16 pattern names: under 1000 values. */
export const DEFINITION_BOUNDS: Bounds = { values: 4000, depth: 12, characters: 100_000 };

/**
 * Why a document is too large, or undefined. Visits at most `bounds.values` values, whatever the document is.
 */
export function oversize(document: unknown, bounds: Bounds = DEFINITION_BOUNDS): Text | undefined {
  let values = 0;
  let characters = 0;
  const waiting: { value: unknown; depth: number }[] = [{ value: document, depth: 1 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (++values > bounds.values) return text('definition.size.values', { most: bounds.values });
    if (typeof value === 'string') characters += value.length;
    if (characters > bounds.characters)
      return text('definition.size.characters', { most: bounds.characters });
    if (typeof value !== 'object' || value === null) continue;
    if (depth > bounds.depth) return text('definition.size.depth', { most: bounds.depth });
    if (Array.isArray(value)) {
      // A long list is not copied: its length says enough.
      if (values + waiting.length + value.length > bounds.values)
        return text('definition.size.values', { most: bounds.values });
      for (const child of value as unknown[]) waiting.push({ value: child, depth: depth + 1 });
      continue;
    }
    for (const name in value) {
      if (values + waiting.length >= bounds.values)
        return text('definition.size.values', { most: bounds.values });
      characters += name.length;
      waiting.push({ value: (value as Record<string, unknown>)[name], depth: depth + 1 });
    }
  }
  return undefined;
}
