/** What the editor stores about a bus -> the options of trainer/bus. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeDef } from 'node-red';
import { BusConfigError, type BusOptions, type BusTuning } from '../../trainer/bus';
import { text } from '../../trainer/text';
import { virtualWire } from '../../trainer/virtual';
import { isMemoryName, LONGEST_WAIT_MS, MOST_UNITS, UNIT_LAST, unitsOf } from './rules';

/** As the editor stores it; numbers may be texts, empty = the default. */
export interface BusConfig extends NodeDef {
  wire: 'virtual' | 'serial' | 'tcp' | 'rtu-tcp';
  path?: string;
  baudRate?: string | number;
  parity?: 'none' | 'even' | 'odd';
  /** 8; a flow from before may say 7. */
  dataBits?: string | number;
  stopBits?: string | number;
  host?: string;
  port?: string | number;
  /** Unit ids of the virtual trainers: "1", "1, 5", "1-4". */
  virtualUnit?: string | number;
  /** Whether the virtual trainer remembers across restarts. */
  keep?: boolean;
  /** Name of the file it remembers in. It travels with the flow, so that an imported copy finds it. */
  memory?: string;
  responseTimeout?: string | number;
  settle?: string | number;
}

/** "" -> undefined; what is no number becomes NaN, which trainer/bus refuses by name. */
export function numberOr<T>(value: string | number | undefined, fallback: T): number | T {
  return value === undefined || value === '' ? fallback : Number(value);
}

/** @throws BusConfigError for what is no unit id, twice the same one, or too many */
export function virtualUnits(stored: string | number | undefined): number[] {
  const given = String(stored === undefined || stored === '' ? 1 : stored);
  const units = unitsOf(given);
  if (units === undefined)
    throw new BusConfigError(text('bus.config.units', { got: given, last: UNIT_LAST, most: MOST_UNITS }));
  return units;
}

function memoryFile(config: BusConfig, folder: string, unit?: number): string {
  const name = config.memory ?? '';
  if (!isMemoryName(name)) throw new BusConfigError(text('bus.config.memory', { got: name }));
  mkdirSync(folder, { recursive: true });
  return join(folder, unit === undefined ? `${name}.bin` : `${name}.unit-${unit}.bin`);
}

function given<K extends string>(name: K, value: string | number | undefined): { [P in K]?: number } {
  const number = numberOr(value, undefined);
  return (number === undefined ? {} : { [name]: number }) as { [P in K]?: number };
}

/**
 * @param folder where virtual trainers keep their memory
 * @throws BusConfigError that names the option (when the bus is opened)
 */
export function busOptions(config: BusConfig, folder: string): BusOptions {
  const response = numberOr(config.responseTimeout, 1000);
  // A timer that is given more than it can wait fires at once.
  if (!(response <= LONGEST_WAIT_MS))
    throw new BusConfigError(
      text('bus.config.wait', { most: LONGEST_WAIT_MS, got: String(config.responseTimeout) }),
    );
  const tuning: BusTuning = {
    responseTimeoutMs: response,
    // Room for the queue and a retry.
    deadlineMs: Math.max(5000, 5 * response),
    ...given('settleMs', config.settle),
  };
  switch (config.wire) {
    case 'serial':
      return {
        kind: 'serial',
        path: config.path ?? '',
        ...given('baudRate', config.baudRate),
        parity: config.parity ?? 'none',
        dataBits: numberOr(config.dataBits, 8) as 8,
        stopBits: Number(config.stopBits ?? 1) as 1 | 2,
        ...tuning,
      };
    case 'tcp':
    case 'rtu-tcp':
      return { kind: config.wire, host: config.host ?? '', ...given('port', config.port), ...tuning };
    default: {
      const [first = 1, ...others] = virtualUnits(config.virtualUnit);
      // Buses that name one memory are one wire with its trainers.
      const keep = config.keep === true;
      return {
        ...virtualWire({
          unit: first,
          ...(keep ? { nvmFile: memoryFile(config, folder) } : { id: config.id }),
          others: others.map((unit) => ({
            unit,
            ...(keep ? { nvmFile: memoryFile(config, folder, unit) } : {}),
          })),
        }),
        ...tuning,
      };
    }
  }
}
