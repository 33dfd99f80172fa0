/**
 * A trainer on a bus, typed: everything a program does with one. Every request can be repeated safely, so lost and late answers
 * are dealt with here and below, and what reaches the caller is a result or one error that says what happened.
 */
import { EventEmitter } from 'node:events';
import { BulkObject, Coils, Command, Mode, Registers, TrainerErrors } from '../contract/contract.generated';
import {
  type CompleteDefinition,
  decodeDefinition,
  encodeDefinition,
  fingerprintOf,
  isStream,
  type MemoryPlanner,
  parseDefinition,
  type TrainerDefinition,
} from '../definition';
import { type AccessOptions, type RegisterBus, UnitAccess } from './access';
import { download, type TransferOptions, upload } from './bulk';
import { ClosedLoop, type Decision, type Outcome, outcomeWords, type Verdict } from './closed_loop';
import { CommandPort } from './commands';
import { type DatasetSummary, datasetCsv, decodeDataset, type StoredSample } from './dataset';
import { commitBlob, type DeployHost, type DeployOptions, type DeployResult, deploy } from './deploy';
import { DefinitionMismatchError, InputError, ProtocolError, TrainerError } from './errors';
import { type Evaluation, readClassCounts, readEvaluation } from './evaluation';
import { classIndex, type Features, outcomeRegister } from './features';
import {
  evaluate,
  type JobOptions,
  type LearnOptions,
  runWhenFree,
  save,
  settled,
  type TrainingResult,
  train,
} from './jobs';
import { Lock, parseKey } from './lock';
import { decodeLog, type LogRecord } from './log';
import { type Backup, BackupError, composeBackup, openBackup, type SavedSamples } from './model';
import { checkPattern, type Pattern, PatternNames, patternName, readPatterns } from './patterns';
import { samplesFor, savedSamples } from './saved_samples';
import {
  type Identity,
  readIdentity,
  readStatus,
  readTraining,
  type TrainerMode,
  type TrainerStatus,
} from './status';
import {
  alarmNumber,
  readStreamResult,
  SampleSender,
  type StreamOptions,
  type StreamResult,
  type StreamSummary,
} from './stream';
import { readVoices, type VoicesStatus } from './voices';
import { Watch, type WatchOptions } from './watch';
import { allWords, codeOfWord } from './words';

export interface TrainerOptions extends AccessOptions {
  /** Modbus unit id, 1..247. */
  readonly unit: number;
  /** What the board is supposed to run. Without it, the board's own definition is used, without names. */
  readonly definition?: TrainerDefinition;
  /** Key of the board's commissioning lock: 16 bytes, or 32 hexadecimal digits. Used whenever the board asks for it. */
  readonly key?: string | Uint8Array;
  /** The firmware's own check and memory plan, to refuse a definition before anything is sent. */
  readonly planner?: MemoryPlanner;
  /** Names of anomaly patterns 1, 2, ... as they were kept; they go before those of the definition. */
  readonly patternNames?: readonly string[];
}

export interface TrainerEvents {
  decision: [Decision];
  verdict: [Verdict];
  deployed: [DeployResult];
  /** The names of the anomaly patterns have changed: what is to be kept. */
  patternNames: [readonly string[]];
}

export interface Connection {
  readonly identity: Identity;
  readonly status: TrainerStatus;
  /** Whether the board runs the definition that this client was given. */
  readonly definition: 'same' | 'different' | 'none' | 'not-given';
}

export class Trainer extends EventEmitter<TrainerEvents> {
  readonly unit: number;
  private readonly host: DeployHost;
  private readonly access: UnitAccess;
  private readonly secure: Lock;
  private readonly commands: CommandPort;
  private readonly loop: ClosedLoop;
  private readonly sender: SampleSender;
  private given: boolean;
  private current: CompleteDefinition | undefined;
  /** Fingerprint that the board was last seen to run; undefined = look again before relying on names and scales. */
  private seen: number | undefined;
  private verifying: Promise<CompleteDefinition> | undefined;
  private identity: Identity | undefined;
  private readonly names: PatternNames;

