import { text } from '../text';
import { InputError } from './errors';

/** A Modbus unit id that a trainer can have. @throws InputError */
export function checkUnit(unit: number): number {
  if (!Number.isInteger(unit) || unit < 1 || unit > 247)
    throw new InputError('unit', text('input.whole', { least: 1, most: 247, got: unit }));
  return unit;
}
