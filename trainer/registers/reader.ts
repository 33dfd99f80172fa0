/** Reads a list of points of one or several PLC units, in as few requests as these take. */
import { BusError, type BusHandle, ModbusExceptionError, type RequestOptions } from '../bus';
import { text, WordedError } from '../text';
import { halves, planReads, type ReadBlock, withoutHoles } from './plan';
import { type RegisterPoint, widthOf } from './point';
import { decoded } from './value';

const ILLEGAL_ADDRESS = 2;
const ILLEGAL_VALUE = 3;
/** Names of points that an error text shows. */
const NAMES_SHOWN = 5;

/** What is needed of a bus. */
export type ReadingBus = Pick<BusHandle, 'request'>;
export type ReadOptions = Pick<RequestOptions, 'priority' | 'deadlineMs' | 'signal'>;

/** Some points could not be read; no value is used, not even of those that could. */
export class ReadError extends WordedError {
  readonly code = 'REGISTERS_UNREAD';
  readonly points: readonly string[];

  constructor({ points, unit }: ReadBlock, cause: BusError) {
    const names = [...new Set(points.map(({ name }) => name))];
    const some = names.length <= NAMES_SHOWN ? names : [...names.slice(0, NAMES_SHOWN), '…'];
    super(text('registers.unread', { names: some, unit, problem: cause.text }), { cause }, cause.brief);
    this.points = names;
  }
}

export class RegisterReader {
  private readonly bus: ReadingBus;
  private readonly points: readonly RegisterPoint[];
  private blocks: readonly ReadBlock[];

  constructor(bus: ReadingBus, points: readonly RegisterPoint[]) {
    this.bus = bus;
    this.points = points;
    this.blocks = planReads(points);
  }

  /** Requests that the next reading takes. */
  get requests(): number {
    return this.blocks.length;
  }

  /**
   * Engineering values in the order of the points. A block that the PLC refuses because of an address between the points, or because
   * of its length, is read in parts from then on.
   * @throws ReadError that names the points, ValueError
   */
  async read(options: ReadOptions = {}): Promise<number[]> {
    const found = new Map<RegisterPoint, number>();
    const settled = await Promise.allSettled(
      this.blocks.map((block) => this.readBlock(block, found, options)),
    );
    const failed = settled.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    this.blocks = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    return this.points.map((point) => found.get(point) as number);
  }

  /** Takes the values of a block into `found`. @returns the blocks that it is read in from now on */
  private async readBlock(
    block: ReadBlock,
    found: Map<RegisterPoint, number>,
    options: ReadOptions,
  ): Promise<ReadBlock[]> {
    try {
      await this.take(block, found, options);
      return [block];
    } catch (error) {
      if (!(error instanceof BusError)) throw error;
      const parts = partsOf(block, error);
      if (parts.length < 2) throw new ReadError(block, error);
      const read: ReadBlock[] = [];
      for (const part of parts) read.push(...(await this.readBlock(part, found, options)));
      return read;
    }
  }

  /** @throws BusError, ValueError */
  private async take(
    block: ReadBlock,
    found: Map<RegisterPoint, number>,
    options: ReadOptions,
  ): Promise<void> {
    const { unit, fc, address, quantity, points } = block;
    const how = { priority: 'control' as const, ...options };
    if (fc === 1 || fc === 2) {
      const { values } = await this.bus.request({ unit, fc, address, quantity }, how);
      for (const point of points)
        found.set(point, decoded(point, values[point.address - address] as boolean));
      return;
    }
    const { bytes } = await this.bus.request({ unit, fc, address, quantity }, how);
    for (const point of points) {
      const at = 2 * (point.address - address);
      found.set(point, decoded(point, bytes.subarray(at, at + 2 * widthOf(point))));
    }
  }
}

function partsOf(block: ReadBlock, error: unknown): ReadBlock[] {
  if (!(error instanceof ModbusExceptionError)) return [];
  if (error.exception === ILLEGAL_ADDRESS) return withoutHoles(block);
  return error.exception === ILLEGAL_VALUE ? halves(block) : [];
}