  /** @throws DefinitionError, InputError */
  constructor(bus: RegisterBus, options: TrainerOptions) {
    super();
    const { unit, definition, key, planner, patternNames, ...access } = options;
    if (!Number.isInteger(unit) || unit < 1 || unit > 247)
      throw new InputError('unit', `must be a whole number from 1 to 247, got ${unit}`);
    this.unit = unit;
    this.given = definition !== undefined;
    this.current = definition === undefined ? undefined : parseDefinition(definition);
    this.access = new UnitAccess(bus, unit, access);
    this.secure = new Lock(this.access, key);
    this.commands = new CommandPort(this.access, this.secure);
    this.loop = new ClosedLoop(this.access, this.secure);
    this.sender = new SampleSender(this.access);
    this.names = new PatternNames(patternNames ?? this.current?.patternNames ?? [], () =>
      this.namesChanged(),
    );
    this.keepNames();
    this.host = {
      unit,
      access: this.access,
      lock: this.secure,
      commands: this.commands,
      planner,
      identify: () => this.identify(),
      status: () => this.status(),
    };
  }

  /** The definition that names and scales come from; undefined before the board's own was read. */
  get definition(): CompleteDefinition | undefined {
    return this.current;
  }

  // Who and how

  /** Read once, then remembered until `forget`. @throws ProtocolError when the unit is no trainer */
  async identify(): Promise<Identity> {
    this.identity ??= await readIdentity(this.access, { doing: 'identification' });
    return this.identity;
  }

  async status(): Promise<TrainerStatus> {
    const status = await readStatus(this.access, { doing: 'reading the status' });
    // Somebody else deployed: names and scales have to be looked at again.
    if (this.seen !== undefined && status.definitionFingerprint !== this.seen) this.seen = undefined;
    return status;
  }

  /** Whether a training, learning or evaluation runs: one bit, for tight polling. */
  isTraining(): Promise<boolean> {
    return readTraining(this.access, { doing: 'reading the state' });
  }

  /** Identity, status, and whether the board runs the given definition. */
  async connect(): Promise<Connection> {
    const identity = await this.identify();
    const status = await this.status();
    const found = status.definitionFingerprint;
    if (found === 0) return { identity, status, definition: 'none' };
    if (!this.given || this.current === undefined) return { identity, status, definition: 'not-given' };
    const same = found === fingerprintOf(encodeDefinition(this.current));
    if (same) this.seen = found;
    return { identity, status, definition: same ? 'same' : 'different' };
  }

  /** Forgets what was learned about the board: another one may answer now. */
  forget(): void {
    this.identity = undefined;
    this.seen = undefined;
    this.access.forgetPath();
    this.secure.forget();
    this.sender.forget();
  }

  /** Reads the definition that the board runs and uses it; its features are called "feature 1" and on, its classes "class 0" and on. */
  async useBoardDefinition(): Promise<CompleteDefinition> {
    const blob = await this.readDefinition();
    if (blob.length === 0)
      throw new TrainerError(this.unit, 'reading the definition', TrainerErrors.NO_DEFINITION.code, 0);
    this.current = decodeDefinition(blob);
    this.keepNames();
    this.seen = fingerprintOf(blob);
    return this.current;
  }

  /** The definition to work with, after making sure that the board runs it; everybody who asks meanwhile waits for the one look. */
  private verified(): Promise<CompleteDefinition> {
    const { current } = this;
    if (current !== undefined && this.seen !== undefined) return Promise.resolve(current);
    this.verifying ??= this.verify().finally(() => {
      this.verifying = undefined;
    });
    return this.verifying;
  }

  private async verify(): Promise<CompleteDefinition> {
    const { current } = this;
    if (current === undefined || !this.given) return this.useBoardDefinition();
    const expected = fingerprintOf(encodeDefinition(current));
    const { definitionFingerprint: found } = await readStatus(this.access, { doing: 'reading the status' });
    if (found !== expected) throw new DefinitionMismatchError(this.unit, expected, found);
    this.seen = found;
    return current;
  }

