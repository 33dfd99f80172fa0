/** A session as the trainer of a loop: its definition is brought onto the board when the loop starts, and never over something learned. */
import { type CompleteDefinition, isStream, type TrainerDefinition, windowOf } from '../definition';
import type { Decision, Features, Outcome, Verdict } from '../device';
import type { Session } from '../session';
import { AwayError, type Learning, type LoopTrainer, NotReadyError } from './contract';

export class SessionTrainer implements LoopTrainer {
  private readonly session: Session;
  private readonly definition: TrainerDefinition | undefined;
  private readonly signal: AbortSignal;

  /** @param definition that the loop runs with; undefined: whatever the board has */
  constructor(session: Session, definition: TrainerDefinition | undefined, signal: AbortSignal) {
    this.session = session;
    this.definition = definition;
    this.signal = signal;
  }

  async ready(): Promise<CompleteDefinition> {
    const { state, trainer } = this.session;
    if (state.kind === 'lost')
      throw typeof state.why === 'object' ? new AwayError(state.why) : new Error(state.why.toString());
    if (state.kind === 'connecting' || state.kind === 'not-configured') throw new NotReadyError('connecting');
    if (state.kind === 'no-definition' || state.kind === 'other-definition') await this.deploy();
    const definition = trainer.definition ?? (await trainer.useBoardDefinition());
    if (isStream(definition)) throw new NotReadyError('stream');
    return definition;
  }

  async infer(features: Features | undefined): Promise<Decision> {
    const { trainer } = this.session;
    const { signal } = this;
    const running = trainer.definition;
    if (features === undefined || running === undefined || windowOf(running) === undefined)
      return trainer.infer(features, { signal });
    // What the plant gives is the newest sample of the window.
    await trainer.stream.send([features as readonly number[]], { signal });
    return trainer.infer(undefined, { signal });
  }

  feedback(ticket: number, outcome: Outcome): Promise<Verdict> {
    return this.session.trainer.feedback(ticket, outcome, { signal: this.signal });
  }

  setPoint(): number | undefined {
    return this.session.trainer.process.lastSetPoint;
  }

  learning(): Learning {
    const { status, state, trainer } = this.session;
    return {
      generation: status?.generation ?? 0,
      samples: status?.samplesStored ?? 0,
      needed: trainer.definition?.training.minSamples ?? 0,
      onlyClass: state.kind === 'ready' ? state.onlyClass : undefined,
    };
  }

  private async deploy(): Promise<void> {
    if (this.definition === undefined) throw new NotReadyError('noDefinition');
    const { refusal } = this.session;
    if (refusal !== undefined) throw refusal;
    await this.session.deploy(this.definition, {
      signal: this.signal,
      discard: 'refuse',
      keepBackup: () => Promise.reject(new Error('nothing is discarded by a loop')),
    });
  }
}
