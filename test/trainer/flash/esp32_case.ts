/** An ESP32 that has learned, files that its owner built for it, and what is left of both after power cuts; for the tests and the bench. */
import { createHash } from 'node:crypto';
import { type FlashBoard, type FlashOptions, flash, flashTarget, type Image } from '../../../trainer/flash';
import { EspBootLoader } from '../../../trainer/flash/esp32/boot_loader';
import { lineToEsp, SimulatedEsp32 } from '../../support/esp32_boot_loader';
import { ESP_CHIPS, type EspChipFacts } from '../../support/esp32_chips';
import { bytes, imageOf } from './images';
import { countRecovered } from './interruptions';

export const TABLE_AT = 0x8000;
export const APP_AT = 0x1_0000;
/** As the Arduino IDE lays out 4 MB by default, with room for one application less. */
export const NVS = { address: 0x9000, bytes: 0x5000 };
export const FILES = { address: 0x29_0000, bytes: 0x16_0000 };
const APP_ROOM = 0x14_0000;
export const OTHER_APP_AT = APP_AT + APP_ROOM;
const CHOICE_AT = 0xe000;
/** Of the numbers 1 and 2, as ESP-IDF writes them. */
const CHOICE_CRC: Readonly<Record<1 | 2, number>> = { 1: 0x4743989a, 2: 0x55f63774 };

function entry(type: number, subtype: number, address: number, length: number, label: string): Buffer {
  const bytesOfEntry = Buffer.alloc(32);
  bytesOfEntry.writeUInt16LE(0x50aa, 0);
  bytesOfEntry.set([type, subtype], 2);
  bytesOfEntry.writeUInt32LE(address, 4);
  bytesOfEntry.writeUInt32LE(length, 8);
  bytesOfEntry.write(label, 12, 'latin1');
  return bytesOfEntry;
}

/** An update over the air has written this application last. */
export function choose(chip: SimulatedEsp32, number: 1 | 2, state = 2): void {
  const record = Buffer.alloc(32, 0xff);
  record.writeUInt32LE(number, 0);
  record.writeUInt32LE(state, 24);
  record.writeUInt32LE(CHOICE_CRC[number], 28);
  chip.flash.bytes.set(record, CHOICE_AT + 0x1000 * (number - 1));
}

/** A partition table. @param files where the file system lies */
export function table(files = FILES): Buffer {
  const entries = [
    entry(1, 0x02, NVS.address, NVS.bytes, 'nvs'),
    entry(1, 0x00, CHOICE_AT, 0x2000, 'otadata'),
    entry(0, 0x10, APP_AT, APP_ROOM, 'app0'),
    entry(0, 0x11, OTHER_APP_AT, APP_ROOM, 'app1'),
    entry(1, 0x82, files.address, files.bytes, 'spiffs'),
  ];
  return Buffer.concat([...entries, Buffer.alloc(0xc00 - 32 * entries.length, 0xff)]);
}

/** An image with one segment, a check sum and a hash. @param app it describes itself as an application */
export function espImage(imageId: number, length: number, app = true): Buffer {
  const head = Buffer.alloc(24);
  head.set([0xe9, 1, 2, 0x20]);
  head.writeUInt16LE(imageId, 12);
  head[23] = 1;
  const data = Buffer.from(bytes(length, imageId + 1));
  data.writeUInt32LE(app ? 0xabcd5432 : 0x50, 0);
  const segment = Buffer.alloc(8);
  segment.writeUInt32LE(data.length, 4);
  const body = Buffer.concat([head, segment, data]);
  const padded = Buffer.concat([body, Buffer.alloc(16 - (body.length % 16))]);
  padded[padded.length - 1] = data.reduce((sum, byte) => sum ^ byte, 0xef);
  return Buffer.concat([padded, createHash('sha256').update(padded).digest()]);
}

/** Everything in one file from 0 on, as the Arduino IDE merges it. */
export function merged(
  { imageId, secondStage }: EspChipFacts,
  appBytes: number,
  partitions = table(),
): Buffer {
  const app = espImage(imageId, appBytes);
  const file = Buffer.alloc(APP_AT + app.length, 0xff);
  file.set(espImage(imageId, 5000, false), secondStage);
  file.set(partitions, TABLE_AT);
  file.set(app, APP_AT);
  return file;
}

export const target = (name: string): FlashBoard => flashTarget(name) as FlashBoard;
export const facts = (name: string): EspChipFacts => ESP_CHIPS[name] as EspChipFacts;

/** Its store is a file of LittleFS; what else it has written, its key-value pairs, is kept, too. */
export function learnedEsp(name: string): SimulatedEsp32 {
  const chip = new SimulatedEsp32(facts(name));
  chip.flash.bytes.set(merged(facts(name), 3000));
  chip.flash.bytes.set(bytes(NVS.bytes, 7), NVS.address);
  chip.flash.bytes.set(bytes(FILES.bytes, 8), FILES.address);
  return chip;
}

export const holdsStore = (chip: SimulatedEsp32): boolean =>
  chip.flash.holds(NVS.address, bytes(NVS.bytes, 7)) &&
  chip.flash.holds(FILES.address, bytes(FILES.bytes, 8));

export const appImage = (name: string, length = 30_001): Image =>
  imageOf({ address: APP_AT, bytes: espImage(facts(name).imageId, length) });

export const holds = (chip: SimulatedEsp32, { segments }: Image): boolean =>
  segments.every(({ address, bytes: wanted }) => chip.flash.holds(address, wanted));

export const flashOn = (
  name: string,
  chip: SimulatedEsp32,
  image: Image,
  options?: FlashOptions,
): ReturnType<typeof flash> =>
  flash(target(name), image, async () => EspBootLoader.on(lineToEsp(chip)), options);

/** An application on a chip that has learned: it is there, and nothing learned is lost. */
export async function takesImage(name: string): Promise<boolean> {
  const chip = learnedEsp(name);
  await flashOn(name, chip, appImage(name));
  return holds(chip, appImage(name)) && holdsStore(chip) && chip.started;
}

/** The merged image is cut off: the partition table is in it, too. */
export const mergedImage = (name: string, length = 30_001): Image =>
  imageOf({ address: 0, bytes: merged(facts(name), length) });

/** Of so many power cuts, spread over a whole run, those after which the chip was flashed anew with nothing learned lost. */
export async function cutsRecovered(cuts: number, name = 'esp32c3'): Promise<number> {
  const image = mergedImage(name);
  const whole = learnedEsp(name);
  whole.powerFor = 1e9;
  await flashOn(name, whole, image);
  const all = 1e9 - whole.powerFor;
  return countRecovered(cuts, { first: 1, last: all - 1 }, (place) => {
    const chip = learnedEsp(name);
    chip.powerFor = place;
    return {
      flash: () => flashOn(name, chip, image),
      restore: () => chip.restore(),
      isWhole: () => holds(chip, appImage(name)) && holdsStore(chip) && chip.started,
      codes: ['FLASH_NO_BOOT_LOADER', 'FLASH_INTERRUPTED'],
    };
  });
}