  /** Runs `action` with the verified definition; a refusal that hints at another definition makes the next call look again. */
  private async withDefinition<T>(action: (definition: CompleteDefinition) => Promise<T>): Promise<T> {
    const definition = await this.verified();
    try {
      return await action(definition);
    } catch (error) {
      const suspicious =
        error instanceof ProtocolError ||
        (error instanceof TrainerError && ['NO_DEFINITION', 'ADDRESS'].includes(error.code));
      // After silence another board may answer; other refusals say nothing about the definition.
      if (suspicious || (!(error instanceof TrainerError) && !(error instanceof InputError)))
        this.seen = undefined;
      if (suspicious) await this.verified();
      throw error;
    }
  }

  // Definition

  /**
   * Brings a definition onto the board, and uses it from then on. Model and data set stay when only policies differ.
   * @throws DefinitionError, MemoryError, TrainerError, AbortedError, bus errors; what ran before goes on untouched
   */
  async deploy(definition: TrainerDefinition, options: DeployOptions = {}): Promise<DeployResult> {
    const complete = parseDefinition(definition);
    const result = await deploy(this.host, complete, options);
    this.current = complete;
    this.names.suggest(complete.patternNames ?? []);
    this.keepNames();
    this.given = true;
    this.seen = result.fingerprint;
    this.sender.forget();
    this.emit('deployed', result);
    return result;
  }

  /** The blob the board runs; empty when it has none. */
  readDefinition(options: TransferOptions = {}): Promise<Uint8Array> {
    return download(this.access, BulkObject.DEFINITION, options);
  }

  // The closed loop

  /** Values of decisions that were outside their range and were clamped, since this client was made. */
  get clampedValues(): number {
    return this.loop.clampedValues;
  }

  /**
   * One decision.
   * @param options.ticket the caller's own number, 1..65535; the same number with the same features returns the same decision and
   *   runs nothing twice
   * @throws InputError that names the feature, DefinitionMismatchError (nothing was sent); TrainerError; bus errors
   */
  async infer(
    features: Features,
    options: AccessOptions & { readonly ticket?: number } = {},
  ): Promise<Decision> {
    const { ticket, ...how } = options;
    const decision = await this.withDefinition((definition) =>
      this.loop.infer(definition, features, ticket, how),
    );
    this.emit('decision', decision);
    return decision;
  }

  /**
   * What is known afterwards about a decision. The same again changes nothing.
   * @param ticket of the decision; for the present alarm of a stream model, "alarm"
   */
  async feedback(ticket: number | 'alarm', outcome: Outcome, options: AccessOptions = {}): Promise<Verdict> {
    const verdict = await this.withDefinition(async (definition) => {
      const { kind, value } = outcomeWords(definition, outcome);
      const number = ticket === 'alarm' ? await alarmNumber(this.access, options) : ticket;
      return this.loop.judge(definition, number, kind, value, options);
    });
    if ('confirmed' in outcome && typeof outcome.confirmed === 'string')
      this.names.confirmed(outcome.confirmed.trim(), await this.streamResult());
    this.emit('verdict', verdict);
    return verdict;
  }

  /**
   * Teaches one sample: always stitched, and not counted as a judgement of the model. While a job holds the data set still, waits
   * for its end.
   * @throws TrainerError BUSY when the job takes longer than a minute; the sample is not stored then
   */
  async addSample(features: Features, label: string, options: AccessOptions = {}): Promise<Decision> {
    return this.withDefinition(async (definition) => {
      const truth = classIndex(definition, 'label', label);
      return this.loop.teach(definition, features, truth, options);
    });
  }

  /** Set point or limit of the feedback rule, engineering units. A change discards the outcomes that are waiting. */
  async setPoint(value: number): Promise<void> {
    await this.withDefinition(async (definition) => {
      const held = outcomeRegister(definition, value);
      await this.access.write(Registers.setPoint.address, [held], {
        doing: 'writing the set point',
        priority: 'control',
      });
    });
  }

