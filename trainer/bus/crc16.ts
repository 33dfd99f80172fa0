/**
 * CRC-16 of Modbus over Serial Line V1.02, section 6.2.2 (polynomial 0xA001 reflected, start 0xFFFF), by table.
 * modbus-serial computes the same sum bit by bit; the bus checks every candidate frame in a byte stream with it, so
 * it has to be cheap.
 */
const TABLE = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  TABLE[byte] = crc;
}

/** CRC of `bytes[start, end)`; 0..65535, sent low byte first on the wire. */
export function crc16(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0xffff;
  for (let i = start; i < end; i++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number);
  }
  return crc;
}

/** Whether `bytes[start, end)` is a frame whose last two bytes are the CRC of those before. */
export function hasValidCrc(bytes: Uint8Array, start: number, end: number): boolean {
  const crc = crc16(bytes, start, end - 2);
  return bytes[end - 2] === (crc & 0xff) && bytes[end - 1] === crc >>> 8;
}

/** Writes the CRC of everything before them into the last two bytes of `frame`, and returns `frame`. */
export function sealFrame<T extends Uint8Array>(frame: T): T {
  const crc = crc16(frame, 0, frame.length - 2);
  frame[frame.length - 2] = crc & 0xff;
  frame[frame.length - 1] = crc >>> 8;
  return frame;
}
