/** One connection to one trainer, which the parts of the client share: requests, lock, commands, and what is known of the board. */
import type { MemoryPlanner, TrainerDefinition } from '../definition';
import { type AccessOptions, type RegisterBus, UnitAccess } from './access';
import { ClosedLoop } from './closed_loop';
import { CommandPort } from './commands';
import { DefinitionInUse, type KeptNames } from './definition_in_use';
import type { DeployHost } from './deploy';
import { Lock } from './lock';
import { type Identity, readIdentity, readStatus, type TrainerStatus } from './status';
import { SampleSender } from './stream';
import { task } from './task';
import { checkUnit } from './unit';

export interface TrainerOptions extends AccessOptions, KeptNames {
  /** Modbus unit id, 1..247. */
  readonly unit: number;
  /** What the board is supposed to run. Without it, the board's own definition is used, without names. */
  readonly definition?: TrainerDefinition;
  /** Key of the board's commissioning lock: 16 bytes, or 32 hexadecimal digits. Used whenever the board asks for it. */
  readonly key?: string | Uint8Array;
  /** The firmware's own check and memory plan, to refuse a definition before anything is sent. */
  readonly planner?: MemoryPlanner;
}

export class TrainerConnection implements DeployHost {
  readonly unit: number;
  readonly access: UnitAccess;
  readonly lock: Lock;
  readonly commands: CommandPort;
  readonly loop: ClosedLoop;
  readonly sender: SampleSender;
  readonly definition: DefinitionInUse;
  readonly planner: MemoryPlanner | undefined;
  private identity: Identity | undefined;

  /** @throws DefinitionError, InputError */
  constructor(
    bus: RegisterBus,
    options: TrainerOptions,
    namesChanged: (of: keyof KeptNames, names: readonly string[]) => void,
  ) {
    const { unit, definition, key, planner, patternNames, regimeNames, ...access } = options;
    const kept = {
      ...(patternNames === undefined ? {} : { patternNames }),
      ...(regimeNames === undefined ? {} : { regimeNames }),
    };
    this.unit = checkUnit(unit);
    this.planner = planner;
    this.access = new UnitAccess(bus, unit, access);
    this.lock = new Lock(this.access, key);
    this.commands = new CommandPort(this.access, this.lock);
    this.sender = new SampleSender(this.access);
    this.loop = new ClosedLoop(this.access, this.lock, this.sender);
    this.definition = new DefinitionInUse(this.access, definition, kept, namesChanged);
  }

  /** Read once, then remembered until `forget`. @throws ProtocolError when the unit is no trainer */
  async identify(): Promise<Identity> {
    this.identity ??= await readIdentity(this.access, { doing: task('identification') });
    return this.identity;
  }

  async status(): Promise<TrainerStatus> {
    const status = await readStatus(this.access, { doing: task('status') });
    this.definition.notice(status);
    return status;
  }

  /** Forgets what was learned about the board: another one may answer now. */
  forget(): void {
    this.identity = undefined;
    this.definition.forget();
    this.access.forgetPath();
    this.lock.forget();
    this.sender.forget();
  }
}
