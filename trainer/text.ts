/**
 * Texts that are made where they are read: an error carries a key of the catalogue of errors (locales/<language>/errors.json) and the
 * values that go into the text. Whoever shows it words it in the reader's language; `message` is the English text.
 */
import english from '../locales/en-US/errors.json';

type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

/** A key of the catalogue of errors. */
export type TextKey = Paths<typeof english>;

/** Something that stands in a text: as it is, or a text itself. */
export type Word = string | number | Text;

/** What goes into a place of a text: a word, or names one after the other. */
export type Filling = Word | readonly Word[];

export interface Text {
  readonly key: TextKey;
  readonly values: Readonly<Record<string, Filling>>;
}

/** Looks up a key in some language and fills in the values. */
export type LookUp = (key: TextKey, values: Readonly<Record<string, string | number>>) => string;

/** Texts by the parts of their key. */
export type Catalogue = { readonly [key: string]: string | Catalogue };

function templateIn(catalogue: Catalogue, key: TextKey): string | undefined {
  let found: string | Catalogue | undefined = catalogue;
  for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
  return typeof found === 'string' ? found : undefined;
}

/** What this process speaks; English knows what another catalogue lacks. */
let spoken: Catalogue = english;

/** From here on, texts of this process and the messages of its errors are those of the catalogue: for a program with one reader. */
export function speak(catalogue: Catalogue): void {
  spoken = catalogue;
}

const spokenFor: LookUp = (key, values) =>
  filled(templateIn(spoken, key) ?? templateIn(english, key) ?? key, values);

/** A text of a catalogue with its `__name__` places filled in. */
export function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/__(\w+?)__/g, (place, name: string) => String(values[name] ?? place));
}

export function text(key: TextKey, values: Readonly<Record<string, Filling>> = {}): Text {
  return { key, values };
}

const isList = (word: Text | readonly Word[]): word is readonly Word[] => Array.isArray(word);

/** What is put between parts: names of a list, facts of a line, clauses of a sentence. */
export type Between = keyof typeof english.between;

/** Parts as the language of `lookUp` writes them one after the other: its comma need not be a comma and a space. */
export function joined(parts: readonly Word[], between: Between, lookUp: LookUp = spokenFor): string {
  return parts.map((part) => worded(part, lookUp)).join(lookUp(`between.${between}`, {}));
}

/** The text in the language of `lookUp`; default: what the process speaks, English unless it said otherwise. */
export function worded(word: Filling, lookUp: LookUp = spokenFor): string {
  if (typeof word !== 'object') return String(word);
  if (isList(word)) return joined(word, 'names', lookUp);
  const values: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(word.values))
    values[name] = typeof value === 'object' ? worded(value, lookUp) : value;
  return lookUp(word.key, values);
}

/** An error whose text can be made in any language. */
export abstract class WordedError extends Error {
  readonly text: Text;
  /** Only the reason, for a place that has no room for the text: no request, no advice. */
  readonly brief: Word;

  protected constructor(what: Text, options?: ErrorOptions, brief: Word = what) {
    super(worded(what), options);
    this.name = new.target.name;
    this.text = what;
    this.brief = brief;
  }
}
