/** A node's way to the registers of a PLC: the bus, and the address list that its dialog holds. */
import type { NodeAPI } from 'node-red';
import type { BusHandle } from '../../trainer/bus';
import { pointFrom, type RegisterPoint, RegisterReader, type StoredPoint } from '../../trainer/registers';
import type { BusNode } from '../bus/bus';
import { numberOr } from '../bus/options';
import { MessageError } from './message_error';

/** What a value of the list is for. */
export type Use = 'feature' | 'outcome' | 'counter' | 'override' | 'interlock' | 'actuation';

export interface PlcConfig {
  /** Bus that the PLC is on. */
  plc?: string;
  /** Unit id of the PLC, for rows that name none. */
  plcUnit?: string | number;
  points?: readonly (StoredPoint & { readonly use?: Use })[];
}

export class Plc {
  readonly bus: BusHandle;
  private readonly points: readonly (RegisterPoint & { readonly use: Use })[];

  /**
   * @throws MessageError without a bus, or with one that does not work; PointError that names a row and its field; bus errors
   */
  constructor(RED: NodeAPI, { plc, plcUnit, points = [] }: PlcConfig) {
    const unit = numberOr(plcUnit, 1);
    this.points = points.map((point) => {
      const use = point.use ?? 'feature';
      const name = point.name === undefined || point.name === '' ? use : point.name;
      return { ...pointFrom({ ...point, name }, unit), use };
    });
    const bus = plc === undefined || plc === '' ? null : (RED.nodes.getNode(plc) as BusNode | null);
    if (bus?.join === undefined) throw new MessageError('error.noPlc');
    if (bus.problem !== undefined) throw new MessageError('error.plcProblem', { problem: bus.problem });
    this.bus = bus.join();
  }

  of(use: Use): readonly RegisterPoint[] {
    return this.points.filter((point) => point.use === use);
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}

/** Reads the values of one use whenever they are asked for; reports then what is wrong with the list. */
export class PlcReading {
  private readonly plc: Plc | undefined;
  private readonly problem: unknown;
  private readonly points: readonly RegisterPoint[] = [];
  private readonly reader: RegisterReader | undefined;

  constructor(RED: NodeAPI, config: PlcConfig, use: Use) {
    try {
      this.plc = new Plc(RED, config);
      this.points = this.plc.of(use);
      if (this.points.length === 0) throw new MessageError('error.noPoints');
      this.reader = new RegisterReader(this.plc.bus, this.points);
    } catch (error) {
      this.problem = error;
    }
  }

  /** @throws what the constructor of Plc throws, ReadError, ValueError */
  async read(signal: AbortSignal): Promise<Record<string, number>> {
    if (this.reader === undefined) throw this.problem;
    const values = await this.reader.read({ signal });
    return Object.fromEntries(this.points.map(({ name }, i) => [name, values[i] as number]));
  }

  async close(): Promise<void> {
    await this.plc?.close();
  }
}
