/** Makes the records of a trainer's history and sends them, in the order in which things happened. */
import type { BusStatus } from '../../trainer/bus';
import { isStream } from '../../trainer/definition';
import type { LogRecord, TrainerStatus } from '../../trainer/device';
import type { Session } from '../../trainer/session';
import {
  eventRecord,
  type Findings,
  type HistoryRecord,
  linkRecord,
  type Source,
  statusRecord,
} from './record';

export class History {
  private readonly link: Session;
  private readonly source: Source;
  private readonly send: (record: HistoryRecord) => void;
  private last: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(link: Session, source: Source, send: (record: HistoryRecord) => void) {
    this.link = link;
    this.source = source;
    this.send = send;
  }

  status(status: TrainerStatus): void {
    const time = Date.now();
    this.after(async () => statusRecord(this.source, time, status, await this.findings()));
  }

  event(log: LogRecord, now: TrainerStatus | undefined): void {
    const time = Date.now();
    this.after(() => eventRecord(this.source, time, now, log));
  }

  /** Something that the host noticed: the trainer is lost, or back. */
  noticed(event: string, text: string): void {
    const time = Date.now();
    this.after(() => linkRecord(this.source, time, event, text, this.health));
  }

  /** Resolves when nothing is read any more; nothing is sent from now on. */
  close(): Promise<void> {
    this.closed = true;
    return this.last;
  }

  private get health(): BusStatus {
    return this.link.health().bus;
  }

  private after(make: () => HistoryRecord | Promise<HistoryRecord>): void {
    this.last = this.last.then(async () => {
      if (this.closed) return;
      const record = await make();
      if (!this.closed) this.send(record);
    });
  }

  /** Facts of a look besides the status; what it cannot read now is left out. */
  private async findings(): Promise<Findings> {
    const { trainer } = this.link;
    try {
      const { definition } = trainer;
      const found =
        definition !== undefined && isStream(definition)
          ? { stream: await trainer.stream.result() }
          : { voices: await trainer.voices.read() };
      return { ...found, health: this.health };
    } catch {
      return { health: this.health };
    }
  }
}
