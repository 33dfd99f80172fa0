/** Which file of this folder speaks to the boot loader of a board. */
import { realpath } from 'node:fs/promises';
import { serialPorts } from '../bus';
import type { BootLoaderFacts } from '../definition';
import type { BootLoader } from './boot_loader';
import { openLine } from './byte_line';
import { DaplinkDrive } from './daplink_drive';
import { FolderDrive } from './drive';
import { ESP_LINE, EspBootLoader } from './esp32/boot_loader';
import type { UsbIds } from './esp32/transport';
import { STK500_LINE, Stk500BootLoader } from './stk500';
import { Stk500v2BootLoader } from './stk500v2';
import { STM32_LINE, Stm32BootLoader } from './stm32';
import { Uf2Drive } from './uf2_drive';

/** Where the boot loader is reached: a serial port, or the folder of its drive. */
export type Reached = 'port' | 'drive';

export function reachedBy({ protocol }: BootLoaderFacts): Reached {
  return protocol === 'uf2' || protocol === 'daplink' ? 'drive' : 'port';
}

/** The USB numbers of a port: chips with USB of their own are reset another way than through an adapter. */
async function usbIds(path: string): Promise<UsbIds> {
  const real = await realpath(path).catch(() => path);
  const { vendorId, productId } = (await serialPorts()).find((port) => port.path === real) ?? {};
  if (vendorId === undefined || productId === undefined) return {};
  return { vendor: Number.parseInt(vendorId, 16), product: Number.parseInt(productId, 16) };
}

/** @param path serial port or folder, as `reachedBy` says. @throws BootLoaderError when the port cannot be opened */
export async function openBootLoader(facts: BootLoaderFacts, path: string): Promise<BootLoader> {
  const pageBytes = facts.pages[0]?.bytes ?? 0;
  switch (facts.protocol) {
    case 'stm32':
      return new Stm32BootLoader(await openLine(path, STM32_LINE), facts.sizeAt);
    case 'stk500':
      return new Stk500BootLoader(await openLine(path, STK500_LINE), pageBytes);
    case 'stk500v2':
      return new Stk500v2BootLoader(await openLine(path, STK500_LINE), pageBytes);
    case 'esp32':
      return EspBootLoader.on(await openLine(path, ESP_LINE), await usbIds(path));
    case 'uf2':
      return new Uf2Drive(new FolderDrive(path), facts.family ?? 0);
    case 'daplink':
      return new DaplinkDrive(new FolderDrive(path));
  }
}
