/** What the firmware of a board can do, against what this package brings and what a definition asks for. */
import { FIRMWARE_VERSION } from '../contract/contract.generated';
import { type DefinitionSectionName, DefinitionSections } from '../contract/definition.generated';
import type { Identity } from './status';

export type { DefinitionSectionName };

/** Sections of a definition that belong to no model family. */
export const ownSections: readonly DefinitionSectionName[] = (
  Object.keys(DefinitionSections) as DefinitionSectionName[]
).filter((name) => DefinitionSections[name].family === undefined);

export interface FirmwareReport {
  readonly version: string;
  /** Of the firmware in this package. */
  readonly packaged: string;
  readonly age: 'older' | 'same' | 'newer';
  /** Sections of a definition that this package writes and the firmware does not understand. */
  readonly lacks: readonly DefinitionSectionName[];
}

/** "0.10" is newer than "0.9". */
function order(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split('.').map(Number);
  const [majorB = 0, minorB = 0] = b.split('.').map(Number);
  return majorA - majorB || minorA - minorB;
}

export function firmwareReport(
  { firmwareVersion, sections }: Pick<Identity, 'firmwareVersion' | 'sections'>,
  packaged: string = FIRMWARE_VERSION,
): FirmwareReport {
  const difference = order(firmwareVersion, packaged);
  return {
    version: firmwareVersion,
    packaged,
    age: difference < 0 ? 'older' : difference > 0 ? 'newer' : 'same',
    lacks: ownSections.filter((name) => !sections.includes(name)),
  };
}
