import { type Text, text, WordedError } from '../text';

/** Reasons that are spelled out in the message; the rest is only counted. */
const SPELLED_OUT = 64;

/** A file of a network cannot be taken over. Nothing was sent to a board. */
export class NetworkImportError extends WordedError {
  readonly code = 'NETWORK_IMPORT';
  /** Everything that stands in the way, in the order of the file. */
  readonly reasons: readonly Text[];

  constructor(reasons: readonly Text[], options?: ErrorOptions) {
    const more = reasons.length - SPELLED_OUT;
    const [first, ...rest] = [
      ...reasons.slice(0, SPELLED_OUT),
      ...(more > 0 ? [text('network.more', { count: more })] : []),
    ];
    const list = rest.reduce<Text>(
      (before, next) => text('network.and', { before, next }),
      first ?? text('network.empty'),
    );
    super(text('network.refused', { reasons: list }), options);
    this.reasons = reasons;
  }
}

/** A file of weights is none, or does not fit the definition. Nothing was sent to a board. */
export class WeightsError extends WordedError {
  readonly code = 'WEIGHTS_INVALID';

  constructor(problem: Text) {
    super(text('weights.refused', { problem }));
  }
}
