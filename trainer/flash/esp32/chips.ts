/**
 * The chips of the ESP32 family. They are no boards of this package: a sketch or an application of one's own makes a trainer of them
 * (docs/arduino.md), and the partition table on the chip says where its parts lie.
 */
import { hex } from '../errors';
import type { FlashBoard } from '../flash';

/** Bytes of a sector of flash, the least that is erased. */
export const SECTOR = 4096;
/** Most flash that a chip of the family addresses; each says itself how much it has. */
const MOST_FLASH = 128 * 1024 * 1024;

interface EspChip {
  readonly name: string;
  /** As esptool names it. */
  readonly title: string;
  /** In the extended header of its images (Espressif, "Firmware Image Format"). */
  readonly imageId: number;
}

const CHIPS: readonly EspChip[] = [
  { name: 'esp32', title: 'ESP32', imageId: 0 },
  { name: 'esp32s2', title: 'ESP32-S2', imageId: 2 },
  { name: 'esp32s3', title: 'ESP32-S3', imageId: 9 },
  { name: 'esp32c3', title: 'ESP32-C3', imageId: 5 },
  { name: 'esp32c6', title: 'ESP32-C6', imageId: 13 },
];

/** What is flashed onto each of them. */
export const ESP_BOARDS: readonly FlashBoard[] = CHIPS.map(({ name, title, imageId }) => ({
  name,
  title,
  store: null,
  bootLoader: {
    title: 'UART or USB, in ROM',
    protocol: 'esp32',
    chips: [title],
    flashAddress: 0,
    pages: [{ count: MOST_FLASH / SECTOR, bytes: SECTOR }],
    family: imageId,
  },
}));

/** Name of the chip that an image is for. */
export function espChipOf(imageId: number): string {
  return CHIPS.find((chip) => chip.imageId === imageId)?.title ?? hex(imageId);
}
