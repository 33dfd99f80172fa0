/** Uploads and commits a definition with plain requests. */
import { crc16 } from '../../../trainer';
import { BulkObject, Command, Limits, Registers } from '../../../trainer/contract/contract.generated';
import type { VirtualBoard } from '../../../trainer/virtual';
import { exceptionOf, writeRequest } from './frames';

/** @returns false when the board refuses */
export function deployTo(board: VirtualBoard, blob: Uint8Array, ticket = 65_000): boolean {
  for (let page = 0; page * Limits.PAGE_BYTES < blob.length; page++) {
    const data = blob.subarray(page * Limits.PAGE_BYTES, (page + 1) * Limits.PAGE_BYTES);
    const wire = Buffer.alloc(12 + data.length + (data.length % 2));
    wire.writeUInt16BE(BulkObject.DEFINITION_STAGED, 0);
    wire.writeUInt16BE(page, 2);
    wire.writeUInt32BE(blob.length, 4);
    wire.writeUInt16BE(data.length, 8);
    wire.set(data, 12);
    const header = Buffer.concat([wire.subarray(0, 10), data]);
    wire.writeUInt16BE(crc16(header, 0, header.length), 10);
    const words = Array.from({ length: wire.length / 2 }, (_, i) => wire.readUInt16BE(2 * i));
    if (exceptionOf(board.exchange(writeRequest(board.unit, Registers.bulkObject.address, ...words))) !== 0)
      return false;
  }
  const command = [0, 0, Command.COMMIT_DEFINITION, ticket];
  return (
    exceptionOf(board.exchange(writeRequest(board.unit, Registers.commandArgument.address, ...command))) === 0
  );
}
