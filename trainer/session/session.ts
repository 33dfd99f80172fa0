/**
 * One connection to a trainer that lasts: opens it, keeps an eye on it, says what state it is in, and opens the
 * commissioning lock when that is needed. Survives everything that happens on the wire; no redeploy is needed.
 */
import { EventEmitter, once } from 'node:events';
import type { BusHandle } from '../bus';
import { type MemoryNeed, parseDefinition, planMemory, type TrainerDefinition } from '../definition';
import {
  type Decision,
  type FirmwareReport,
  firmwareReport,
  Trainer,
  type TrainerStatus,
  type Watch,
} from '../device';
import { openWeights } from '../network';
import { text, type Word, WordedError } from '../text';
import { firmwarePlanner, generationOf } from '../virtual';
import type { ChangeReport } from './change_report';
import {
  deployGuarded,
  type GuardedDeployOptions,
  type GuardedDeployResult,
  reportOf,
  restoreGuarded,
} from './deploy';
import { type LinkFault, linkFault } from './link_fault';
import { OnlyClass } from './only_class';

export type SessionState =
  | { readonly kind: 'not-configured' }
  | { readonly kind: 'connecting' }
  | { readonly kind: 'lost'; readonly why: Word; readonly fault: LinkFault; readonly unit: number }
  | { readonly kind: 'no-definition' }
  | { readonly kind: 'other-definition' }
  | { readonly kind: 'busy'; readonly doing: BusyState; readonly progress: number }
  | {
      readonly kind: 'ready';
      readonly generation: number;
      readonly drift: boolean;
      /** The board is locked, and this device has no key: management is refused. */
      readonly locked: boolean;
      /** All samples so far are of this class; undefined = there are none, or of several. */
      readonly onlyClass?: string;
    };

type BusyState = 'training' | 'evaluating' | 'learning' | 'calibrating';

const BUSY: readonly string[] = ['training', 'evaluating', 'learning', 'calibrating'];
/** While the trainer has not got the definition of a device, a deployment that comes with the start of the flow is worth waiting for. */
const UNPREPARED: readonly SessionState['kind'][] = ['connecting', 'no-definition', 'other-definition'];
/** Time between two looks at the trainer, in milliseconds; while a job runs it is looked at more often by whoever started it. */
const WATCH_INTERVAL_MS = 2000;
/** A lost trainer is looked for at least this often, so that it is back within seconds. */
const LOST_INTERVAL_MS = 4000;

type SessionDeployOptions = GuardedDeployOptions & { readonly weights?: unknown };

/** What the wire does may be over the next time; what the definition would do is not. */
const LASTING: readonly unknown[] = [
  'CHANGE_DISCARDS',
  'DEFINITION_INVALID',
  'DEFINITION_MEMORY',
  'FIRMWARE_TOO_OLD',
];
const isLasting = (error: unknown): error is Error =>
  error instanceof Error && LASTING.includes((error as { code?: unknown }).code);

export interface SessionOptions {
  readonly unit: number;
  readonly definition?: TrainerDefinition;
  /** Commissioning key, 32 hexadecimal digits. */
  readonly key?: string;
  /** Names of anomaly patterns as they were kept. */
  readonly patternNames?: readonly string[];
  /** The same of operating regimes. */
  readonly regimeNames?: readonly string[];
}

interface SessionEvents {
  oldFirmware: [FirmwareReport];
  state: [SessionState];
  status: [TrainerStatus];
  prepared: [];
}

export class Session {
  readonly trainer: Trainer;
  readonly unit: number;
  /** Ticket of the last decision made through this device. */
  lastTicket: number | undefined;
  /** The firmware of the board that answered last, when it is behind this package. */
  oldFirmware: FirmwareReport | undefined;
  /**
   * Why the definition of this device is not on the board, as long as trying again would be of no use: until the board is another one or
   * runs something else.
   */
  refusal: Error | undefined;
  private readonly events = new EventEmitter<SessionEvents>();
  private readonly handle: BusHandle;
  private readonly key: string | undefined;
  private readonly watch: Watch;
  private readonly onlyClass = new OnlyClass();
  /** Fingerprint for which `matches` holds. */
  private checked: number | undefined;
  private matches: 'same' | 'different' | 'none' | 'not-given' = 'none';
  private current: SessionState = { kind: 'connecting' };
  /** Deployments that come with the start of the flow and have not ended. */
  private expected = 0;
  private readonly own: TrainerDefinition | undefined;
  /** Nodes of one flow deploy when it starts, all at once: one goes after the other, and finds what the one before has done. */
  private deploying: Promise<unknown> = Promise.resolve();

