/**
 * A trainer on a bus, typed: everything a program does with one. Every request can be repeated safely, so lost and late answers
 * are dealt with here and below, and what reaches the caller is a result or one error that says what happened.
 *
 * Decisions and the board itself are here; what belongs to one subject is in a part: `trainer.model`, `trainer.dataset`, ...
 */

import { EventEmitter } from 'node:events';
import { Command, Mode } from '../contract/contract.generated';
import { type CompleteDefinition, parseDefinition, type TrainerDefinition } from '../definition';
import { text } from '../text';
import type { AccessOptions, RegisterBus } from './access';
import type { TransferOptions } from './bulk';
import { type Decision, type Outcome, outcomeWords, type Verdict } from './closed_loop';
import { TrainerConnection, type TrainerOptions } from './connection';
import type { Agreement } from './definition_in_use';
import { commitBlob, type DeployOptions, type DeployResult, deploy } from './deploy';
import { InputError } from './errors';
import type { Features } from './features';
import { save } from './jobs';
import { BackupPart } from './parts/backup';
import { DatasetPart } from './parts/dataset';
import { LinePart } from './parts/line';
import { LockPart } from './parts/lock';
import { LogPart } from './parts/log';
import { ModelPart } from './parts/model';
import { PatternsPart } from './parts/patterns';
import { ProcessPart } from './parts/process';
import { RegimesPart } from './parts/regimes';
import { StreamPart } from './parts/stream';
import { VoicesPart } from './parts/voices';
import { type Identity, readTraining, type TrainerMode, type TrainerStatus } from './status';
import { alarmNumber } from './stream';
import { task } from './task';
import { checkUnit } from './unit';
import { Watch, type WatchOptions } from './watch';
import { allWords, codeOfWord } from './words';

export interface TrainerEvents {
  decision: [Decision];
  verdict: [Verdict];
  deployed: [DeployResult];
  /** The names of the anomaly patterns have changed: what is to be kept. */
  patternNames: [readonly string[]];
  /** The same of the operating regimes. */
  regimeNames: [readonly string[]];
}

export interface Connection {
  readonly identity: Identity;
  readonly status: TrainerStatus;
  /** Whether the board runs the definition that this client was given. */
  readonly definition: Agreement;
}

export class Trainer extends EventEmitter<TrainerEvents> {
  readonly unit: number;
  readonly model: ModelPart;
  readonly dataset: DatasetPart;
  readonly backup: BackupPart;
  readonly stream: StreamPart;
  readonly patterns: PatternsPart;
  readonly regimes: RegimesPart;
  readonly process: ProcessPart;
  readonly voices: VoicesPart;
  readonly line: LinePart;
  readonly lock: LockPart;
  readonly log: LogPart;
  private readonly to: TrainerConnection;

  /** @throws DefinitionError, InputError */
  constructor(bus: RegisterBus, options: TrainerOptions) {
    super();
    const to = new TrainerConnection(bus, options, (of, names) => this.emit(of, names));
    this.to = to;
    this.unit = to.unit;
    this.regimes = new RegimesPart(to);
    this.model = new ModelPart(to, this.regimes);
    this.dataset = new DatasetPart(to);
    this.backup = new BackupPart(to, this.model, this.dataset);
    this.stream = new StreamPart(to);
    this.patterns = new PatternsPart(to);
    this.process = new ProcessPart(to);
    this.voices = new VoicesPart(to);
    this.line = new LinePart(to);
    this.lock = new LockPart(to);
    this.log = new LogPart(to);
  }

  // Who and how

  /** Read once, then remembered until `forget`. @throws ProtocolError when the unit is no trainer */
  identify(): Promise<Identity> {
    return this.to.identify();
  }

  status(): Promise<TrainerStatus> {
    return this.to.status();
  }

  /** Whether a training, learning or evaluation runs: one bit, for tight polling. */
  isTraining(): Promise<boolean> {
    return readTraining(this.to.access, { doing: task('state') });
  }

  /** Identity, status, and whether the board runs the given definition. */
  async connect(): Promise<Connection> {
    const identity = await this.identify();
    const status = await this.status();
    return { identity, status, definition: this.to.definition.agreement(status) };
  }

  /** Forgets what was learned about the board: another one may answer now. */
  forget(): void {
    this.to.forget();
  }

  /** Polls status and log until it is closed; see watch.ts. */
  watch(options: WatchOptions = {}): Watch {
    return new Watch(this, options);
  }

  // Definition

  /** The definition that names and scales come from; undefined before the board's own was read. */
  get definition(): CompleteDefinition | undefined {
    return this.to.definition.current;
  }

