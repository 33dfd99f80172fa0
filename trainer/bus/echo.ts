/**
 * Lines that bring back what is sent on them: two-wire RS-485 adapters whose receiver stays on while they send. The answer to FC 5, 6
 * and 22 is a copy of the request, so the echo alone would pass for success even with the unit switched off. The echo comes first;
 * it is taken out of the received bytes before anything looks for an answer.
 */
import { functionFacts } from './functions';

const NOTHING = new Uint8Array(0);

/** Whether the answer to a request of this function is the request itself. */
export function answerIsCopy(functionCode: number): boolean {
  const facts = functionFacts(functionCode);
  return facts?.answer === 'echo' && !facts.counted;
}

export class EchoFilter {
  private known: 'unknown' | 'yes' | 'no' = 'unknown';
  /** What was sent and may come back; undefined once that is settled. */
  private awaited: Uint8Array | undefined;
  private matched = 0;
  private readonly found: () => void;

  /** @param found the line echoes; called once */
  constructor(found: () => void) {
    this.found = found;
  }

  /** Whether an answer that is a copy of its request may still be an echo. */
  get isUnknown(): boolean {
    return this.known === 'unknown';
  }

  /** A frame goes out. */
  sent(frame: Uint8Array): void {
    this.matched = 0;
    const copy = answerIsCopy(frame[1] as number);
    this.awaited = copy && this.known !== 'yes' ? undefined : frame;
  }

  /** The received bytes without the echo. Bytes that look like its beginning are kept back until that is clear. */
  filter(bytes: Uint8Array): Uint8Array {
    const { awaited } = this;
    if (awaited === undefined) return bytes;
    const before = this.matched;
    let at = 0;
    while (at < bytes.length && this.matched < awaited.length && bytes[at] === awaited[this.matched]) {
      at++;
      this.matched++;
    }
    if (this.matched === awaited.length) {
      this.awaited = undefined;
      if (this.known !== 'yes') {
        this.known = 'yes';
        this.found();
      }
      return bytes.subarray(at);
    }
    if (at === bytes.length) return NOTHING;
    this.awaited = undefined;
    return before === 0 ? bytes : Buffer.concat([awaited.subarray(0, before), bytes]);
  }

  /** The wait is over, with an answer or in silence: a line that echoes would have done so. Bytes that were kept back. */
  concluded(): Uint8Array {
    const { awaited, matched } = this;
    this.awaited = undefined;
    if (awaited !== undefined && matched > 0) return awaited.subarray(0, matched);
    if (this.known === 'unknown') this.known = 'no';
    return NOTHING;
  }
}
