/**
 * Keeps wires open across a deploy. Node-RED closes every node of a full deploy and makes them anew; a wire whose settings did not
 * change stays open meanwhile, and with it the virtual trainer on it and what it has learned since its last save.
 */
import type { EventEmitter } from 'node:events';
import type { BusHandle } from '../../trainer/bus';

interface Kept {
  readonly wire: string;
  readonly grip: BusHandle;
  readonly late: NodeJS.Timeout;
}

/** What Node-RED says with flows:stopping and flows:started. */
interface FlowEvent {
  /** The whole configuration; another object after a deploy. */
  readonly config?: unknown;
}

/** A flow that never starts again (a missing node type) does not hold a serial port for ever. */
const LONGEST_KEPT_MS = 30_000;

class WireKeeper {
  private readonly kept = new Map<string, Kept>();
  private running: unknown;
  /** Whether nodes that close now are made anew in a moment. */
  deploying = false;

  /** @param events of Node-RED's runtime */
  constructor(events: EventEmitter) {
    events.on('flows:stopping', ({ config }: FlowEvent = {}) => {
      // With the configuration that runs, the flows just stop: Node-RED ends, or somebody stopped them.
      this.deploying = this.running !== undefined && config !== this.running;
    });
    events.on('flows:started', ({ config }: FlowEvent = {}) => {
      this.running = config;
      this.deploying = false;
      for (const id of [...this.kept.keys()]) this.letGo(id);
    });
  }

  /** Opens the wire of a node; one that was kept for it is let go, before when it is another wire, else after. */
  take(id: string, wire: string, open: () => BusHandle): BusHandle {
    if (this.kept.get(id)?.wire !== wire) this.letGo(id);
    try {
      return open();
    } finally {
      this.letGo(id);
    }
  }

  /** Closes a node's hold. In the middle of a deploy the wire stays open until the flows have started. */
  async give(id: string, wire: string, handle: BusHandle, open: () => BusHandle): Promise<void> {
    if (this.deploying) {
      this.letGo(id);
      const late = setTimeout(() => this.letGo(id), LONGEST_KEPT_MS);
      late.unref();
      this.kept.set(id, { wire, grip: open(), late });
    }
    await handle.close();
  }

  private letGo(id: string): void {
    const kept = this.kept.get(id);
    if (kept === undefined) return;
    this.kept.delete(id);
    clearTimeout(kept.late);
    void kept.grip.close();
  }
}

const keepers = new WeakMap<EventEmitter, WireKeeper>();

/** One keeper for each runtime. */
export function wireKeeper(events: EventEmitter): WireKeeper {
  let keeper = keepers.get(events);
  if (keeper === undefined) {
    keeper = new WireKeeper(events);
    keepers.set(events, keeper);
  }
  return keeper;
}