  /** Set point or limit in force, engineering units; undefined for the rule "label". */
  async readSetPoint(): Promise<number | undefined> {
    return this.withDefinition(async ({ feedback }) => {
      if (feedback.rule === 'label') return undefined;
      const how = { doing: 'reading the set point' };
      const window = await this.access.read(Registers.setPoint.address, 1, how);
      return window.number('setPoint') / feedback.scale;
    });
  }

  /** While somebody else drives the actuator, outcomes are discarded and counted. */
  async setManualOverride(on: boolean): Promise<void> {
    await this.access.writeCoil(Coils.manualOverride, on, { doing: 'manual override', priority: 'control' });
  }

  /** While the sensors cannot be trusted, outcomes are discarded and counted. */
  async setSensorFault(on: boolean): Promise<void> {
    await this.access.writeCoil(Coils.sensorFault, on, { doing: 'sensor fault', priority: 'control' });
  }

  // Stream models

  /** Sends samples to a stream model; keeps count across calls, so that lost ones are noticed. */
  stream(
    samples: Iterable<readonly number[]> | AsyncIterable<readonly number[]>,
    options: StreamOptions = {},
  ): Promise<StreamSummary> {
    return this.withDefinition((definition) => {
      if (!isStream(definition))
        throw new InputError(
          'samples',
          'do not fit the deployed model, which decides from features; use infer',
        );
      return this.sendSamples(definition, samples, options);
    });
  }

  private async sendSamples(
    definition: CompleteDefinition,
    samples: Iterable<readonly number[]> | AsyncIterable<readonly number[]>,
    options: StreamOptions,
  ): Promise<StreamSummary> {
    const { onWindow, ...how } = options;
    const summary = await this.sender.send(definition, samples, {
      ...how,
      // Every frame's result is looked at: a place of the pattern table may have been taken by another pattern.
      onWindow: (result) => {
        const named = this.names.follow(result);
        onWindow?.(named);
      },
    });
    return { ...summary, last: this.names.follow(summary.last) };
  }

  async streamResult(): Promise<StreamResult> {
    return this.names.follow(
      await this.withDefinition((definition) => readStreamResult(this.access, definition.features.length)),
    );
  }

  // Training and models

  /**
   * Trains a candidate beside the running model and waits for the verdict on it; aborting the signal cancels it on the board.
   * @throws TrainerError: TOO_FEW_SAMPLES, SINGLE_CLASS, BUSY, FROZEN, ...; the running model is untouched
   */
  train(options: JobOptions = {}): Promise<TrainingResult> {
    return train(this.host, Command.TRAIN, options);
  }

  /**
   * Stream models: learns the healthy signal from the samples that come in meanwhile. `regime` 1 and on: learns that operating regime
   * and keeps the others; without it everything is learned anew.
   */
  learn({ regime = 0, ...options }: LearnOptions = {}): Promise<TrainingResult> {
    return train(this.host, Command.LEARN, options, regime);
  }

  cancel(): Promise<void> {
    return this.commands.run(Command.CANCEL, 0, { doing: 'cancelling' });
  }

  /** Waits until no training, learning or evaluation runs. */
  settled(options: JobOptions = {}): Promise<TrainerStatus> {
    return settled(this.host, options);
  }

  /** Evaluates the running model on the held-out samples (on all when none is held out). */
  async evaluate(options: JobOptions = {}): Promise<Evaluation> {
    await evaluate(this.host, options);
    return this.lastEvaluation();
  }

  /** The last evaluation, without a new one. */
  lastEvaluation(): Promise<Evaluation> {
    return this.withDefinition((definition) =>
      readEvaluation(
        this.access,
        definition.classes.map((one) => one.label),
        { doing: 'reading the evaluation' },
      ),
    );
  }

  rollBack(): Promise<void> {
    return runWhenFree(this.host, Command.ROLL_BACK, 0, 'rolling back');
  }

  /** Who has been right how often, and whether the feedback can be trusted. */
  async voices(): Promise<VoicesStatus> {
    return readVoices(this.access, { doing: 'reading the voices' });
  }

