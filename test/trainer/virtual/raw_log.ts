/** Reads the log with plain requests. */
import { BulkObject, Limits, Registers } from '../../../trainer/contract/contract.generated';
import { decodeLog, type LogRecord } from '../../../trainer/device/log';
import type { VirtualBoard } from '../../../trainer/virtual';
import { readRequest, registersOf, writeRequest } from './frames';

/** The records kept, oldest first. */
export function logOf(board: VirtualBoard): LogRecord[] {
  const records: LogRecord[] = [];
  for (let page = 0; ; page++) {
    board.exchange(writeRequest(board.unit, Registers.bulkObject.address, BulkObject.LOG, page));
    const [, , high, low, length = 0, , ...data] = registersOf(
      board.exchange(readRequest(board.unit, Registers.bulkObject.address, 118)),
    ) as [number, number, number, number, number, number, ...number[]];
    const bytes = Uint8Array.from(data.flatMap((word) => [word >> 8, word & 0xff])).subarray(0, length);
    records.push(...decodeLog(board.unit, bytes));
    if (bytes.length === 0 || records.length * Limits.LOG_RECORD_BYTES >= high * 65_536 + low) return records;
  }
}
