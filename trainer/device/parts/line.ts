/** The serial line of the board: its settings, and how they change. */
import type { LineSettings } from '../../bus';
import { Command, Registers } from '../../contract/contract.generated';
import type { TrainerConnection } from '../connection';
import { lineArgument, lineOf } from '../line';
import { task } from '../task';

export interface LineStatus {
  /** undefined: the line has none (USB, an emulator, a virtual trainer). */
  readonly settings: LineSettings | undefined;
  /** Seconds until the settings before come back unless a request arrives under these; 0 = no trial. */
  readonly trialLeftSeconds: number;
}

const FIRST = Registers.lineRate.address;
const WORDS = Registers.lineTrialLeft.address + Registers.lineTrialLeft.words - FIRST;

export class LinePart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  async read(): Promise<LineStatus> {
    const window = await this.to.access.read(FIRST, WORDS, { doing: task('lineRead') });
    const rate = window.number('lineRate');
    return {
      settings:
        rate === 0 ? undefined : lineOf(rate, window.number('lineParity'), window.number('lineStopBits')),
      trialLeftSeconds: window.number('lineTrialLeft'),
    };
  }

  /**
   * Asks for other settings: the board takes them up a second later, and goes back half a minute after that unless a request arrives
   * under them. `changeLine` of the session does all of it.
   * @throws InputError; TrainerError when the board cannot do them
   */
  async set(settings: LineSettings): Promise<void> {
    await this.to.commands.run(Command.SET_LINE, lineArgument(settings), { doing: task('lineSet') });
  }
}
