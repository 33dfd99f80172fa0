/**
 * Gathers what a display shows of one trainer. The session looks at the status anyway; everything else is read only for a card that is
 * open, and only when the status says that it may have changed.
 */
import {
  type CompleteDefinition,
  encodeDefinition,
  isStream,
  type NetworkPlan,
  windowOf,
} from '../definition';
import {
  type AlarmAnswer,
  type CurvePoint,
  type DatasetSummary,
  type Evaluation,
  type Identity,
  type LogRecord,
  type Pattern,
  type StreamResult,
  TrainerError,
  type TrainerStatus,
  type VoicesStatus,
} from '../device';
import type { Session } from '../session';
import { WordedError } from '../text';
import { firmwarePlanner } from '../virtual';
import { type Card, type ShownRecord, waitsFor } from './card';
import type { History } from './history';
import { shownCurve, shownDefinition, shownNetwork, shownWindow } from './shown';

/** What does not come from the trainer. */
export interface About {
  readonly name: string;
  /** What people call the wire; empty = it has no name. */
  readonly wire: string;
  readonly hasKey: boolean;
  readonly deployable: boolean;
  readonly regimes: readonly string[];
}

/** Log records that are shown. */
const RECORDS = 40;
/** Below this the time left would be a guess. */
const PROGRESS_LEAST = 0.05;

/** A value with what it was read for: the same again is not read again. */
class Read<T> {
  value: T | undefined;
  private for: string | undefined;

  async refresh(key: string, read: () => Promise<T>): Promise<void> {
    if (this.for === key) return;
    this.value = await read();
    this.for = key;
  }

  forget(): void {
    this.for = undefined;
    this.value = undefined;
  }
}

/** Numbers of a board with an unfinished NaN become null in JSON, which a patch takes for "gone". */
const rounded = (value: number): number => Math.round(1000 * value) / 1000;

export class Gatherer {
  private readonly session: Session;
  private readonly history: History;
  private readonly identity = new Read<Identity>();
  private readonly board = new Read<CompleteDefinition | undefined>();
  private readonly voices = new Read<VoicesStatus>();
  private readonly dataset = new Read<DatasetSummary>();
  private readonly evaluation = new Read<Evaluation>();
  private readonly log = new Read<LogRecord[]>();
  private readonly patterns = new Read<Pattern[]>();
  private readonly curve = new Read<CurvePoint[]>();
  private readonly network = new Read<NetworkPlan | undefined>();
  private stream: StreamResult | undefined;
  private alarm: { readonly answer?: AlarmAnswer; readonly answeredAt?: number } | undefined;
  private began: { readonly doing: string; readonly at: number; readonly progress: number } | undefined;
  private evaluations = 0;
  private savedAt: number | undefined;
  private modeBefore: 'auto' | 'manual' | undefined;
  private startedAt: number | undefined;
  private readonly stops: (() => void)[] = [];

  constructor(session: Session, history: History) {
    this.session = session;
    this.history = history;
    const { trainer } = session;
    const decided = history.decided.bind(history);
    const judge = history.judge.bind(history);
    trainer.on('decision', decided);
    trainer.on('verdict', judge);
    this.stops.push(
      session.onStatus((status) => {
        history.look(status);
        if (status.mode !== 'frozen') this.modeBefore = status.mode;
      }),
      session.onState((state) => {
        if (state.kind === 'busy' && state.doing === 'evaluating') this.evaluations++;
        if (state.kind !== 'busy') this.began = undefined;
        else if (this.began?.doing !== state.doing)
          this.began = { doing: state.doing, at: performance.now(), progress: state.progress };
        if (state.kind === 'lost') this.identity.forget();
      }),
      () => trainer.off('decision', decided).off('verdict', judge),
    );
  }

  close(): void {
    for (const stop of this.stops) stop();
  }

  /** The last evaluation is another one now. */
  evaluated(): void {
    this.evaluations++;
  }

  /** Reads what is needed for an open card. What cannot be read now stays as it was. */
  async read(): Promise<void> {
    const { state } = this.session;
    if (state.kind === 'lost' || state.kind === 'connecting' || state.kind === 'not-configured') return;
    // A job goes faster than the session looks.
    if (state.kind === 'busy') await this.session.refresh();
    const { status } = this.session;
    if (status === undefined) return;
    try {
      await this.readFor(status);
    } catch (error) {
      // Silence and refusals are the session's business; its state says so.
      if (error instanceof TypeError || error instanceof RangeError) throw error;
    }
  }