  /** @throws DefinitionError, InputError */
  constructor(handle: BusHandle, options: SessionOptions) {
    this.handle = handle;
    this.unit = options.unit;
    this.key = options.key;
    this.own = options.definition;
    // Every node of the device listens.
    this.events.setMaxListeners(0);
    this.trainer = new Trainer(handle, options);
    this.trainer.on('decision', (decision: Decision) => {
      this.lastTicket = decision.ticket;
    });
    this.trainer.on('deployed', ({ status, fingerprint }) => {
      this.checked = fingerprint;
      this.matches = 'same';
      this.refusal = undefined;
      this.look(status);
    });
    this.watch = this.trainer.watch({ intervalMs: WATCH_INTERVAL_MS, lostIntervalMs: LOST_INTERVAL_MS });
    this.watch.on('status', (status) => {
      this.check(status).then(
        () => this.events.emit('status', status),
        (error: Error) => this.lostBy(error),
      );
    });
    this.watch.on('lost', (error) => this.lostBy(error));
    // Somebody else has had this wire for a while.
    const { state: wire, why } = handle.status();
    if (wire === 'lost') this.lost(why);
    handle.on('state', ({ state, why: reason = '' }) => {
      if (state === 'lost') this.lost(reason);
      if (state === 'open') {
        this.trainer.forget();
        // Another firmware may answer now, with the same definition.
        this.checked = undefined;
        void this.watch.refresh();
      }
    });
    handle.on('health', (unit) => {
      if (unit.unit !== this.unit) return;
      if (unit.alive) void this.watch.refresh();
      else this.lost(text('bus.silentUnit', { unit: unit.unit }));
    });
  }

  get state(): SessionState {
    return this.current;
  }

  /** Last status that was read. */
  get status(): TrainerStatus | undefined {
    return this.watch.status;
  }

  /** Calls `listener` at every change; returns how to stop it. */
  onState(listener: (state: SessionState) => void): () => void {
    this.events.on('state', listener);
    return () => this.events.off('state', listener);
  }

  /** Calls `listener` after every look at the trainer; returns how to stop it. */
  onStatus(listener: (status: TrainerStatus) => void): () => void {
    this.events.on('status', listener);
    return () => this.events.off('status', listener);
  }

  /** Whether the board runs the definition of this device. */
  get definitionMatch(): 'same' | 'different' | 'none' | 'not-given' {
    return this.matches;
  }

  /** A deployment comes with the start of the flow: see `prepared`. Returns how to say that it has ended, whatever came of it. */
  expectDeployment(): () => void {
    let open = true;
    this.expected++;
    return () => {
      if (open) this.expected--;
      open = false;
      if (!this.awaitsDeployment) this.events.emit('prepared');
    };
  }

  /** A deployment is expected, and the trainer is there without the definition of this device. */
  get awaitsDeployment(): boolean {
    return this.expected > 0 && UNPREPARED.includes(this.current.kind);
  }

  /**
   * Ends when no deployment is awaited any more: it has ended, the board ran the definition already, or the trainer is lost.
   * @throws the reason of `signal`
   */
  async prepared(signal: AbortSignal): Promise<void> {
    while (this.awaitsDeployment) await once(this.events, 'prepared', { signal });
  }

  /** Calls `listener` when the board's firmware is behind this package. */
  onOldFirmware(listener: (report: FirmwareReport) => void): void {
    this.events.on('oldFirmware', listener);
  }

  /** What the bus knows: wire state, counters, health of this unit. */
  health(): { readonly bus: ReturnType<BusHandle['status']>; readonly unit: number } {
    return { bus: this.handle.status(), unit: this.unit };
  }

  /** Takes a status that somebody else read. */
  look(status: TrainerStatus): void {
    if (BUSY.includes(status.state)) {
      this.become({ kind: 'busy', doing: status.state as BusyState, progress: status.progress });
    } else if (status.definitionFingerprint === 0) {
      this.become({ kind: 'no-definition' });
    } else if (this.matches === 'different') {
      this.become({ kind: 'other-definition' });
    } else {
      const { generation, drift } = status;
      const locked = status.lock === 'locked' && this.key === undefined;
      const onlyClass = this.onlyClass.label;
      this.become({
        kind: 'ready',
        generation,
        drift,
        locked,
        ...(onlyClass === undefined ? {} : { onlyClass }),
      });
    }
  }

