/** Commands: argument and code go out with a ticket, result and detail come back in the same transaction. */

import { type Command, Registers } from '../contract/contract.generated';
import { text } from '../text';
import type { Doing, UnitAccess } from './access';
import { ProtocolError, TrainerError } from './errors';
import type { Lock } from './lock';
import { encodeRegister, type RegisterWindow } from './registers';
import { TicketCounter } from './tickets';

const FIRST_READ = Registers.commandCode.address;
/** code, ticket, proof, done, result, detail */
const WORDS_READ = Registers.commandDetail.address + Registers.commandDetail.words - FIRST_READ;
/** Another master may slip its own command between write and read of the separate functions. */
const ATTEMPTS = 4;

export class CommandPort {
  private readonly access: UnitAccess;
  private readonly lock: Lock;
  private readonly tickets = new TicketCounter();

  constructor(access: UnitAccess, lock: Lock) {
    this.access = access;
    this.lock = lock;
  }

  /**
   * Runs a command. Long ones go on after this returns; their progress is in the status.
   * @throws TrainerError when the trainer refuses it; bus errors
   */
  async run(code: Command, argument: number, how: Doing): Promise<void> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const ticket = this.tickets.next();
      try {
        const window = await this.lock.prove(how, { argument, code, ticket }, (proof) =>
          this.give(code, argument, ticket, proof, how),
        );
        if (window === undefined) break;
        const result = window.number('commandResult');
        if (result === 0) return;
        throw new TrainerError(this.access.unit, how.doing, result, window.number('commandDetail'));
      } catch (error) {
        // Another master has just used the number.
        if (!(error instanceof TrainerError) || error.code !== 'TICKET_TAKEN') throw error;
        this.tickets.jump();
      }
    }
    throw new ProtocolError(
      this.access.unit,
      text('protocol.about', { doing: how.doing, problem: text('protocol.commands') }),
    );
  }

  /** A command that changes who answers: written, and not read back. */
  async send(code: Command, argument: number, how: Doing): Promise<void> {
    const ticket = this.tickets.next();
    const words = [...encodeRegister('commandArgument', argument), code, ticket];
    await this.lock.prove(how, { argument, code, ticket }, (proof) =>
      this.access.write(Registers.commandArgument.address, [...words, ...proof], { ...how, retries: 0 }),
    );
  }

  /** A new command has no effect yet, one that is repeated has none any more: the ticket makes both safe. */
  private async give(
    code: Command,
    argument: number,
    ticket: number,
    proof: readonly number[],
    how: Doing,
  ): Promise<RegisterWindow | undefined> {
    const words = [...encodeRegister('commandArgument', argument), code, ticket, ...proof];
    const exchange = {
      writeAddress: Registers.commandArgument.address,
      values: words,
      readAddress: FIRST_READ,
      quantity: WORDS_READ,
      belongs: (reply: RegisterWindow) => reply.number('commandDone') === ticket,
    };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const window = await this.access.writeRead(exchange, how);
      if (window !== undefined) return window;
    }
    return undefined;
  }
}
