/** Random numbers that are the same on every machine, for tests and benches. */

const MODULUS = 2_147_483_647;

/** Park and Miller's generator (1988): whole numbers from 1 to 2^31 - 2. */
export function states(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % MODULUS;
    return state;
  };
}

/** The same as fractions between 0 and 1. */
export function uniform(seed: number): () => number {
  const next = states(seed);
  return () => next() / MODULUS;
}

/** The same around 0, from -0.5 to 0.5. */
export function noise(seed: number): () => number {
  const next = uniform(seed);
  return () => next() - 0.5;
}

/** The same as whole numbers from 0 to `limit` - 1. */
export function randomBelow(seed: number): (limit: number) => number {
  const next = states(seed);
  return (limit) => next() % limit;
}
