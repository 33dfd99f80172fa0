/** Codes of the contract <-> the words that people read and write: CLASS_QUOTA <-> "class-quota". */

type Kebab<S extends string> = S extends `${infer A}_${infer B}`
  ? `${Lowercase<A>}-${Kebab<B>}`
  : Lowercase<S>;
/** The words of an enumeration of the contract. */
export type WordOf<E extends Readonly<Record<string, number>>> = Kebab<keyof E & string>;

/** Word of a code, undefined when the contract of this version does not have it. */
export function wordOf<E extends Readonly<Record<string, number>>>(
  values: E,
  code: number,
): WordOf<E> | undefined {
  const name = Object.keys(values).find((key) => values[key] === code);
  return name?.toLowerCase().replace(/_/g, '-') as WordOf<E> | undefined;
}

/** All words of an enumeration. */
export function allWords<E extends Readonly<Record<string, number>>>(values: E): WordOf<E>[] {
  return Object.keys(values).map((name) => name.toLowerCase().replace(/_/g, '-') as WordOf<E>);
}

/** Code of a word, undefined when there is none. */
export function codeOfWord(values: Readonly<Record<string, number>>, word: string): number | undefined {
  return values[word.toUpperCase().replace(/-/g, '_')];
}
