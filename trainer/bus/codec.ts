/**
 * modbus-serial as encoder and decoder. Its client takes any port object; ours keeps the frame that the client writes
 * and hands the answer back, while the wire does the timing and the framing. So the function codes are modbus-serial's
 * and its transport traps are not ours.
 */
import { EventEmitter } from 'node:events';
import ModbusRTU from 'modbus-serial';
import type {
  BitsReply,
  BusReply,
  BusRequest,
  IdentificationReply,
  RegistersReply,
  WriteReply,
} from './requests';

/** What the client wants of a port of one's own: the methods of modbus-serial's TestPort. */
class CapturingPort extends EventEmitter {
  readonly isOpen = true;
  frame: Buffer = Buffer.alloc(0);

  open(opened: () => void): void {
    opened();
  }

  close(closed: () => void): void {
    closed();
  }

  write(frame: Buffer): void {
    this.frame = frame;
  }
}

type Callback = (error: (Error & { modbusCode?: number }) | null | undefined, result: unknown) => void;

/** Every call of modbus-serial takes a callback in place of giving a promise; its declarations leave that out for this one. */
interface CallWithCallback {
  readDeviceIdentification(category: number, objectId: number, next: Callback): void;
}

export type Decoded =
  | { readonly kind: 'reply'; readonly reply: BusReply }
  | { readonly kind: 'exception'; readonly exception: number }
  | { readonly kind: 'refused'; readonly why: string };

function unsignedWords(values: ArrayLike<number>): number[] {
  const out = new Array<number>(values.length);
  for (let i = 0; i < values.length; i++) out[i] = (values[i] as number) & 0xffff;
  return out;
}

export class Codec {
  private readonly port = new CapturingPort();
  private readonly client = new ModbusRTU(this.port);
  private request: BusRequest | undefined;
  private decoded: Decoded | undefined;
  private readonly next: Callback = (error, result) => {
    this.decoded = this.read(error, result);
  };

  constructor() {
    this.client.open(() => undefined);
  }

  /** The request as an RTU frame with CRC. It must have passed `checkRequest`. `objectId` overrides that of FC 43. */
  encode(request: BusRequest, objectId?: number): Buffer {
    const { client, next } = this;
    this.request = request;
    this.decoded = undefined;
    switch (request.fc) {
      case 1:
        client.writeFC1(request.unit, request.address, request.quantity, next);
        break;
      case 2:
        client.writeFC2(request.unit, request.address, request.quantity, next);
        break;
      case 3:
        client.writeFC3(request.unit, request.address, request.quantity, next);
        break;
      case 4:
        client.writeFC4(request.unit, request.address, request.quantity, next);
        break;
      case 5:
        client.writeFC5(request.unit, request.address, request.value, next);
        break;
      case 6:
        client.writeFC6(request.unit, request.address, request.value & 0xffff, next);
        break;
      case 15:
        client.writeFC15(request.unit, request.address, [...request.values], next);
        break;
      case 16:
        client.writeFC16(request.unit, request.address, unsignedWords(request.values), next);
        break;
      case 22:
        client.writeFC22(request.unit, request.address, request.andMask, request.orMask, next);
        break;
      case 23: {
        const words = unsignedWords(request.values);
        const { unit, address, quantity, writeAddress } = request;
        client.writeFC23(unit, address, quantity, writeAddress, words.length, words, next);
        break;
      }
      case 43: {
        client.setID(request.unit);
        const calls: CallWithCallback = client as unknown as CallWithCallback;
        calls.readDeviceIdentification(request.category ?? 1, objectId ?? request.objectId ?? 0, next);
        break;
      }
    }
    return this.port.frame;
  }

  /** Decodes the answer to the request encoded last; may be called again with another answer to the same request. */
  decode(frame: Buffer): Decoded {
    this.decoded = undefined;
    this.port.emit('data', frame);
    return this.decoded ?? { kind: 'refused', why: 'not taken by the decoder' };
  }

  private read(error: (Error & { modbusCode?: number }) | null | undefined, result: unknown): Decoded {
    if (error !== null && error !== undefined) {
      if (error.modbusCode !== undefined) return { kind: 'exception', exception: error.modbusCode };
      return { kind: 'refused', why: error.message };
    }
    return { kind: 'reply', reply: this.toReply(this.request as BusRequest, result) };
  }

  private toReply(request: BusRequest, result: unknown): BusReply {
    switch (request.fc) {
      case 1:
      case 2: {
        // modbus-serial pads to whole bytes.
        const { data } = result as { data: boolean[] };
        return { values: data.slice(0, request.quantity) } satisfies BitsReply;
      }
      case 3:
      case 4: {
        const { data, buffer } = result as { data: number[]; buffer: Buffer };
        return { values: data, bytes: buffer } satisfies RegistersReply;
      }
      case 23: {
        const { data } = result as { data: number[] };
        const bytes = Buffer.alloc(2 * data.length);
        for (let i = 0; i < data.length; i++) bytes.writeUInt16BE(data[i] as number, 2 * i);
        return { values: data, bytes } satisfies RegistersReply;
      }
      case 43: {
        const { data, conformityLevel } = result as { data: Record<number, string>; conformityLevel: number };
        return { conformityLevel, objects: data } satisfies IdentificationReply;
      }
      default:
        return confirmationOf(request, false);
    }
  }
}

/** What a write reports when the unit has echoed it, or, for a broadcast, when it has been sent. */
export function confirmationOf(
  request: Exclude<BusRequest, { fc: 1 | 2 | 3 | 4 | 23 | 43 }>,
  broadcast: boolean,
): WriteReply {
  const quantity = request.fc === 15 || request.fc === 16 ? request.values.length : 1;
  return { address: request.address, quantity, broadcast };
}
