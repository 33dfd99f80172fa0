/** A message that a node cannot work on. The text is looked up where the error leaves the node. */
export class MessageError extends Error {
  readonly code = 'MESSAGE';
  /** Key in the shared catalogue, and what goes into the text. */
  readonly key: string;
  readonly values: Record<string, string | number>;

  constructor(key: string, values: Record<string, string | number> = {}) {
    super(key);
    this.name = 'MessageError';
    this.key = key;
    this.values = values;
  }
}
