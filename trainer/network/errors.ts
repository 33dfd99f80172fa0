import { type Text, text, WordedError } from '../text';

/** A file of a network cannot be taken over. Nothing was sent to a board. */
export class NetworkImportError extends WordedError {
  readonly code = 'NETWORK_IMPORT';
  /** Everything that stands in the way, in the order of the file. */
  readonly reasons: readonly Text[];

  constructor(reasons: readonly Text[], options?: ErrorOptions) {
    const all = reasons.map((reason) => reason);
    const [first, ...rest] = all;
    const list = rest.reduce<Text>(
      (before, next) => text('network.and', { before, next }),
      first ?? text('network.empty'),
    );
    super(text('network.refused', { reasons: list }), options);
    this.reasons = all;
  }
}
