// Images for the RP2040: the second stage boot with its checksum, and .uf2 files for its USB mass storage.
//   node firmware/ports/rp2040/image.mjs boot2 boot2.bin boot2_image.S
//   node firmware/ports/rp2040/image.mjs uf2 firmware.bin firmware.uf2
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const BOOT2_BYTES = 256;
const FLASH_START = 0x10000000;
const UF2_PAYLOAD = 256;
const RP2040_FAMILY = 0xe48bff56;

/**
 * CRC-32 as the boot ROM computes it: polynomial 0x04c11db7, highest bit first, start 0xffffffff, no inversion at the end
 * (RP2040 datasheet 2.8.1.3.1).
 * @param {Uint8Array} bytes
 * @returns {number}
 */
export function bootCrc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

/**
 * Pads the second stage to 252 bytes and adds its CRC.
 * @param {Uint8Array} code
 * @returns {Buffer}
 */
export function sealBoot2(code) {
  if (code.length > BOOT2_BYTES - 4)
    throw new Error(`second stage boot has ${code.length} bytes; at most ${BOOT2_BYTES - 4} fit`);
  const image = Buffer.alloc(BOOT2_BYTES);
  image.set(code);
  image.writeUInt32LE(bootCrc32(image.subarray(0, BOOT2_BYTES - 4)), BOOT2_BYTES - 4);
  return image;
}

/**
 * UF2 blocks of 256 payload bytes each (format: github.com/microsoft/uf2).
 * @param {Uint8Array} binary flash content from its start
 * @returns {Buffer}
 */
export function uf2(binary) {
  const count = Math.ceil(binary.length / UF2_PAYLOAD);
  const blocks = [];
  for (let number = 0; number < count; number++) {
    const block = Buffer.alloc(512);
    const fields = [
      0x0a324655,
      0x9e5d5157,
      0x2000,
      FLASH_START + number * UF2_PAYLOAD,
      UF2_PAYLOAD,
      number,
      count,
      RP2040_FAMILY,
    ];
    for (const [index, value] of fields.entries()) block.writeUInt32LE(value, 4 * index);
    block.set(binary.subarray(number * UF2_PAYLOAD, (number + 1) * UF2_PAYLOAD), 32);
    block.writeUInt32LE(0x0ab16f30, 508);
    blocks.push(block);
  }
  return Buffer.concat(blocks);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [action, input, output] = process.argv.slice(2);
  const bytes = readFileSync(input);
  if (action === 'boot2') {
    const list = [...sealBoot2(bytes)].join(', ');
    writeFileSync(output, `        .section .boot2_image, "a"\n        .byte ${list}\n`);
  } else if (action === 'uf2') {
    writeFileSync(output, uf2(bytes));
  } else {
    throw new Error(`no such action: ${action}; use boot2 or uf2`);
  }
}
