import { InputError } from './errors';

/** A Modbus unit id that a trainer can have. @throws InputError */
export function checkUnit(unit: number): number {
  if (!Number.isInteger(unit) || unit < 1 || unit > 247)
    throw new InputError('unit', `must be a whole number from 1 to 247, got ${unit}`);
  return unit;
}
