/** One bus per wire in this process, shared by everybody who names the wire, open as long as somebody uses it. */
import { type Text, text } from '../text';
import { Bus } from './bus';
import type { BusEvents, BusStatus, RequestOptions } from './contract';
import { BusClosedError, BusConfigError } from './errors';
import { type BusOptions, planWire, type WirePlan } from './options';
import { type BusRequest, type ReplyTo, targetOf } from './requests';

interface Shared {
  readonly bus: Bus;
  readonly plan: WirePlan;
  users: number;
}

const open = new Map<string, Shared>();
/** Wires that are being closed; the next owner waits, or a serial port would still be locked. */
const closing = new Map<string, Promise<void>>();

/** One user's hold on a bus. Closing it settles this user's requests; the last one out closes the wire. */
export class BusHandle {
  readonly bus: Bus;
  private readonly listeners: (() => void)[] = [];
  private released: Promise<void> | undefined;

  constructor(bus: Bus) {
    this.bus = bus;
  }

  /** See `Bus.request`. */
  request<R extends BusRequest>(request: R, options?: RequestOptions<R>): Promise<ReplyTo<R>> {
    if (this.released !== undefined) {
      return Promise.reject(new BusClosedError(this.bus.name, 'byUser', targetOf(request)));
    }
    return this.bus.request(request, options, this);
  }

  /** Listens to the bus until this handle is closed. */
  on<E extends keyof BusEvents>(event: E, listener: (...args: BusEvents[E]) => void): this {
    this.bus.on<E>(event, listener as Parameters<typeof this.bus.on<E>>[1]);
    this.listeners.push(() => this.bus.off<E>(event, listener as Parameters<typeof this.bus.off<E>>[1]));
    return this;
  }

  /** See `Bus.lend`. */
  lend<T>(why: Text, action: () => Promise<T>): Promise<T> {
    return this.bus.lend(why, action);
  }

  status(): BusStatus {
    return this.bus.status();
  }

  /** Resolves when this user's requests have settled and, for the last user, when the wire is free. Idempotent. */
  close(): Promise<void> {
    this.released ??= this.release();
    return this.released;
  }

  private async release(): Promise<void> {
    const { bus } = this;
    bus.abandon(this);
    const shared = open.get(bus.key);
    if (shared?.bus === bus && --shared.users === 0) {
      open.delete(bus.key);
      const done = Promise.all([closing.get(bus.key), bus.close()]).then(() => {
        if (closing.get(bus.key) === done) closing.delete(bus.key);
      });
      closing.set(bus.key, done);
      await done;
    }
    for (const remove of this.listeners) remove();
  }
}

/** Names of the options on which a second user of a wire disagrees with the first. */
function disagreements(asked: WirePlan, present: WirePlan, given: BusOptions): string[] {
  const lines = Object.keys(asked.line).filter((name) => asked.line[name] !== present.line[name]);
  const tunings = (Object.keys(asked.tuning) as (keyof typeof asked.tuning)[]).filter(
    (name) => given[name] !== undefined && asked.tuning[name] !== present.tuning[name],
  );
  return [...lines, ...tunings];
}

/**
 * Opens the wire, or joins those who already use it. Returns at once; requests wait until the wire is open.
 * Throws BusConfigError when an option is wrong or contradicts the bus that is already open on that wire.
 */
export function openBus(options: BusOptions): BusHandle {
  const plan = planWire(options);
  let shared = open.get(plan.key);
  if (shared === undefined) {
    const bus = new Bus(plan);
    shared = { bus, plan, users: 0 };
    open.set(plan.key, shared);
    const before = closing.get(plan.key);
    if (before === undefined) bus.start();
    else void before.then(() => bus.start());
  } else {
    const different = disagreements(plan, shared.plan, options);
    if (different.length > 0) {
      throw new BusConfigError(text('bus.config.contradiction', { wire: plan.name, options: different }));
    }
  }
  shared.users++;
  return new BusHandle(shared.bus);
}
