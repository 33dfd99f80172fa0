/**
 * Reads tables of a FlatBuffers file; every offset and length is checked before it is followed. What is read in all is bounded by the
 * length of the file: a damaged one may refer to the same long vector from thousands of places.
 */

export class FlatbufferError extends Error {}

/** An honest file is read about once. */
const READ_MOST = 8;
const READ_LEAST = 4096;

export class Flatbuffer {
  private readonly view: DataView;
  private read = 0;

  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The identifier behind the first offset, four characters. */
  get identifier(): string {
    this.need(4, 4);
    return String.fromCharCode(...this.bytes.subarray(4, 8));
  }

  root(): Table {
    return new Table(this, this.uint32(0));
  }

  need(at: number, length: number): void {
    if (at < 0 || length < 0 || at + length > this.bytes.length)
      throw new FlatbufferError(`${length} bytes at ${at} lie outside of its ${this.bytes.length}`);
  }

  /** A vector of so many bytes is about to be read. */
  spend(length: number): void {
    this.read += length;
    if (this.read > READ_LEAST + READ_MOST * this.bytes.length)
      throw new FlatbufferError('it refers to its own parts too often');
  }

  uint8(at: number): number {
    this.need(at, 1);
    return this.view.getUint8(at);
  }

  int8(at: number): number {
    this.need(at, 1);
    return this.view.getInt8(at);
  }

  uint16(at: number): number {
    this.need(at, 2);
    return this.view.getUint16(at, true);
  }

  int32(at: number): number {
    this.need(at, 4);
    return this.view.getInt32(at, true);
  }

  uint32(at: number): number {
    this.need(at, 4);
    return this.view.getUint32(at, true);
  }

  float32(at: number): number {
    this.need(at, 4);
    return this.view.getFloat32(at, true);
  }

  /** 64-bit integers of a file stand for small numbers. */
  int64(at: number): number {
    this.need(at, 8);
    return Number(this.view.getBigInt64(at, true));
  }
}

/** One table; fields by their number in the schema. A field that is not there has its default. */
export class Table {
  private readonly vtable: number;
  private readonly vtableBytes: number;

  constructor(
    private readonly file: Flatbuffer,
    private readonly at: number,
  ) {
    this.vtable = at - file.int32(at);
    this.vtableBytes = file.uint16(this.vtable);
    if (this.vtableBytes < 4) throw new FlatbufferError(`a table at ${at} has no fields`);
    file.need(this.vtable, this.vtableBytes);
  }

  private place(field: number): number | undefined {
    const entry = 4 + 2 * field;
    if (entry + 2 > this.vtableBytes) return undefined;
    const offset = this.file.uint16(this.vtable + entry);
    return offset === 0 ? undefined : this.at + offset;
  }

  int8(field: number, otherwise = 0): number {
    const place = this.place(field);
    return place === undefined ? otherwise : this.file.int8(place);
  }

  int32(field: number, otherwise = 0): number {
    const place = this.place(field);
    return place === undefined ? otherwise : this.file.int32(place);
  }

  float32(field: number, otherwise = 0): number {
    const place = this.place(field);
    return place === undefined ? otherwise : this.file.float32(place);
  }

  table(field: number): Table | undefined {
    const place = this.place(field);
    return place === undefined ? undefined : new Table(this.file, place + this.file.uint32(place));
  }

  /** Start and length of a vector whose elements have `size` bytes. */
  private vector(field: number, size: number): { readonly start: number; readonly length: number } {
    const place = this.place(field);
    if (place === undefined) return { start: 0, length: 0 };
    const vector = place + this.file.uint32(place);
    const length = this.file.uint32(vector);
    this.file.need(vector + 4, length * size);
    return { start: vector + 4, length };
  }

  private each<T>(field: number, size: number, read: (at: number) => T): T[] {
    const { start, length } = this.vector(field, size);
    this.file.spend(length * size);
    return Array.from({ length }, (_, i) => read(start + i * size));
  }

  bytes(field: number): Uint8Array {
    const { start, length } = this.vector(field, 1);
    return this.file.bytes.subarray(start, start + length);
  }

  int32s(field: number): number[] {
    return this.each(field, 4, (at) => this.file.int32(at));
  }

  int64s(field: number): number[] {
    return this.each(field, 8, (at) => this.file.int64(at));
  }

  float32s(field: number): number[] {
    return this.each(field, 4, (at) => this.file.float32(at));
  }

  tables(field: number): Table[] {
    return this.each(field, 4, (at) => new Table(this.file, at + this.file.uint32(at)));
  }
}