  /** The feedback is right, whatever the board suspects: it learns from it from now on. */
  async trustFeedback(): Promise<void> {
    await this.commands.run(Command.TRUST_FEEDBACK, 0, { doing: 'vouching for the feedback' });
  }

  async setMode(mode: TrainerMode): Promise<void> {
    const code = codeOfWord(Mode, String(mode));
    if (code === undefined)
      throw new InputError('mode', `"${String(mode)}" is no mode; use one of ${allWords(Mode).join(', ')}`);
    await this.commands.run(Command.SET_MODE, code, { doing: 'setting the mode' });
  }

  /** Saves now and waits until the state is in the non-volatile memory. */
  save(): Promise<TrainerStatus> {
    return save(this.host);
  }

  /** Back to an untrained model; the data set stays. */
  resetModel(): Promise<void> {
    return runWhenFree(this.host, Command.RESET_MODEL, 0, 'resetting the model');
  }

  resetCounters(): Promise<void> {
    return this.commands.run(Command.RESET_COUNTERS, 0, { doing: 'resetting the counters' });
  }

  /** Header and block of a model; see model.ts. Empty when there is none. */
  readModel(which: 'running' | 'previous' = 'running', options: TransferOptions = {}): Promise<Uint8Array> {
    return download(
      this.access,
      which === 'running' ? BulkObject.MODEL_RUNNING : BulkObject.MODEL_PREVIOUS,
      options,
    );
  }

  /**
   * The running (or previous) model with its definition, to be written to a file as JSON.
   * @param options.samples the stitched samples too; then a board that has trained nothing yet can be backed up
   */
  async backup(
    which: 'running' | 'previous' = 'running',
    options: TransferOptions & { readonly samples?: boolean } = {},
  ): Promise<Backup> {
    const { samples: samplesToo, ...transfer } = options;
    const identity = await this.identify();
    const blob = await this.readDefinition(transfer);
    const model = blob.length === 0 ? blob : await this.readModel(which, transfer);
    const samples =
      samplesToo === true && blob.length > 0 ? await this.saveSamples(blob, transfer) : undefined;
    if (model.length === 0 && samples === undefined)
      throw new TrainerError(this.unit, 'backing up', TrainerErrors.NO_PREVIOUS.code, 0, {
        text:
          which === 'running'
            ? 'no model is trained yet; there is nothing to back up'
            : 'there is no previous generation',
      });
    const named =
      this.current !== undefined && fingerprintOf(encodeDefinition(this.current)) === fingerprintOf(blob);
    const patterns = await download(this.access, BulkObject.PATTERNS, transfer);
    return composeBackup({
      identity,
      definition: named ? this.current : undefined,
      blob,
      model,
      patterns,
      ...(samples === undefined ? {} : { samples }),
    });
  }

  /** The stitched samples of a board that runs the definition `blob`, whether this client knows its names or not. */
  async readDatasetOf(blob: Uint8Array, options: TransferOptions = {}): Promise<StoredSample[]> {
    const bytes = await download(this.access, BulkObject.DATASET, options);
    return decodeDataset(this.unit, decodeDefinition(blob), bytes);
  }

  /** The samples by identity. The names need not be known: those of the client's definition are taken where it is the board's. */
  private async saveSamples(blob: Uint8Array, options: TransferOptions): Promise<SavedSamples | undefined> {
    const own = this.current;
    const definition =
      own !== undefined && fingerprintOf(encodeDefinition(own)) === fingerprintOf(blob)
        ? own
        : decodeDefinition(blob);
    const stored = decodeDataset(
      this.unit,
      definition,
      await download(this.access, BulkObject.DATASET, options),
    );
    return stored.length === 0 ? undefined : savedSamples(definition, stored);
  }

