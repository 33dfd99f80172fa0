/** Samples into a stream model, and the result of its last window out. */

import { BusError } from '../bus';
import { Blocks, Limits, Registers, TrainerErrors } from '../contract/contract.generated';
import { type CompleteDefinition, isStream, streamOf } from '../definition';
import { text } from '../text';
import type { AccessOptions, UnitAccess } from './access';
import { AbortedError, InputError, ProtocolError, TrainerError } from './errors';
import { featureWords } from './features';
import type { RegisterWindow } from './registers';
import { task } from './task';

export interface StreamResult {
  /** Sequence number the trainer expects next. */
  readonly nextSequence: number;
  readonly alarm: boolean;
  /** The present alarm matches no known pattern. */
  readonly newPattern: boolean;
  readonly calibrated: boolean;
  readonly learning: boolean;
  /** The last window was neither judged nor learned, because the machine is off. */
  readonly machineOff: boolean;
  /** The same, because these channels (from 0) do not move. */
  readonly constantChannels: readonly number[];
  /** The same, because nobody taught this operating point. */
  readonly notLearned: boolean;
  /** Operating regime that the last window is nearest to, from 1; 0 = none. */
  readonly regime: number;
  /** Its name, kept on the host; empty = it has none. */
  readonly regimeName: string;
  /** No sample has come for five seconds; also an event of the log. */
  readonly stopped: boolean;
  /** Of the present or last alarm, 1 to 16; 0 = none. */
  readonly pattern: number;
  readonly patternSeen: number;
  /** Its name, kept on the host; empty = it has none. */
  readonly patternName: string;
  readonly score: number;
  readonly threshold: number;
  readonly baselineScore: number;
  readonly baselineThreshold: number;
  /** The baseline, two-sided log RMS, is over its threshold in this window. */
  readonly baselineAlarm: boolean;
  /** Windows scored since start. */
  readonly windows: number;
  readonly samplesLost: number;
  /** Samples that the window of a network holds. */
  readonly held: number;
  /** Sequence number of the last sample that a stream model scored; 0 with a network. */
  readonly windowSequence: number;
  /** Per channel, in standard deviations from healthy. */
  readonly residuals: readonly number[];
  readonly energies: readonly number[];
}

/** FC 23 may write 121 registers: sequence, count, values. */
const VALUES_MOST = Math.min(Limits.FEATURES_MAX, 119);
const RESULT_WORDS = Blocks.stream.words;
/** The trainer works off one frame at a time; how often and how long (ms) it is asked again while it is busy. */
const BUSY_ATTEMPTS = 500;
const BUSY_PAUSE_MS = 2;
/** Times a frame is sent again after silence or a damaged answer. */
const RETRIES = 3;

/** Channels whose bit is set. */
const channelsOf = (mask: number): number[] =>
  Array.from({ length: Limits.CHANNELS_MAX }, (_, channel) => channel).filter(
    (channel) => (mask & (1 << channel)) !== 0,
  );

function decodeStreamResult(window: RegisterWindow, channels: number): StreamResult {
  const bits = window.number('alarmBits');
  return {
    nextSequence: window.number('nextSequence'),
    alarm: (bits & 1) !== 0,
    newPattern: (bits & 2) !== 0,
    calibrated: (bits & 4) !== 0,
    learning: (bits & 8) !== 0,
    stopped: (bits & 16) !== 0,
    machineOff: (bits & 32) !== 0,
    notLearned: (bits & 128) !== 0,
    constantChannels: channelsOf(window.number('constantChannels')),
    regime: window.number('regime'),
    regimeName: '',
    pattern: window.number('pattern'),
    patternSeen: window.number('patternSeen'),
    patternName: '',
    score: window.number('score'),
    threshold: window.number('threshold'),
    baselineScore: window.number('baselineScore'),
    baselineThreshold: window.number('baselineThreshold'),
    baselineAlarm: (bits & 4) !== 0 && window.number('baselineScore') > window.number('baselineThreshold'),
    windows: window.number('windows'),
    samplesLost: window.number('samplesLost'),
    held: window.number('windowHeld'),
    windowSequence: window.number('windowSequence'),
    residuals: window.numbers('residuals', channels),
    energies: window.numbers('energies', channels),
  };
}

export async function readStreamResult(
  access: UnitAccess,
  channels: number,
  how: AccessOptions = {},
): Promise<StreamResult> {
  const window = await access.read(Blocks.stream.address, RESULT_WORDS, {
    doing: task('streamResult'),
    ...how,
  });
  return decodeStreamResult(window, channels);
}

