/** Writes small FlatBuffers files: a table is written before what it refers to, so that every offset points forward. */

export type Field =
  | { readonly kind: 'int8'; readonly value: number }
  | { readonly kind: 'int32'; readonly value: number }
  | { readonly kind: 'float32'; readonly value: number }
  | { readonly kind: 'table'; readonly fields: Fields }
  | { readonly kind: 'tables'; readonly all: readonly Fields[] }
  /** One table, referred to so many times. */
  | { readonly kind: 'repeated'; readonly fields: Fields; readonly times: number }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'int32s' | 'float32s' | 'int64s'; readonly values: readonly number[] };
/** By number in the schema. */
export type Fields = Readonly<Record<number, Field>>;

class Writer {
  private bytes = new Uint8Array(1 << 16);
  private view = new DataView(this.bytes.buffer);
  private end = 0;

  take(length: number): number {
    const at = (this.end + 7) & ~7;
    this.end = at + length;
    if (this.end > this.bytes.length) throw new RangeError('the file is too large for this writer');
    return at;
  }

  point(from: number, to: number): void {
    this.view.setUint32(from, to - from, true);
  }

  vector(length: number, size: number): { readonly vector: number; readonly first: number } {
    // The length lies just before the first element, which is aligned.
    const at = this.take(8 + length * size);
    this.view.setUint32(at + 4, length, true);
    return { vector: at + 4, first: at + 8 };
  }

  private field(field: Field, at: number): void {
    const { view } = this;
    if (field.kind === 'int8') view.setInt8(at, field.value);
    else if (field.kind === 'int32') view.setInt32(at, field.value, true);
    else if (field.kind === 'float32') view.setFloat32(at, field.value, true);
    else if (field.kind === 'table') this.point(at, this.table(field.fields));
    else if (field.kind === 'tables') {
      const { vector, first } = this.vector(field.all.length, 4);
      this.point(at, vector);
      field.all.forEach((fields, i) => {
        this.point(first + 4 * i, this.table(fields));
      });
    } else if (field.kind === 'repeated') {
      const { vector, first } = this.vector(field.times, 4);
      this.point(at, vector);
      const table = this.table(field.fields);
      for (let i = 0; i < field.times; i++) this.point(first + 4 * i, table);
    } else if (field.kind === 'bytes') {
      const { vector, first } = this.vector(field.bytes.length, 1);
      this.point(at, vector);
      this.bytes.set(field.bytes, first);
    } else {
      const { vector, first } = this.vector(field.values.length, field.kind === 'int64s' ? 8 : 4);
      this.point(at, vector);
      field.values.forEach((value, i) => {
        if (field.kind === 'int32s') view.setInt32(first + 4 * i, value, true);
        else if (field.kind === 'float32s') view.setFloat32(first + 4 * i, value, true);
        else view.setBigInt64(first + 8 * i, BigInt(value), true);
      });
    }
  }

  table(fields: Fields): number {
    const numbers = Object.keys(fields).map(Number);
    const count = Math.max(-1, ...numbers) + 1;
    const vtable = this.take(4 + 2 * count);
    const table = this.take(4 + 4 * numbers.length);
    this.view.setUint16(vtable, 4 + 2 * count, true);
    this.view.setUint16(vtable + 2, 4 + 4 * numbers.length, true);
    this.view.setInt32(table, table - vtable, true);
    numbers.forEach((number, i) => {
      this.view.setUint16(vtable + 4 + 2 * number, 4 + 4 * i, true);
      const field = fields[number];
      if (field !== undefined) this.field(field, table + 4 + 4 * i);
    });
    return table;
  }

  file(identifier: string, root: Fields): Uint8Array {
    this.take(8);
    this.bytes.set(Buffer.from(identifier, 'latin1'), 4);
    this.point(0, this.table(root));
    return this.bytes.slice(0, (this.end + 7) & ~7);
  }
}

export function flatbuffer(identifier: string, root: Fields): Uint8Array {
  return new Writer().file(identifier, root);
}