  /** Looks at the trainer now. */
  refresh(): Promise<void> {
    return this.watch.refresh();
  }

  /**
   * Deploys after the firmware's own code has said what it needs and what it changes.
   * @param options.weights document with the weights of an imported network, which give the board its first generation
   * @throws as deployGuarded; WeightsError
   */
  deploy(
    definition: TrainerDefinition,
    options: SessionDeployOptions,
  ): Promise<GuardedDeployResult & { readonly need: MemoryNeed }> {
    return this.oneByOne(async () => {
      try {
        return await this.deployNow(definition, options);
      } catch (error) {
        if (definition === this.own && isLasting(error)) this.refusal = error;
        throw error;
      }
    });
  }

  private async deployNow(
    definition: TrainerDefinition,
    { weights, ...options }: SessionDeployOptions,
  ): Promise<GuardedDeployResult & { readonly need: MemoryNeed }> {
    const [planner, { arenaBytes }] = await Promise.all([firmwarePlanner(), this.trainer.identify()]);
    const complete = parseDefinition(definition);
    const need = planMemory(complete, planner, arenaBytes);
    const first =
      weights === undefined ? {} : { firstGeneration: await generationOf(complete, openWeights(weights)) };
    const result = await deployGuarded(this.trainer, definition, planner, { ...options, ...first });
    return { ...result, need };
  }

  /** Brings a backup back; see restoreGuarded. */
  restore(
    document: unknown,
    options: Parameters<typeof restoreGuarded>[3],
  ): ReturnType<typeof restoreGuarded> {
    return this.oneByOne(async () =>
      restoreGuarded(this.trainer, document, await firmwarePlanner(), options),
    );
  }

  private oneByOne<T>(work: () => Promise<T>): Promise<T> {
    const done = this.deploying.then(work);
    this.deploying = done.catch(() => undefined);
    return done;
  }

  /** What deploying `definition` would do to what the board has learned. Nothing is changed. */
  async changeReport(definition: TrainerDefinition): Promise<ChangeReport> {
    return reportOf(this.trainer, parseDefinition(definition), await firmwarePlanner());
  }

  /**
   * How the board stands to the key of this device. It is given to a board without one only when that is asked for: a board that has
   * lost its key, or something else that answers in its place, is never given it unasked.
   */
  async commission(set: boolean): Promise<'none' | 'set' | 'kept' | 'missing'> {
    if (this.key === undefined) return 'none';
    if ((await this.trainer.status()).lock !== 'none') return 'kept';
    if (!set) return 'missing';
    await this.trainer.lock.setKey(this.key);
    return 'set';
  }

  async close(): Promise<void> {
    this.events.removeAllListeners();
    await Promise.all([this.handle.close(), this.watch.close()]);
    this.trainer.removeAllListeners();
  }

  private async check(status: TrainerStatus): Promise<void> {
    if (status.definitionFingerprint !== this.checked) {
      const { definition, identity } = await this.trainer.connect();
      this.matches = definition;
      this.refusal = undefined;
      this.lookAtFirmware(firmwareReport(identity));
      this.checked = status.definitionFingerprint;
    }
    if (this.matches === 'same' || this.matches === 'not-given')
      await this.onlyClass.look(this.trainer, status);
    this.look(status);
  }

  /** Told once for each firmware that is behind this package. */
  private lookAtFirmware(report: FirmwareReport): void {
    const before = this.oldFirmware;
    this.oldFirmware = report.age === 'older' || report.lacks.length > 0 ? report : undefined;
    if (this.oldFirmware !== undefined && this.oldFirmware.version !== before?.version)
      this.events.emit('oldFirmware', report);
  }

  private lostBy(error: Error): void {
    this.lost(error instanceof WordedError ? error.text : error.message, error);
  }

  /** @param error what a request got, where one was made */
  private lost(why: Word, error?: Error): void {
    const fault = linkFault(this.handle.status(), this.unit, error);
    this.become({ kind: 'lost', why, fault, unit: this.unit });
  }

  private become(state: SessionState): void {
    if (JSON.stringify(state) === JSON.stringify(this.current)) return;
    this.current = state;
    this.events.emit('state', state);
    if (!this.awaitsDeployment) this.events.emit('prepared');
  }
}
