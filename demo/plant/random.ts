/** A stream of random numbers that is the same for the same seed on every machine: xorshift32 (Marsaglia 2003). */
export class SeededRandom {
  private state: number;

  /** `seed`: any integer. */
  constructor(seed: number) {
    /* Multiplied so that neighbouring seeds do not start alike; a state of 0 would stay 0. */
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
    for (let i = 0; i < 8; i++) this.uniform();
  }

  /** Uniform in [0, 1). */
  uniform(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state / 2 ** 32;
  }

  /** Normal with mean 0 and the given deviation (Box and Muller 1958). */
  normal(deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return deviation * radius * Math.cos(2 * Math.PI * this.uniform());
  }
}
