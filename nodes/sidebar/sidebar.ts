/**
 * The runtime's side of the sidebar: while somebody looks, it gathers the cards of all trainers once a second and publishes what has
 * changed. Nobody looks: nothing is read, and nothing is compared.
 */
import type { NodeAPI } from 'node-red';
import { type Card, mergePatch } from '../../trainer/overview';
import { asError } from '../shared/runtime';
import { everybody, type Member } from './roster';

export const TOPIC = 'edge-trainer/cards';
const INTERVAL_MS = 1000;
/** An editor that has not been heard of for so long is gone. */
const LEASE_MS = 25_000;
/** Editors that may look at once; the oldest gives way. */
const LOOKERS_MOST = 32;

type Cards = Record<string, Card>;

export interface Snapshot {
  /** Number of the last change that is in it; changes with higher numbers follow. */
  readonly change: number;
  readonly cards: Cards;
}

interface Look {
  readonly until: number;
  readonly open: ReadonlySet<string>;
}

export class Overview {
  private readonly RED: NodeAPI;
  private readonly looks = new Map<string, Look>();
  private readonly notices = new Map<string, NonNullable<Card['notice']>>();
  private cards: Cards = {};
  private change = 0;
  private timer: NodeJS.Timeout | undefined;
  private turn: Promise<void> | undefined;
  private noticeNumber = 0;

  constructor(RED: NodeAPI) {
    this.RED = RED;
  }

  /** An editor looks, or still does; `open` are the cards that show everything. */
  async look(editor: string, open: readonly string[]): Promise<Snapshot> {
    this.looks.delete(editor);
    this.looks.set(editor, { until: Date.now() + LEASE_MS, open: new Set(open) });
    for (const oldest of this.looks.keys()) {
      if (this.looks.size <= LOOKERS_MOST) break;
      this.looks.delete(oldest);
    }
    await this.now();
    return { change: this.change, cards: this.cards };
  }

  /** An editor looks away. */
  leave(editor: string): void {
    this.looks.delete(editor);
    if (this.looks.size === 0) this.rest();
  }

  /** After an action on a trainer: gathers its card at once. */
  touched(): void {
    if (this.looks.size > 0) void this.now();
  }

  /** Says on a card how a long job ended. */
  notice(id: string, text: string, bad: boolean): void {
    this.notices.set(id, { number: ++this.noticeNumber, text, bad });
    this.touched();
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.cards = {};
    this.notices.clear();
  }

  /** One turn at a time; whoever asks meanwhile gets the running one. */
  private now(): Promise<void> {
    clearTimeout(this.timer);
    this.turn ??= this.gather().finally(() => {
      this.turn = undefined;
      clearTimeout(this.timer);
      if (this.looks.size > 0) {
        this.timer = setTimeout(() => void this.now(), INTERVAL_MS);
        this.timer.unref();
      }
    });
    return this.turn;
  }

  private async gather(): Promise<void> {
    for (const [editor, { until }] of this.looks) if (until < Date.now()) this.looks.delete(editor);
    if (this.looks.size === 0) {
      this.rest();
      return;
    }
    const open = new Set([...this.looks.values()].flatMap((look) => [...look.open]));
    await Promise.all(
      everybody().map(({ node, gatherer }) =>
        gatherer !== undefined && open.has(node.id)
          ? gatherer.read().catch((error: unknown) => node.warn(asError(error).message))
          : undefined,
      ),
    );
    const cards: Cards = Object.fromEntries(
      everybody().map((member) => [member.node.id, this.cardOf(member, open.has(member.node.id))]),
    );
    const patch = mergePatch(this.cards, cards);
    this.cards = cards;
    if (patch !== undefined) this.RED.comms.publish(TOPIC, { change: ++this.change, patch }, false);
  }

  private cardOf({ node, gatherer }: Member, whole: boolean): Card {
    const name = node.name || node.definition?.name || node.id;
    if (gatherer === undefined)
      return {
        name,
        unit: node.unit,
        wire: node.busName,
        link: { kind: 'not-configured' },
        ...(node.problem === undefined ? {} : { problem: node.problem }),
      };
    const notice = this.notices.get(node.id);
    return {
      ...gatherer.card(
        {
          name,
          wire: node.busName,
          hasKey: node.hasKey,
          deployable: node.definition !== undefined,
          regimes: node.link?.trainer.regimes.names() ?? [],
        },
        whole,
      ),
      ...(notice === undefined ? {} : { notice }),
    };
  }
}
