/** A board whose firmware is older than the package, as its identity registers tell it. */
import type { BusHandle } from '../../trainer';
import { Registers } from '../../trainer/contract/contract.generated';
import { DefinitionSections } from '../../trainer/contract/definition.generated';

const PLANT_LIMITS = DefinitionSections.plant_limits.id;

/** The same board with an older firmware: it reports another version, and does not know the plant's limits. */
export function older(handle: BusHandle, isOld: () => boolean = () => true): BusHandle {
  const request: BusHandle['request'] = async (asked, options) => {
    const reply = await handle.request(asked, options);
    if (!isOld() || !('address' in asked) || asked.fc !== 3 || !('values' in reply)) return reply;
    const values = [...(reply.values as number[])];
    const at = (address: number): number => address - (asked.address as number);
    const version = at(Registers.firmwareVersion.address);
    const sections = at(Registers.sectionsKnown.address);
    if (values[version] !== undefined) values[version] = 0;
    if (values[sections] !== undefined)
      values[sections] = (values[sections] as number) & ~(1 << PLANT_LIMITS);
    return { ...reply, values };
  };
  return Object.assign(Object.create(handle) as BusHandle, { request });
}
