/** The serial ports of this machine. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSerialport } from './transports/serial';

export interface FoundPort {
  readonly path: string;
  readonly manufacturer?: string;
  readonly serialNumber?: string;
  /** USB ids, hexadecimal. */
  readonly vendorId?: string;
  readonly productId?: string;
}

/** Names that serial adapters and boards get on Linux and macOS. */
const SERIAL_NAME = /^(ttyUSB|ttyACM|ttyAMA|ttySC|rfcomm|cu\.usb)/;

/** By name, where the system cannot be asked: containers have no udev. */
async function byName(folder = '/dev'): Promise<FoundPort[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names
    .filter((name) => SERIAL_NAME.test(name))
    .sort()
    .map((name) => ({ path: join(folder, name) }));
}

let listing: Promise<FoundPort[]> | undefined;

/** Whoever asks while the ports are being listed gets that list: many requests make one search. */
export function serialPorts(): Promise<FoundPort[]> {
  listing ??= list().finally(() => {
    listing = undefined;
  });
  return listing;
}

async function list(): Promise<FoundPort[]> {
  const ports: FoundPort[] = await loadSerialport()
    .then(({ SerialPort }) => SerialPort.list())
    .catch(() => byName());
  // Plain UARTs of a PC have no maker, and are most often not there at all.
  return ports
    .map(({ path, manufacturer, serialNumber, vendorId, productId }) => ({
      path,
      ...(manufacturer === undefined ? {} : { manufacturer }),
      ...(serialNumber === undefined ? {} : { serialNumber }),
      ...(vendorId === undefined ? {} : { vendorId }),
      ...(productId === undefined ? {} : { productId }),
    }))
    .sort((a, b) => Number(b.manufacturer !== undefined) - Number(a.manufacturer !== undefined));
}