  private async readFor(status: TrainerStatus): Promise<void> {
    const { trainer } = this.session;
    await this.identity.refresh('', () => trainer.identify());
    await this.log.refresh(String(status.logNext), () => trainer.log.read());
    if (status.definitionFingerprint === 0 || this.session.definitionMatch === 'different') return;
    if (trainer.definition === undefined)
      await this.board.refresh(String(status.definitionFingerprint), () => trainer.useBoardDefinition());
    const { definition } = trainer;
    if (definition === undefined) return;
    if (isStream(definition)) {
      const before = this.stream;
      this.stream = await trainer.stream.result();
      await this.readAnswer(this.stream.alarm);
      if (this.stream.windows !== before?.windows && this.stream.calibrated)
        this.history.score(rounded(this.stream.score), rounded(this.stream.threshold));
      const { pattern, patternSeen, patternName } = this.stream;
      await this.patterns.refresh(
        JSON.stringify([status.logNext, pattern, patternSeen, patternName, definition.patternNames]),
        () => trainer.patterns.list(),
      );
      return;
    }
    this.stream = windowOf(definition) === undefined ? undefined : await trainer.stream.result();
    const { judged, stitched, samplesStored, trainings, promoted, generation } = status;
    await this.voices.refresh(`${status.definitionFingerprint} ${judged} ${status.logNext}`, async () => {
      const voices = await trainer.voices.read();
      this.history.heard(voices);
      return voices;
    });
    const shape = status.definitionFingerprint;
    if (definition.model.type === 'dnn')
      await this.network.refresh(String(shape), async () =>
        (await firmwarePlanner()).network(encodeDefinition(definition)),
      );
    await this.dataset.refresh(`${shape} ${stitched} ${samplesStored}`, () => trainer.dataset.summary());
    await this.evaluation.refresh(
      `${shape} ${trainings} ${promoted} ${generation} ${this.evaluations}`,
      async () => {
        try {
          return await trainer.model.lastEvaluation();
        } catch (error) {
          if (error instanceof TrainerError) return undefined as unknown as Evaluation;
          throw error;
        }
      },
    );
    // Last: a firmware from before has none. Progress tells the epochs of a training apart, the count one training from the next.
    if (definition.model.type === 'dnn')
      await this.curve.refresh(`${shape} ${trainings} ${status.state} ${status.progress}`, () =>
        trainer.model.learningCurve(),
      );
  }

  private async readAnswer(alarm: boolean): Promise<void> {
    const before = alarm ? this.alarm : undefined;
    const answer = alarm ? await this.session.trainer.stream.alarmAnswer() : undefined;
    if (answer === undefined) this.alarm = alarm ? {} : undefined;
    else if (before === undefined) this.alarm = { answer };
    else if (answer !== before.answer) this.alarm = { answer, answeredAt: Math.round(Date.now() / 1000) };
  }

  /** The card, from what is known: nothing is read. `whole` adds what an open card shows. */
  card(about: About, whole: boolean): Card {
    const { session } = this;
    const { state, status, refusal } = session;
    const { bus } = session.health();
    const lacks = state.kind === 'no-definition' || state.kind === 'other-definition';
    const down = state.kind === 'lost' || state.kind === 'connecting';
    const head: Card = {
      name: about.name,
      unit: session.unit,
      wire: about.wire || bus.wire,
      link: {
        kind: state.kind,
        ...(state.kind === 'lost'
          ? { fault: state.fault, ...(bus.state === 'open' || bus.why === '' ? {} : { why: bus.why }) }
          : {}),
        ...(lacks && refusal !== undefined
          ? { why: refusal instanceof WordedError ? refusal.text : refusal.message }
          : {}),
      },
      hasKey: about.hasKey,
      deployable: about.deployable,
      ...(status === undefined ? {} : this.standing(status, down)),
    };
    return whole ? { ...head, ...this.details(about, down) } : head;
  }

  private standing(status: TrainerStatus, down: boolean): Partial<Card> {
    const { session } = this;
    const { definition } = session.trainer;
    const { state } = session;
    const { mode, frozenBy, generation, previousGeneration, windowFilled, windowAccuracy } = status;
    const { samplesStored, samplesCapacity, samplesNew, samplesHeldOut, memoryUsedBytes, saveState, drift } =
      status;
    const savedAt = Math.round(Date.now() / 1000 - status.saveAgeSeconds);
    if (status.saves === 0) this.savedAt = undefined;
    else if (this.savedAt === undefined || Math.abs(savedAt - this.savedAt) > 3) this.savedAt = savedAt;
    const runs = session.definitionMatch === 'same' || session.definitionMatch === 'not-given';
    const onlyClass = state.kind === 'ready' ? state.onlyClass : undefined;
    const waits =
      down || !runs || definition === undefined || isStream(definition) || state.kind === 'busy'
        ? undefined
        : waitsFor(status, definition, onlyClass);
    return {
      lock: status.lock,
      match: session.definitionMatch,
      status: {
        mode,
        modeBefore: this.modeBefore ?? (definition?.training.mode === 'manual' ? 'manual' : 'auto'),
        frozenBy,
        generation,
        previousGeneration,
        windowAccuracy: windowAccuracy ?? null,
        windowFilled,
        samplesStored,
        samplesCapacity,
        samplesNew,
        samplesHeldOut,
        memoryUsedBytes,
        saveState,
        drift,
      },
      ...(this.savedAt === undefined ? {} : { savedAt: this.savedAt }),
      ...(waits === undefined ? {} : { waits }),
      ...(state.kind === 'busy' ? { job: this.job(state.doing, state.progress) } : {}),
    };
  }

