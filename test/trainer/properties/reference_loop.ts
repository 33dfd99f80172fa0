/** The closed loop in a few lines of TypeScript, as docs/protocol.md tells it: what a board must answer, whatever is asked of it. */

export interface LoopRules {
  readonly classes: number;
  readonly defaultClass: number;
  readonly tickets: number;
  readonly capacity: number;
  /** Permille. */
  readonly satisfactoryShare: number;
  readonly holdOutEvery: number;
  readonly accuracyWindow: number;
  /** Permille. */
  readonly accuracyThreshold: number;
}

interface Ticket {
  /** 0 = the number stands for a newer decision. */
  number: number;
  readonly generation: number;
  readonly features: string;
  readonly decided: number;
  judged?: { kind: string; value: number; judgement: 'satisfied' | 'unsatisfied' | 'discarded' };
  spoiled: Set<Discard>;
}

interface Sample {
  readonly label: number;
  /** As they are stored. */
  readonly features: readonly number[];
  readonly heldOut: boolean;
  /** When it was stitched. */
  readonly stamp: number;
}

/** A class keeps this part of the set against newcomers of others. */
const FLOOR_PART = 6;
/** So many of the nearest samples confirm a new one, or do not. */
const NEIGHBOURS = 7;

export type Discard = 'sensor-fault' | 'manual-override';
export type Mode = 'auto' | 'manual' | 'frozen';

/** What a save keeps. */
interface Kept {
  samples: Sample[];
  stitches: number;
  newSamples: number;
  shareDebt: number;
  cycle: number[];
  generation: number;
  previous: number;
  next: number;
  mode: Mode;
  counters: {
    inferences: number;
    judged: number;
    satisfied: number;
    stitched: number;
    replaced: number;
    trainings: number;
    promoted: number;
    rejected: number;
    rolledBack: number;
    sensorFault: number;
    manualOverride: number;
  };
}

export class Refused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const copy = (kept: Kept): Kept => structuredClone(kept);

export class ReferenceLoop {
  private readonly rules: LoopRules;
  private now: Kept;
  private saved: Kept;
  /** Last generation number that was noted: a training notes the next one before it may be given, so that none is given twice. */
  private reserved = 0;
  private ring: (Ticket | undefined)[];
  private at = 0;
  private window: boolean[] = [];
  private sensorFault = false;
  private manualOverride = false;

  constructor(rules: LoopRules) {
    this.rules = rules;
    this.now = {
      samples: [],
      stitches: 0,
      newSamples: 0,
      shareDebt: 0,
      cycle: Array.from({ length: rules.classes }, () => 0),
      generation: 0,
      previous: 0,
      next: 0,
      mode: 'manual',
      counters: {
        inferences: 0,
        judged: 0,
        satisfied: 0,
        stitched: 0,
        replaced: 0,
        trainings: 0,
        promoted: 0,
        rejected: 0,
        rolledBack: 0,
        sensorFault: 0,
        manualOverride: 0,
      },
    };
    this.saved = copy(this.now);
    this.ring = Array.from({ length: rules.tickets }, () => undefined);
  }

  /** What a master reads. */
  get view(): object {
    const { counters, samples } = this.now;
    return {
      ...counters,
      generation: this.now.generation,
      previousGeneration: this.now.previous,
      mode: this.now.mode,
      samplesStored: samples.length,
      samplesNew: this.now.newSamples,
      samplesHeldOut: samples.filter(({ heldOut }) => heldOut).length,
      perClass: Array.from(
        { length: this.rules.classes },
        (_, c) => samples.filter(({ label }) => label === c).length,
      ),
      ticketsPending: this.ring.filter((ticket) => ticket !== undefined && ticket.judged === undefined)
        .length,
      window: [this.window.length, this.window.filter(Boolean).length],
    };
  }

  get isTrained(): boolean {
    return this.now.generation > 0;
  }

  /** `decided` is what the board says: voices and model are not modelled, except that nobody who knows nothing decides the default. */
  infer(number: number, features: string, decided: number): void {
    const known = this.ring.find((ticket) => ticket?.number === number);
    if (known !== undefined) {
      if (known.features !== features) throw new Refused('TICKET_TAKEN');
      if (known.generation === this.now.generation) {
        if (known.decided !== decided) throw new Error('a repeat decided otherwise');
        return;
      }
      // Another generation runs: a new decision under the old number.
      known.number = 0;
      if (known.judged === undefined) this.ring[this.ring.indexOf(known)] = undefined;
    }
    if (!this.isTrained && this.now.counters.judged === 0 && decided !== this.rules.defaultClass)
      throw new Error('nothing was learned, and not the default class');
    const spoiled = new Set<Discard>();
    if (this.sensorFault) spoiled.add('sensor-fault');
    if (this.manualOverride) spoiled.add('manual-override');
    this.ring[this.at] = { number, generation: this.now.generation, features, decided, spoiled };
    this.at = (this.at + 1) % this.rules.tickets;
    this.now.counters.inferences++;
  }

  judge(number: number, kind: 'label' | 'override', value: number): string {
    const ticket = this.ring.find((candidate) => candidate?.number === number);
    if (ticket === undefined) throw new Refused('TICKET_UNKNOWN');
    if (ticket.judged !== undefined) {
      if (ticket.judged.kind !== kind || ticket.judged.value !== value) throw new Refused('TICKET_JUDGED');
      return ticket.judged.judgement;
    }
    // A label says what would have been right, whatever drove the actuator; only bad features spoil it.
    if (ticket.spoiled.has('sensor-fault')) {
      this.now.counters.sensorFault++;
      ticket.judged = { kind, value, judgement: 'discarded' };
      return 'discarded';
    }
    const satisfied = ticket.decided === value;
    const judgement = satisfied ? 'satisfied' : 'unsatisfied';
    ticket.judged = { kind, value, judgement };
    this.now.counters.judged++;
    if (satisfied) this.now.counters.satisfied++;
    this.window.push(satisfied);
    if (this.window.length > this.rules.accuracyWindow) this.window.shift();
    this.stitch(value, ticket.features.split(',').map(Number), !satisfied);
    return judgement;
  }

