/** Numbers for decisions and commands: 1 to 65535, then 1 again. The start is random, so that a client that was restarted
 * does not repeat the numbers of the one before. */
import { randomInt } from 'node:crypto';

export const TICKET_MAX = 65_535;

export class TicketCounter {
  private last = randomInt(1, TICKET_MAX + 1);

  next(): number {
    this.last = this.last === TICKET_MAX ? 1 : this.last + 1;
    return this.last;
  }

  /** Goes on somewhere else: the present numbers are taken by another master. */
  jump(): void {
    this.last = randomInt(1, TICKET_MAX + 1);
  }
}
