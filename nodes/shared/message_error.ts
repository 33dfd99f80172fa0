import type { Filling } from '../../trainer/text';

/** A message that a node cannot work on. The text is looked up where the error leaves the node. */
export class MessageError extends Error {
  readonly code = 'MESSAGE';
  /** Key in the shared catalogue, and what goes into the text. */
  readonly key: string;
  readonly values: Readonly<Record<string, Filling>>;

  constructor(key: string, values: Readonly<Record<string, Filling>> = {}) {
    super(key);
    this.name = 'MessageError';
    this.key = key;
    this.values = values;
  }
}
