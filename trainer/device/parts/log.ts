/** The on-board log of a trainer. */
import { BulkObject } from '../../contract/contract.generated';
import { download, type TransferOptions } from '../bulk';
import type { TrainerConnection } from '../connection';
import { decodeLog, type LogRecord } from '../log';

export class LogPart {
  private readonly to: TrainerConnection;

  constructor(to: TrainerConnection) {
    this.to = to;
  }

  /** Oldest record first. */
  async read(options: TransferOptions = {}): Promise<LogRecord[]> {
    const how = { priority: 'monitoring', ...options } as const;
    return decodeLog(this.to.unit, await download(this.to.access, BulkObject.LOG, how));
  }
}