  private job(doing: string, progress: number): NonNullable<Card['job']> {
    const { began } = this;
    const done = began === undefined ? 0 : progress - began.progress;
    if (began === undefined || done < PROGRESS_LEAST) return { doing, progress };
    const elapsed = (performance.now() - began.at) / 1000;
    return { doing, progress, left: Math.max(1, Math.round((elapsed * (1 - progress)) / done)) };
  }

  private details(about: About, down: boolean): Partial<Card> {
    const { session, history } = this;
    const { definition } = session.trainer;
    const { bus } = session.health();
    const unit = bus.units.find((candidate) => candidate.unit === session.unit);
    const identity = this.identity.value;
    const runs = session.definitionMatch === 'same' || session.definitionMatch === 'not-given';
    return {
      ...(identity === undefined
        ? {}
        : {
            board: {
              board: identity.board,
              firmwareVersion: identity.firmwareVersion,
              serialNumber: identity.serialNumber,
              arenaBytes: identity.arenaBytes,
            },
          }),
      ...(definition === undefined ? {} : { definition: shownDefinition(definition) }),
      bus: {
        state: bus.state,
        waiting: bus.waiting,
        meanReplyMs: Math.round(unit?.meanReplyMs ?? 0),
        // Counted by tens: a figure that changes with every look would be news every time.
        requests: Math.floor((unit?.requests ?? 0) / 10) * 10,
        timeouts: unit?.timeouts ?? 0,
        crcErrors: unit?.crcErrors ?? 0,
        reconnects: bus.counters.reconnects,
      },
      log: this.records(),
      ...(definition === undefined || !runs
        ? {}
        : isStream(definition)
          ? this.streamDetails(about, down)
          : this.decideDetails(definition, history, down)),
    };
  }

  private decideDetails(definition: CompleteDefinition, history: History, down: boolean): Partial<Card> {
    const voices = this.voices.value;
    const evaluation = this.evaluation.value;
    const network = shownNetwork(definition, this.network.value);
    const window = down ? undefined : shownWindow(definition, this.stream);
    return {
      ...(window === undefined ? {} : { window }),
      ...(network === undefined ? {} : { network, curve: shownCurve(this.curve.value) }),
      points: history.points.object(),
      decisions: Object.fromEntries(history.decisions),
      ...(voices === undefined
        ? {}
        : {
            voices: voices.voices.map(({ name, accuracy, truths }) => ({ name, accuracy, truths })),
            ...(voices.suspicion === 'none' ? {} : { suspicion: voices.suspicion }),
          }),
      ...(this.dataset.value === undefined
        ? {}
        : { perClass: this.dataset.value.perClass.map(({ count }) => count) }),
      ...(evaluation === undefined || evaluation.samples === 0
        ? {}
        : {
            evaluation: {
              confusion: evaluation.confusion,
              samples: evaluation.samples,
              accuracy: rounded(evaluation.accuracy),
              balancedAccuracy: rounded(evaluation.balancedAccuracy),
              generation: evaluation.generation,
            },
            ...(evaluation.outputs === undefined
              ? {}
              : {
                  outputErrors: evaluation.outputs.map(({ name, unit, error, meanError }) => ({
                    name,
                    unit,
                    error: error ?? null,
                    meanError: meanError ?? null,
                  })),
                }),
          }),
    };
  }

  private streamDetails({ regimes }: About, down: boolean): Partial<Card> {
    const { stream } = this;
    return {
      scores: this.history.scores.object(),
      regimes,
      ...(this.patterns.value === undefined ? {} : { patterns: this.patterns.value }),
      ...(stream === undefined || down
        ? {}
        : {
            stream: {
              alarm: stream.alarm,
              ...this.alarm,
              newPattern: stream.newPattern,
              calibrated: stream.calibrated,
              learning: stream.learning,
              machineOff: stream.machineOff,
              notLearned: stream.notLearned,
              stopped: stream.stopped,
              constantChannels: stream.constantChannels,
              regime: stream.regime,
              pattern: stream.pattern,
              patternName: stream.patternName,
              score: rounded(stream.score),
              threshold: rounded(stream.threshold),
              windows: stream.windows,
              samplesLost: stream.samplesLost,
              residuals: stream.residuals.map(rounded),
            },
          }),
    };
  }

  private records(): Record<string, ShownRecord> {
    const { status } = this.session;
    const records = (this.log.value ?? []).slice(-RECORDS);
    const start = Math.round(Date.now() / 1000 - (status?.uptimeSeconds ?? 0));
    if (this.startedAt === undefined || Math.abs(start - this.startedAt) > 3) this.startedAt = start;
    // The board counts seconds since its start; what was before cannot be placed in time.
    const first = records.findLast(({ event }) => event === 'start')?.number ?? 0;
    const since = this.startedAt;
    return Object.fromEntries(
      records.map(({ number, uptimeSeconds, code: _code, ...shown }) => [
        String(number),
        { ...shown, at: number < first ? 0 : since + uptimeSeconds },
      ]),
    );
  }
}
