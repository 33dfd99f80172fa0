/** What every node does the same way: take a message, settle it, and let go of everything when it is closed. */
import type { Node, NodeAPI, NodeMessageInFlow, NodeStatus } from 'node-red';
import {
  type Between,
  type Filling,
  filled,
  joined,
  type LookUp,
  type Text,
  WordedError,
  worded,
} from '../../trainer/text';
import { MessageError } from './message_error';

/** Node set whose catalogue holds the words that several nodes use. */
const SHARED_CATALOGUE = '@edge-trainer/node-red-trainer/device';

/** A message as it travels through these nodes; whatever else it carries passes through. */
export interface TrainerMessage extends NodeMessageInFlow {
  /** Number of the decision this message is about, 1..65535. */
  ticket?: unknown;
  /** What a node of this palette has found out about the message. */
  edgeTrainer?: Record<string, unknown>;
  [property: string]: unknown;
}

export type Send = (messages: TrainerMessage | (TrainerMessage | null)[]) => void;

/** Texts of the shared catalogue as they stand there. Looking one up takes a tenth of what a whole decision takes. */
const templates = new WeakMap<NodeAPI, Map<string, string>>();

/** A text of the shared catalogue. */
export function words(RED: NodeAPI, key: string, values: Readonly<Record<string, Filling>> = {}): string {
  let known = templates.get(RED);
  if (known === undefined) {
    known = new Map();
    templates.set(RED, known);
  }
  let template = known.get(key);
  if (template === undefined) {
    template = RED._(`${SHARED_CATALOGUE}:${key}`, {
      skipInterpolation: true,
    } as unknown as Record<string, string>);
    known.set(key, template);
  }
  const shown = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'object' ? worded(value, errorTexts(RED)) : value,
  ]);
  return filled(template, Object.fromEntries(shown) as Record<string, string | number>);
}

export function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** The catalogue of errors in the language of this Node-RED; English where it has no catalogue. */
export function errorTexts(RED: NodeAPI): LookUp {
  return (key, values) => {
    const said = words(RED, `errors.${key}`, { ...values });
    return said.endsWith(`:errors.${key}`) ? worded({ key, values }) : said;
  };
}

/** Parts as the language of this Node-RED writes them one after the other. */
export function together(RED: NodeAPI, parts: readonly string[], between: Between): string {
  return joined(parts, between, errorTexts(RED));
}

/** The error with its text in the language of this Node-RED. */
export function translated(RED: NodeAPI, reason: unknown): Error {
  const error = asError(reason);
  if (error instanceof MessageError) error.message = words(RED, error.key, error.values);
  else if (error instanceof WordedError) error.message = worded(error.text, errorTexts(RED));
  return error;
}

/** Its reason in a few words, for a status; the log and the catch node have all of it. */
export function briefly(RED: NodeAPI, reason: unknown): string {
  const { message } = translated(RED, reason);
  return reason instanceof WordedError ? worded(reason.brief, errorTexts(RED)) : message;
}

/** An error as the answer of a route: in the language of this Node-RED, and as a text that the editor words in its own. */
export function answerOf(RED: NodeAPI, reason: unknown): { message: string; text?: Text } {
  const error = translated(RED, reason);
  const { message } = error;
  return error instanceof WordedError ? { message, text: error.text } : { message };
}

/** Input and close handling of one node. */
export class Intake {
  /** Fires when the node is closed: long work gives up. */
  readonly signal: AbortSignal;
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private readonly RED: NodeAPI;
  private readonly node: Node;

  constructor(RED: NodeAPI, node: Node) {
    this.RED = RED;
    this.node = node;
    this.signal = this.closing.signal;
  }

  /** Every message is settled exactly once: by `done()`, or by `done(error)`, which a catch node can catch. */
  take(handle: (msg: TrainerMessage, send: Send) => Promise<void>, failed?: (error: Error) => void): void {
    this.node.on('input', (msg, send, done) => {
      const work: Promise<void> = (async () => {
        try {
          await handle(msg as TrainerMessage, send as Send);
          done();
        } catch (reason) {
          const error = translated(this.RED, reason);
          // A node that is being closed gives its work up: that is no fault of the message.
          if (this.signal.aborted) {
            done();
            return;
          }
          failed?.(error);
          done(error);
        }
      })().finally(() => this.underWay.delete(work));
      this.underWay.add(work);
    });
  }

  /** Settles everything under way, then lets the node's own `release` run, then tells Node-RED. */
  onClose(release: (removed: boolean) => void | Promise<void> = () => undefined): void {
    this.node.on('close', (removed: boolean, done: (error?: Error) => void) => {
      this.closing.abort(new Error('the node was closed'));
      void (async () => {
        await release(removed);
        await Promise.allSettled(this.underWay);
      })().then(
        () => done(),
        (reason: unknown) => {
          this.node.warn(asError(reason).message);
          done();
        },
      );
    });
  }
}

/** Longest text under a node, in characters; the log and the catch node have all of it. */
const STATUS_LENGTH = 60;

/** Shows a status, cut where it is too long to stand under a node, and remembers it, so that an unchanged one is not published again. */
export class StatusLine {
  private readonly node: Node;
  private readonly longest: number;
  private shown: NodeStatus | undefined;

  constructor(node: Node, longest = STATUS_LENGTH) {
    this.node = node;
    this.longest = longest;
  }

  show(given: NodeStatus): void {
    const { shown, longest } = this;
    const { text = '' } = given;
    const status = text.length > longest ? { ...given, text: `${text.slice(0, longest - 1)}…` } : given;
    if (
      shown !== undefined &&
      shown.text === status.text &&
      shown.fill === status.fill &&
      shown.shape === status.shape
    )
      return;
    this.shown = status;
    this.node.status(status);
  }
}
