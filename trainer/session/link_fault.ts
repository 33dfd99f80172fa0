/** Why a trainer does not answer, as far as this side of the wire can know. */
import { type BusStatus, ModbusExceptionError } from '../bus';
import { ProtocolError } from '../device';

export type LinkFault =
  | 'portMissing'
  | 'portBusy'
  | 'noPermission'
  | 'refused'
  | 'unreachable'
  /** The wire was lost for another reason. */
  | 'wire'
  /** The wire is open, and nobody on it answers. */
  | 'silent'
  /** Other units of the wire answer, this one does not. */
  | 'wrongUnit'
  /** The unit answers, and it is no trainer. */
  | 'noTrainer';

const BY_REASON: Readonly<Record<string, LinkFault>> = {
  'bus.reason.portMissing': 'portMissing',
  'bus.reason.portGone': 'portMissing',
  'bus.reason.portBusy': 'portBusy',
  'bus.reason.noPermission': 'noPermission',
  'bus.reason.refused': 'refused',
  'bus.reason.hostUnreachable': 'unreachable',
  'bus.reason.hostUnknown': 'unreachable',
  'bus.reason.noConnection': 'unreachable',
};

export function linkFault(bus: BusStatus, unit: number, error: Error | undefined): LinkFault {
  if (bus.state !== 'open')
    return (typeof bus.why === 'object' ? BY_REASON[bus.why.key] : undefined) ?? 'wire';
  // A gateway answers for a unit that does not.
  const gateway = error instanceof ModbusExceptionError && (error.exception === 10 || error.exception === 11);
  if (!gateway && (error instanceof ProtocolError || error instanceof ModbusExceptionError))
    return 'noTrainer';
  const others = bus.units.some((other) => other.unit !== unit && other.alive && other.replies > 0);
  return others ? 'wrongUnit' : 'silent';
}