  private stitch(label: number, features: readonly number[], always: boolean): void {
    const { now, rules } = this;
    if (!always) {
      now.shareDebt += rules.satisfactoryShare;
      if (now.shareDebt < 1000) return;
      now.shareDebt -= 1000;
    }
    const position = ((now.cycle[label] as number) + 1) % rules.holdOutEvery;
    now.cycle[label] = position;
    const heldOut = position === 0;
    if (now.samples.length === rules.capacity) {
      now.samples.splice(this.givesWay(label, features, heldOut), 1);
      now.counters.replaced++;
    }
    now.samples.push({ label, features, heldOut, stamp: now.stitches });
    now.stitches++;
    now.counters.stitched++;
    now.newSamples++;
  }

  /** Whether less comes true than was asked for. */
  private get doubts(): boolean {
    const { window } = this;
    const right = window.filter(Boolean).length;
    return window.length > 0 && Math.round((1000 * right) / window.length) < this.rules.accuracyThreshold;
  }

  /**
   * Time-even: whose neighbours in time are closest together, unless its class has no more than its floor. In doubt the sample most like the new
   * one that contradicts it, where most of those like it confirm it.
   */
  private givesWay(label: number, features: readonly number[], heldOut: boolean): number {
    const { samples } = this.now;
    const pool = samples.some((sample) => sample.heldOut === heldOut) ? heldOut : !heldOut;
    const floor = pool ? 0 : Math.floor(this.rules.capacity / Math.max(FLOOR_PART, 2 * this.rules.classes));
    const stampAt = (index: number): number => samples[index]?.stamp ?? this.now.stitches;
    const stays = (sample: Sample): boolean =>
      sample.label !== label &&
      samples.filter((other) => other.heldOut === pool && other.label === sample.label).length <= floor;
    const from = (sample: Sample): number =>
      sample.features.reduce((sum, value, j) => sum + Math.abs(value - (features[j] as number)), 0);
    const like = samples
      .filter((sample) => sample.heldOut === pool)
      .sort((a, b) => from(a) - from(b) || b.stamp - a.stamp)
      .slice(0, NEIGHBOURS);
    const contradicts = like.find((sample) => sample.label !== label && !stays(sample));
    const confirmed = 2 * like.filter((sample) => sample.label === label).length > like.length;
    if (this.doubts && confirmed && contradicts !== undefined) return samples.indexOf(contradicts);
    let best = 0;
    let narrowest = Number.POSITIVE_INFINITY;
    for (const [index, sample] of samples.entries()) {
      if (sample.heldOut !== pool || stays(sample)) continue;
      const between = index === 0 ? Number.MAX_SAFE_INTEGER : stampAt(index + 1) - stampAt(index - 1);
      if (between >= narrowest) continue;
      narrowest = between;
      best = index;
    }
    return best;
  }

  /** Whether a training starts; its result is the board's to tell. */
  beginTraining(): void {
    if (this.now.mode === 'frozen') throw new Refused('FROZEN');
    const usable = this.now.samples.filter(({ heldOut }) => !heldOut);
    if (usable.length < 2) throw new Refused('TOO_FEW_SAMPLES');
    this.now.newSamples = 0;
    this.reserved = Math.max(this.reserved, this.now.next + 1);
  }

  endTraining(promoted: boolean): void {
    this.now.counters.trainings++;
    if (!promoted) {
      this.now.counters.rejected++;
      return;
    }
    this.now.counters.promoted++;
    this.now.previous = this.now.generation;
    this.now.generation = ++this.now.next;
  }

  rollBack(): void {
    if (this.now.previous === 0) throw new Refused('NO_PREVIOUS');
    this.now.generation = this.now.previous;
    this.now.previous = 0;
    this.now.counters.rolledBack++;
  }

  /** Kept at once. */
  setMode(mode: Mode): void {
    if (mode !== this.now.mode) this.reserved = this.now.next;
    this.now.mode = this.saved.mode = mode;
  }

  setSensorFault(on: boolean): void {
    this.sensorFault = on;
    if (on) this.spoil('sensor-fault');
  }

  setManualOverride(on: boolean): void {
    this.manualOverride = on;
    if (on) this.spoil('manual-override');
  }

  private spoil(reason: Discard): void {
    for (const ticket of this.ring)
      if (ticket !== undefined && ticket.judged === undefined) ticket.spoiled.add(reason);
  }

  clear(): void {
    this.now.samples = [];
    this.now.stitches = 0;
    this.now.newSamples = 0;
    this.now.shareDebt = 0;
    this.now.cycle.fill(0);
  }

  save(): void {
    this.saved = copy(this.now);
    this.reserved = this.now.next;
  }

  /** Without power: what was not saved is gone, and so is what only lives while it is on. */
  restart(): void {
    this.now = copy(this.saved);
    this.now.next = Math.max(this.now.next, this.reserved);
    this.ring.fill(undefined);
    this.at = 0;
    this.window = [];
    this.sensorFault = this.manualOverride = false;
  }
}