/** Number of the present or last alarm, to judge it by. @throws TrainerError TICKET_UNKNOWN when there was none */
export async function alarmNumber(access: UnitAccess, how: AccessOptions): Promise<number> {
  const { address } = Registers.decisionTicket;
  const window = await access.read(address, 1, { doing: task('alarmRead'), ...how });
  const number = window.number('decisionTicket');
  if (number === 0)
    throw new TrainerError(access.unit, task('alarmJudge'), TrainerErrors.TICKET_UNKNOWN.code, 0, {
      what: text('client.noAlarm'),
    });
  return number;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface StreamOptions extends AccessOptions {
  /** After every frame that completed at least one window. */
  readonly onWindow?: (result: StreamResult) => void;
}

export interface StreamSummary {
  readonly samples: number;
  /** Windows scored meanwhile. */
  readonly windows: number;
  /** Samples the trainer missed, by sequence number: the window began anew behind them. */
  readonly lost: number;
  /** Values outside the range of their channel, which were taken as the nearest bound, by channel. */
  readonly clamped: Readonly<Record<string, number>>;
  readonly last: StreamResult;
}

/** Sends samples frame by frame; keeps the sequence number from one call to the next. */
export class SampleSender {
  private readonly access: UnitAccess;
  private sequence: number | undefined;

  constructor(access: UnitAccess) {
    this.access = access;
  }

  /** Number of the newest sample that the trainer has: of those that this client has sent, or else of its stream. */
  async newest(how: AccessOptions): Promise<number> {
    const next = this.sequence ?? (await readStreamResult(this.access, 0, how)).nextSequence;
    return (next - 1) & 0xffff;
  }

  /** What comes next is no neighbour of what was sent: a number is left out. */
  skip(): void {
    if (this.sequence !== undefined) this.sequence = (this.sequence + 1) & 0xffff;
  }

  /** The trainer restarted or got another definition: ask for the sequence number again. */
  forget(): void {
    this.sequence = undefined;
  }

  /**
   * @param samples each of all channels, engineering units, in order of time
   * @throws InputError that names sample and channel (what came before was sent); TrainerError; AbortedError; bus errors
   */
  async send(
    definition: CompleteDefinition,
    samples: Iterable<readonly number[]> | AsyncIterable<readonly number[]>,
    options: StreamOptions = {},
  ): Promise<StreamSummary> {
    const { onWindow, ...how } = options;
    const stream = streamOf(definition);
    const channels = stream.length;
    const perFrame = Math.floor(VALUES_MOST / channels);
    const takenBefore = await this.taken(how);
    const before = await readStreamResult(this.access, channels, how);
    let last = before;
    let sent = 0;
    let frame: number[] = [];
    const clamped: string[] = [];
    const flush = async (): Promise<void> => {
      if (frame.length === 0) return;
      if (options.signal?.aborted === true)
        throw new AbortedError(
          task('stream'),
          text('client.kept.samples', { count: sent }),
          options.signal.reason,
        );
      const result = await this.sendFrame(frame, channels, how);
      sent += frame.length / channels;
      frame = [];
      const scored = result.windows !== last.windows;
      last = result;
      if (scored) onWindow?.(result);
    };
    for await (const sample of samples) {
      try {
        frame.push(
          ...sampleWords(
            { ...definition, features: [...stream] },
            sample,
            sent + frame.length / channels,
            clamped,
          ),
        );
      } catch (error) {
        // The samples before it are good, and are part of what was asked for.
        await flush();
        throw error instanceof InputError && sent > 0
          ? error.after(text('input.samplesSent', { count: sent }))
          : error;
      }
      if (frame.length === perFrame * channels) await flush();
    }
    await flush();
    if (isStream(definition)) await this.workedOff(takenBefore, sent, how);
    last = await readStreamResult(this.access, channels, how);
    return {
      samples: sent,
      windows: (last.windows - before.windows) >>> 0,
      lost: (last.samplesLost - before.samplesLost) >>> 0,
      clamped: countByName(clamped),
      last,
    };
  }

  /** A stream model works the last frame off behind its answer. */
  private async workedOff(before: number, sent: number, how: AccessOptions): Promise<void> {
    for (
      let attempt = 0;
      attempt < BUSY_ATTEMPTS && ((await this.taken(how)) - before) >>> 0 < sent;
      attempt++
    )
      await pause(BUSY_PAUSE_MS);
  }

  /** Samples that went through the model since start. */
  private async taken(how: AccessOptions): Promise<number> {
    const { address, words } = Registers.inferences;
    return (await this.access.read(address, words, { doing: task('countSamples'), ...how })).number(
      'inferences',
    );
  }

  private async sendFrame(
    values: readonly number[],
    channels: number,
    how: AccessOptions,
  ): Promise<StreamResult> {
    this.sequence ??= (await readStreamResult(this.access, channels, how)).nextSequence;
    const sequence = this.sequence;
    const count = values.length / channels;
    const next = (sequence + count) & 0xffff;
    let silent = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        const window = await this.access.writeRead(
          {
            writeAddress: Registers.sampleSequence.address,
            values: [sequence, count, ...values],
            readAddress: Blocks.stream.address,
            quantity: RESULT_WORDS,
            belongs: (reply) => reply.number('nextSequence') === next,
          },
          // Sent again here and not by the bus, whose pause before the next attempt suits longer jobs than a frame.
          { doing: task('samples'), ...how, retries: 0 },
        );
        if (window === undefined) throw new ProtocolError(this.access.unit, text('protocol.samples'));
        this.sequence = next;
        return decodeStreamResult(window, channels);
      } catch (error) {
        const busy = error instanceof TrainerError && error.number === TrainerErrors.BUSY.code;
        if (!busy) silent += error instanceof BusError && error.retryable ? 1 : RETRIES + 1;
        if (silent > RETRIES || attempt >= BUSY_ATTEMPTS) {
          // Whether the frame arrived is not known; the trainer does.
          this.sequence = undefined;
          throw error;
        }
        if (busy) await pause(BUSY_PAUSE_MS);
      }
    }
  }
}

function countByName(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries(counts);
}

/** One sample as register words; an out-of-range value is clamped, because a vibration that exceeds its range is an event. */
function sampleWords(
  definition: CompleteDefinition,
  sample: readonly number[],
  index: number,
  clamped: string[],
): number[] {
  try {
    return featureWords({ ...definition, outOfRange: 'clamp' }, sample, clamped);
  } catch (error) {
    if (error instanceof InputError) throw error.within(text('input.sample', { number: index }));
    throw error;
  }
}
