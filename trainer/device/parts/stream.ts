/** Samples for a stream model, and what it says about them; or for the window of a network. */

import { Coils } from '../../contract/contract.generated';
import { type CompleteDefinition, streamOf } from '../../definition';
import { text } from '../../text';
import type { TrainerConnection } from '../connection';
import { InputError } from '../errors';
import { readStreamResult, type StreamOptions, type StreamResult, type StreamSummary } from '../stream';
import { task } from '../task';

type Samples = Iterable<readonly number[]> | AsyncIterable<readonly number[]>;

export type AlarmAnswer = 'confirmed' | 'false';

export class StreamPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /** Sends samples; keeps count across calls, so that lost ones are noticed. */
  send(samples: Samples, options: StreamOptions = {}): Promise<StreamSummary> {
    return this.to.definition.run((definition) => {
      if (streamOf(definition).length === 0) throw new InputError('samples', text('input.noStream'));
      return this.sendTo(definition, samples, options);
    });
  }

  /** The present result, with the names of its pattern and its regime. */
  async result(): Promise<StreamResult> {
    const { access, definition } = this.to;
    return this.named(await definition.run((running) => readStreamResult(access, streamOf(running).length)));
  }

  /** What somebody has answered to the present or last alarm; undefined = nothing yet. */
  async alarmAnswer(): Promise<AlarmAnswer | undefined> {
    const { access } = this.to;
    const how = { doing: task('alarmRead') };
    const [confirmed, wrong] = await access.readBits(1, Coils.alarmConfirmed, 2, how);
    return confirmed === true ? 'confirmed' : wrong === true ? 'false' : undefined;
  }

  private async sendTo(
    definition: CompleteDefinition,
    samples: Samples,
    options: StreamOptions,
  ): Promise<StreamSummary> {
    const { onWindow, ...how } = options;
    const summary = await this.to.sender.send(definition, samples, {
      ...how,
      // Every frame's result is looked at: a place of the pattern table may have been taken by another pattern.
      onWindow: (result) => {
        const named = this.named(result);
        onWindow?.(named);
      },
    });
    return { ...summary, last: this.named(summary.last) };
  }

  private named(result: StreamResult): StreamResult {
    const { names, regimes } = this.to.definition;
    return { ...names.follow(result), regimeName: regimes.of(result.regime) };
  }
}
