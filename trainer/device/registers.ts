/** Register values <-> words on the wire: big-endian words, high word first (ABCD), floats IEEE 754. */
import { type Register, type RegisterName, Registers } from '../contract/contract.generated';

/** Words of one value of a type. */
const WORDS = { u16: 1, i16: 1, u32: 2, f32: 2, string: 1 } as const;

const view = new DataView(new ArrayBuffer(4));

function decodeOne(type: Register['type'], words: ArrayLike<number>, at: number): number {
  const high = words[at] as number;
  if (type === 'u16' || type === 'string') return high;
  if (type === 'i16') return high >= 0x8000 ? high - 0x10000 : high;
  view.setUint16(0, high);
  view.setUint16(2, words[at + 1] as number);
  return type === 'u32' ? view.getUint32(0) : view.getFloat32(0);
}

/** Words of a value, to be written. Values must be in range; integers must be whole. */
export function encodeRegister(name: RegisterName, value: number): number[] {
  const { type } = Registers[name];
  switch (type) {
    case 'u16':
      return [value & 0xffff];
    case 'i16':
      return [value & 0xffff];
    case 'u32':
      view.setUint32(0, value);
      return [view.getUint16(0), view.getUint16(2)];
    case 'f32':
      view.setFloat32(0, value);
      return [view.getUint16(0), view.getUint16(2)];
    default:
      throw new RangeError(`${name} is no number`);
  }
}

/** A run of words read from the device, seen as the registers that lie in it. */
export class RegisterWindow {
  private readonly address: number;
  private readonly words: ArrayLike<number>;

  /** @param address of the first word */
  constructor(address: number, words: ArrayLike<number>) {
    this.address = address;
    this.words = words;
  }

  private locate(name: RegisterName, index: number): { register: Register; at: number } {
    const register: Register = Registers[name];
    const at = register.address - this.address + index * WORDS[register.type];
    if (at < 0 || at + WORDS[register.type] > this.words.length) throw new RangeError(`${name} was not read`);
    return { register, at };
  }

  /** The value, or for a register of many values the one at `index`. */
  number(name: RegisterName, index = 0): number {
    const { register, at } = this.locate(name, index);
    return decodeOne(register.type, this.words, at);
  }

  numbers(name: RegisterName, count: number = Registers[name].count): number[] {
    return Array.from({ length: count }, (_, index) => this.number(name, index));
  }

  /** ASCII, two characters a register; ends at the first zero; anything unprintable becomes "?". */
  text(name: RegisterName): string {
    let text = '';
    for (const word of this.numbers(name)) {
      for (const code of [word >> 8, word & 0xff]) {
        if (code === 0) return text;
        text += code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '?';
      }
    }
    return text;
  }
}
