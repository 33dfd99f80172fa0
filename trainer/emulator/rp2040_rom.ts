/**
 * A boot ROM for the emulated RP2040, with the parts of the real one's interface that the firmware uses: starting the
 * second stage boot, and the flash functions behind the function table (RP2040 datasheet 2.8).
 */
import type { RP2040 } from 'rp2040js';

const TABLE = 0x100;
const LOOKUP = 0x180;
const STUBS = 0x1c0;
const BOOT2_AT = 0x20041f00;
const BOOT2_BYTES = 256;
const SRAM = 0x20000000;
const FUNCTIONS = ['IF', 'EX', 'RE', 'RP', 'FC', 'CX', 'UB'] as const;

/** CRC-32, polynomial 0x04c11db7, highest bit first, start 0xffffffff (datasheet 2.8.1.3.1). */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/**
 * Puts the ROM in and does what it does at power-on: checks the second stage in the flash, copies it to SRAM and starts
 * it. `flashChanged` is called after each erase or program, `usbBoot` when the firmware starts the ROM's USB drive. Throws when the checksum is wrong: a real chip would then
 * show up as a USB drive and wait for a firmware.
 */
export function powerOn(
  chip: RP2040,
  flashChanged: (offset: number, length: number) => void,
  usbBoot: () => void,
): void {
  const halves = new Uint16Array(chip.bootrom.buffer);
  halves[0x10 / 2] = 0x754d; // 'M', 'u'
  halves[0x12 / 2] = 1;
  halves[0x14 / 2] = TABLE;
  halves[0x18 / 2] = LOOKUP | 1;
  // r0 = table of (code, address), ended by 0; r1 = code; answer in r0.
  const lookup = [0x8802, 0x2a00, 0xd005, 0x428a, 0xd001, 0x3004, 0xe7f8, 0x8840, 0x4770, 0x2000, 0x4770];
  // 0: ldrh r2,[r0]; 2: cmp r2,#0; 4: beq 18 (none); 6: cmp r2,r1; 8: beq 14 (found); 10: adds r0,#4; 12: b 0;
  // 14: ldrh r0,[r0,#2]; 16: bx lr; 18: movs r0,#0; 20: bx lr
  halves.set(lookup, LOOKUP / 2);
  FUNCTIONS.forEach((name, index) => {
    const stub = STUBS + 4 * index;
    halves.set([0xbe00 | index, 0x4770], stub / 2); // bkpt, bx lr
    halves.set([name.charCodeAt(0) | (name.charCodeAt(1) << 8), stub | 1], TABLE / 2 + 2 * index);
  });

  chip.onBreak = (code) => {
    const [offset = 0, second = 0, count = 0] = chip.core.registers;
    const name = FUNCTIONS[code];
    if (name === 'RE') {
      chip.flash.fill(0xff, offset, offset + second);
      flashChanged(offset, second);
    } else if (name === 'RP') {
      // Programming only clears bits.
      for (let index = 0; index < count; index++)
        chip.flash[offset + index] = (chip.flash[offset + index] ?? 0xff) & chip.readUint8(second + index);
      flashChanged(offset, count);
    } else if (name === 'UB') {
      usbBoot();
    }
  };

  const boot2 = chip.flash.subarray(0, BOOT2_BYTES);
  const stored = new DataView(boot2.buffer, boot2.byteOffset).getUint32(BOOT2_BYTES - 4, true);
  if (crc32(boot2.subarray(0, BOOT2_BYTES - 4)) !== stored)
    throw new Error('the image has no valid second stage boot: its checksum is wrong');
  chip.sram.set(boot2, BOOT2_AT - SRAM);
  chip.core.SP = BOOT2_AT;
  chip.core.PC = BOOT2_AT;
}
