/** Commands: argument and code go out with a ticket, result and detail come back in the same transaction. */

import { type Command, Registers } from '../contract/contract.generated';
import type { Doing, UnitAccess } from './access';
import { ProtocolError, TrainerError } from './errors';
import { encodeRegister } from './registers';
import { TicketCounter } from './tickets';

const FIRST_READ = Registers.commandCode.address;
/** code, ticket, done, result, detail */
const WORDS_READ = 6;
/** Another master may slip its own command between write and read of the separate functions. */
const ATTEMPTS = 4;

export class CommandPort {
  private readonly access: UnitAccess;
  private readonly tickets = new TicketCounter();

  constructor(access: UnitAccess) {
    this.access = access;
  }

  /**
   * Runs a command. Long ones go on after this returns; their progress is in the status.
   * @throws TrainerError when the trainer refuses it; bus errors
   */
  async run(code: Command, argument: number, how: Doing): Promise<void> {
    const ticket = this.tickets.next();
    const words = [...encodeRegister('commandArgument', argument), code, ticket];
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // A new command has no effect yet, one that is repeated has none any more: the ticket makes both safe.
      const window = await this.access.writeRead(
        Registers.commandArgument.address,
        words,
        FIRST_READ,
        WORDS_READ,
        (reply) => reply.number('commandDone') === ticket,
        how,
      );
      if (window === undefined) continue;
      const result = window.number('commandResult');
      if (result !== 0)
        throw new TrainerError(this.access.unit, how.doing, result, window.number('commandDetail'));
      return;
    }
    throw new ProtocolError(
      this.access.unit,
      `${how.doing}: another master keeps giving commands at the same time`,
    );
  }
}
