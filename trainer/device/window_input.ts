/** A decision about the window of a stream: which sample it must have reached, and how a window that is given gets there. */

import { TrainerErrors } from '../contract/contract.generated';
import { type CompleteDefinition, samplesOf, type WindowFeature } from '../definition';
import { text } from '../text';
import type { AccessOptions, UnitAccess } from './access';
import { arrayInput, measuredBytes } from './array_input';
import { TrainerError } from './errors';
import type { Features } from './features';
import type { SampleSender } from './stream';
import { task } from './task';

const { WINDOW_BEHIND, WINDOW_SHORT, WINDOW_STOPPED } = TrainerErrors;

export class WindowInput {
  /** Windows that are given go one at a time through the stream: the end of the one before. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly access: UnitAccess,
    private readonly sender: SampleSender,
  ) {}

  /**
   * Asks with the words that name the newest sample: the window holds it.
   * @throws TrainerError with the numbers: the window is not full, or the stream has stopped
   */
  async decided<T>(
    window: WindowFeature,
    how: AccessOptions,
    ask: (words: readonly number[]) => Promise<T>,
  ): Promise<T> {
    try {
      return await ask([await this.sender.newest(how)]);
    } catch (error) {
      if (!(error instanceof TrainerError)) throw error;
      if (error.number !== WINDOW_BEHIND.code) throw this.worded(window, error);
    }
    // Somebody else streams, or the trainer has started again: its own number counts.
    this.sender.forget();
    try {
      return await ask([await this.sender.newest(how)]);
    } catch (error) {
      throw error instanceof TrainerError ? this.worded(window, error) : error;
    }
  }

  /**
   * Decides about a window that is given: it goes through the stream, which begins anew behind it.
   * @param options.clamped as arrayInput
   * @throws InputError as arrayInput
   */
  async given<T>(
    definition: CompleteDefinition,
    window: WindowFeature,
    given: Features,
    options: AccessOptions & { readonly clamped: string[] },
    decide: () => Promise<T>,
  ): Promise<T> {
    const { clamped, ...how } = options;
    const values = measuredBytes(window, arrayInput(window, definition.outOfRange, given, clamped).bytes);
    const { streamChannels } = window;
    const samples = Array.from({ length: samplesOf(window) }, (_, i) =>
      values.slice(i * streamChannels, (i + 1) * streamChannels),
    );
    const done = this.turn.then(async () => {
      await this.sender.send(definition, samples, how);
      const decision = await decide();
      this.sender.skip();
      return decision;
    });
    this.turn = done.catch(() => undefined);
    return done;
  }

  private worded(window: WindowFeature, error: TrainerError): TrainerError {
    const { number, detail } = error;
    const values =
      number === WINDOW_SHORT.code
        ? text('client.windowShort', { held: detail, needed: samplesOf(window) })
        : number === WINDOW_STOPPED.code
          ? text('client.windowStopped', { seconds: detail })
          : undefined;
    return values === undefined
      ? error
      : new TrainerError(this.access.unit, task('inference'), number, detail, { what: values });
  }
}