  /**
   * Teaches the samples of a backup, oldest first. They are matched by identity.
   * @returns how many were taught, and how many the definition has no place for: another class, or a value out of range
   * @throws BackupError when a feature of the definition is not in the backup
   */
  async restoreSamples(
    document: unknown,
    options: AccessOptions & { readonly onProgress?: (done: number, total: number) => void } = {},
  ): Promise<{ readonly taught: number; readonly left: number }> {
    const { onProgress, ...how } = options;
    const { samples } = openBackup(document);
    if (samples === undefined) throw new BackupError('samples', 'is missing');
    return this.withDefinition(async (definition) => {
      const rows = samplesFor(definition, samples);
      for (const [index, { features, label }] of rows.entries()) {
        await this.addSample(features, label, how);
        onProgress?.(index + 1, rows.length);
      }
      return { taught: rows.length, left: samples.rows.length - rows.length };
    });
  }

  /** Deploys a definition as `readDefinition` gave it. @throws TrainerError; the running definition stays when it is refused */
  async deployBlob(blob: Uint8Array, options: TransferOptions = {}): Promise<void> {
    await commitBlob(this.host, blob, options);
    this.seen = undefined;
    this.sender.forget();
    await this.useBoardDefinition();
  }

  /**
   * Brings the model of a backup back as a new generation; the running one becomes the previous one. A stream model's anomaly
   * patterns come back too, in the place of those on the board.
   * @param options.deploy deploys the backup's definition too when the board runs another one
   * @throws BackupError, TrainerError (MODEL_SHAPE: made for another definition); the running model is untouched then
   */
  async restore(
    document: unknown,
    options: TransferOptions & { readonly deploy?: boolean } = {},
  ): Promise<TrainerStatus> {
    const { deploy: deployToo, ...transfer } = options;
    const { blob, definition, model, patterns } = openBackup(document);
    const { definitionFingerprint } = await this.status();
    if (deployToo === true && definitionFingerprint !== fingerprintOf(blob)) {
      await commitBlob(this.host, blob, transfer);
      this.current = definition;
      this.keepNames();
      this.seen = fingerprintOf(blob);
      this.sender.forget();
    }
    if (model.length > 0) {
      await upload(this.access, this.secure, BulkObject.MODEL_STAGED, model, transfer);
      await runWhenFree(this.host, Command.COMMIT_MODEL, 0, 'restoring the model');
    }
    if (patterns.length > 0) {
      await upload(this.access, this.secure, BulkObject.PATTERNS_STAGED, patterns, transfer);
      await runWhenFree(this.host, Command.COMMIT_PATTERNS, 0, 'restoring the anomaly patterns');
      this.names.replace(definition.patternNames ?? []);
    }
    return this.status();
  }

  // Data set

  async dataset(): Promise<DatasetSummary> {
    return this.withDefinition(async (definition) => {
      const status = await this.status();
      const counts = isStream(definition)
        ? []
        : await readClassCounts(this.access, definition.classes.length, { doing: 'reading the data set' });
      return {
        stored: status.samplesStored,
        capacity: status.samplesCapacity,
        new: status.samplesNew,
        heldOut: status.samplesHeldOut,
        bytes: status.datasetBytes,
        perClass: definition.classes.map(({ label }, index) => ({ label, count: counts[index] ?? 0 })),
      };
    });
  }

  /** The stitched samples themselves. */
  async readDataset(options: TransferOptions = {}): Promise<StoredSample[]> {
    return this.withDefinition(async (definition) =>
      decodeDataset(this.unit, definition, await download(this.access, BulkObject.DATASET, options)),
    );
  }

  /** The stitched samples as CSV. */
  async datasetCsv(options: TransferOptions = {}): Promise<string> {
    const samples = await this.readDataset(options);
    return this.withDefinition((definition) => Promise.resolve(datasetCsv(definition, samples)));
  }

  clearDataset(): Promise<void> {
    return runWhenFree(this.host, Command.CLEAR_DATASET, 0, 'clearing the data set');
  }

  // Management

  async readLog(options: TransferOptions = {}): Promise<LogRecord[]> {
    return decodeLog(
      this.unit,
      await download(this.access, BulkObject.LOG, { priority: 'monitoring', ...options }),
    );
  }

  /** Polls status and log until it is closed; see watch.ts. */
  watch(options: WatchOptions = {}): Watch {
    return new Watch(this, options);
  }

