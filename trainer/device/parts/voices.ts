/** The voices that decide, and whether the board trusts its feedback. */
import { Command } from '../../contract/contract.generated';
import type { TrainerConnection } from '../connection';
import { task } from '../task';
import { readVoices, type VoicesStatus } from '../voices';

export class VoicesPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /** Who has been right how often, and whether the feedback can be trusted. */
  read(): Promise<VoicesStatus> {
    return readVoices(this.to.access, { doing: task('voices') });
  }

  /** The feedback is right, whatever the board suspects: it learns from it from now on. */
  trustFeedback(): Promise<void> {
    return this.to.commands.run(Command.TRUST_FEEDBACK, 0, { doing: task('vouching') });
  }
}