  /** Reads the definition that the board runs and uses it; its features are called "feature 1" and on, its classes "class 0" and on. */
  useBoardDefinition(): Promise<CompleteDefinition> {
    return this.to.definition.useBoards();
  }

  /** The blob the board runs; empty when it has none. */
  readDefinition(options: TransferOptions = {}): Promise<Uint8Array> {
    return this.to.definition.readBlob(options);
  }

  /**
   * Brings a definition onto the board, and uses it from then on. Model and data set stay when only policies differ.
   * @throws DefinitionError, MemoryError, TrainerError, AbortedError, bus errors; what ran before goes on untouched
   */
  async deploy(definition: TrainerDefinition, options: DeployOptions = {}): Promise<DeployResult> {
    const complete = parseDefinition(definition);
    const result = await deploy(this.to, complete, options);
    this.to.definition.deployed(complete, result.fingerprint);
    this.to.sender.forget();
    this.emit('deployed', result);
    return result;
  }

  /** Deploys a definition as `readDefinition` gave it. @throws TrainerError; the running definition stays when it is refused */
  async deployBlob(blob: Uint8Array, options: TransferOptions = {}): Promise<void> {
    const { definitionFingerprint } = await this.status();
    await commitBlob(this.to, blob, definitionFingerprint, options);
    this.to.definition.forget();
    this.to.sender.forget();
    await this.useBoardDefinition();
  }

  // The closed loop

  /** Values of decisions that were outside their range and were clamped, since this client was made. */
  get clampedValues(): number {
    return this.to.loop.clampedValues;
  }

  /**
   * One decision.
   * @param features of a definition that reads a window of the stream undefined: about the newest one; a window that is given goes through
   *   the stream, which begins anew behind it
   * @param options.ticket the caller's own number, 1..65535; the same number with the same features returns the same decision and
   *   runs nothing twice
   * @throws InputError that names the feature, DefinitionMismatchError (nothing was sent); TrainerError; bus errors
   */
  async infer(
    features?: Features,
    options: AccessOptions & { readonly ticket?: number } = {},
  ): Promise<Decision> {
    const { ticket, ...how } = options;
    const decision = await this.to.definition.run((definition) =>
      this.to.loop.infer(definition, features, ticket, how),
    );
    this.emit('decision', decision);
    return decision;
  }

  /**
   * What is known afterwards about a decision. The same again changes nothing.
   * @param ticket of the decision; for the present alarm of a stream model, "alarm"
   */
  async feedback(ticket: number | 'alarm', outcome: Outcome, options: AccessOptions = {}): Promise<Verdict> {
    const { access, definition: inUse, loop } = this.to;
    const verdict = await inUse.run(async (definition) => {
      const { kind, ...words } = outcomeWords(definition, outcome);
      const number = ticket === 'alarm' ? await alarmNumber(access, options) : ticket;
      return loop.judge(definition, number, kind, words, options);
    });
    if ('confirmed' in outcome && typeof outcome.confirmed === 'string')
      inUse.names.confirmed(outcome.confirmed.trim(), await this.stream.result());
    this.emit('verdict', verdict);
    return verdict;
  }

  // The board

  async setMode(mode: TrainerMode): Promise<void> {
    const code = codeOfWord(Mode, String(mode));
    if (code === undefined)
      throw new InputError('mode', text('input.noMode', { got: String(mode), names: allWords(Mode) }));
    await this.to.commands.run(Command.SET_MODE, code, { doing: task('mode') });
  }

  /** Saves now and waits until the state is in the non-volatile memory. */
  save(): Promise<TrainerStatus> {
    return save(this.to);
  }

  resetCounters(): Promise<void> {
    return this.to.commands.run(Command.RESET_COUNTERS, 0, { doing: task('counters') });
  }

  /** The board restarts from its store. */
  async restart(): Promise<void> {
    await this.to.commands.run(Command.RESTART, 0, { doing: task('restart') });
    this.forget();
  }

  /**
   * The board saves everything and leaves for the boot loader of its chip, which takes a new firmware. No trainer answers from then on.
   * @throws TrainerError for a chip that only a hand brings there
   */
  async startBootLoader(): Promise<void> {
    await this.to.commands.run(Command.BOOT_LOADER, 0, { doing: task('bootLoader') });
    this.forget();
  }

  /** Erases definition, model, data set, key and store. */
  async factoryReset(): Promise<void> {
    await this.to.commands.run(Command.FACTORY_RESET, 0, { doing: task('factory') });
    this.forget();
  }

  /** Gives the board another unit id. It answers the request under the old one; make a new Trainer for the new one. */
  async setUnitId(unit: number): Promise<void> {
    await this.to.commands.send(Command.SET_UNIT, checkUnit(unit), { doing: task('unit') });
  }
}