  /** The board restarts from its store. */
  async restart(): Promise<void> {
    await this.commands.run(Command.RESTART, 0, { doing: 'restarting' });
    this.forget();
  }

  /** Erases definition, model, data set, key and store. */
  async factoryReset(): Promise<void> {
    await this.commands.run(Command.FACTORY_RESET, 0, { doing: 'resetting to factory state' });
    this.forget();
  }

  /** Gives the board another unit id. It answers the request under the old one; make a new Trainer for the new one. */
  async setUnitId(unit: number): Promise<void> {
    if (!Number.isInteger(unit) || unit < 1 || unit > 247)
      throw new InputError('unit', `must be a whole number from 1 to 247, got ${unit}`);
    await this.commands.tell(Command.SET_UNIT, unit, { doing: 'changing the unit id' });
  }

  /**
   * Shows the board that the key is known, and uses it from now on: each command carries a proof, uploads are opened with a response. The
   * key itself never travels.
   * @param key 16 bytes, or 32 hexadecimal digits
   * @throws TrainerError KEY_WRONG, KEY_WAIT (the detail holds the seconds to wait)
   */
  async unlock(key: string | Uint8Array): Promise<void> {
    this.secure.use(key);
    await this.secure.open({ doing: 'unlocking' });
  }

  /** Closes an open upload, and forgets the key: management is refused until `unlock`. */
  async lock(): Promise<void> {
    this.secure.use(undefined);
    await this.commands.run(Command.LOCK, 0, { doing: 'locking' });
  }

  /**
   * Sets the key; changes it when the old one is known (`key` of the options, or `unlock`), sealed with the old one; undefined removes it.
   * Whoever reads the wire while the first key is set learns it: commission on a wire you trust.
   * @throws TrainerError KEY_RESPONSE when the board has a key and this client does not know it
   */
  async setKey(key: string | Uint8Array | undefined): Promise<void> {
    const bytes = key === undefined ? undefined : parseKey(key);
    if (bytes?.every((byte) => byte === 0) === true)
      throw new InputError('key', 'must not be all zero, which removes the key');
    await this.secure.change(bytes, { doing: 'setting the key' });
  }

  // Anomaly patterns of a stream model

  /** Those that the board knows, with their names. */
  patterns(options: AccessOptions = {}): Promise<Pattern[]> {
    return readPatterns(this.access, this.names, options);
  }

  /**
   * Names a pattern; an empty name takes it away. The name stays on the host: listen to `patternNames` to keep it.
   * @param pattern 1 to 16
   * @throws InputError when the board knows no such pattern
   */
  async namePattern(pattern: number, name: string): Promise<void> {
    checkPattern('pattern', pattern);
    const trimmed = patternName('name', name);
    const known = await this.patterns();
    if (!known.some((one) => one.pattern === pattern))
      throw new InputError(
        'pattern',
        `${pattern} is not known to the trainer; it knows ${known.map((one) => one.pattern).join(', ') || 'none'}`,
      );
    this.names.give(pattern, trimmed);
  }

  /** Two patterns that are the same fault become one; the name of `into` stays, else it gets that of `from`. Numbers 1 to 16. */
  async mergePatterns(into: number, from: number): Promise<void> {
    checkPattern('into', into);
    checkPattern('from', from);
    await this.commands.run(Command.PATTERN_MERGE, (into << 8) | from, { doing: 'merging patterns' });
    this.names.merged(into, from);
  }

  async forgetPattern(pattern: number): Promise<void> {
    checkPattern('pattern', pattern);
    await this.commands.run(Command.PATTERN_FORGET, pattern, { doing: 'forgetting a pattern' });
    this.names.give(pattern, '');
  }

  private namesChanged(): void {
    this.keepNames();
    this.emit('patternNames', this.names.list());
  }

  /** The definition says the names, so that they are in it wherever it goes. */
  private keepNames(): void {
    if (this.current === undefined) return;
    const { patternNames: _before, ...definition } = this.current;
    const patternNames = this.names.list();
    this.current = patternNames.length === 0 ? definition : { ...definition, patternNames };
  }
}
