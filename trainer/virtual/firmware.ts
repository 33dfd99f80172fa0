/** The firmware as a WebAssembly module, and what it exports and imports (firmware/ports/wasm). */

import { accessSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text, WordedError } from '../text';

/** The compiled firmware is not there. */
export class FirmwareMissingError extends WordedError {
  readonly code = 'FIRMWARE_MISSING';

  constructor(path: string, cause: unknown) {
    super(text('virtual.firmwareMissing', { path }), { cause });
  }
}

/** What an instance exports. Lengths and addresses are in bytes, in the instance's memory. */
export interface FirmwareExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  wasm_exchange(): number;
  wasm_exchange_bytes(): number;
  wasm_line(baud: number, parity: number, stopBits: number): void;
  wasm_channels(inputs: number, outputs: number): void;
  wasm_boot_loader(): void;
  wasm_begin(
    arenaBytes: number,
    serial: number,
    nvmBytes: number,
    pageBytes: number,
    writeBytes: number,
    cycles: number,
  ): number;
  wasm_receive(length: number): number;
  wasm_poll(rounds: number): number;
  wasm_frame(length: number): number;
  wasm_stop(): void;
  wasm_pending(): number;
  wasm_busy(): number;
  wasm_unit(): number;
  wasm_set_unit(unit: number): void;
  wasm_start_reason(): number;
  wasm_plan(length: number, arenaBytes: number): void;
  wasm_change(before: number, after: number, samples: number): void;
  wasm_network(length: number): number;
  wasm_buffers(length: number): number;
  wasm_room(bytes: number): number;
  wasm_generation(length: number): number;
  wasm_generation_range(layer: number, scale: number, zero: number): void;
  wasm_generation_layer(layer: number, weights: number, scales: number, biases: number): void;
  wasm_generation_end(): number;
  wasm_generation_outputs(features: number): number;
  wasm_generation_train(
    features: number,
    labels: number,
    heldOut: number,
    targets: number,
    count: number,
  ): number;
}

/** What an instance asks of its host. */
export interface FirmwareImports {
  clock_ms(): number;
  clock_us(): number;
  nvm_read(offset: number, address: number, length: number): number;
  nvm_write(offset: number, address: number, length: number): number;
  nvm_erase(offset: number): number;
  random(address: number, length: number): void;
  actuate(outputClass: number, value: number): void;
  read_input(channel: number, address: number): number;
  drive_output(channel: number, value: number): number;
  set_line(baud: number, parity: number, stopBits: number, apply: number): number;
  restart(): void;
  boot_loader(): void;
}

/** The part of the WebAssembly API used here; Node's type declarations leave it to the browser's. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Record<string, object>) => { readonly exports: unknown };
}

const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
const path = join(__dirname, '../../firmware/edge-trainer.wasm');
let compiled: object | undefined;

/** @throws FirmwareMissingError when there is nothing to instantiate */
export function requireFirmware(): void {
  try {
    accessSync(path);
  } catch (error) {
    throw new FirmwareMissingError(path, error);
  }
}

function compile(): object {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new FirmwareMissingError(path, error);
  }
  return new Module(bytes);
}

/**
 * A fresh instance; its memory is its own.
 * @throws FirmwareMissingError
 */
export function instantiate(board: FirmwareImports): FirmwareExports {
  compiled ??= compile();
  return new Instance(compiled, { board }).exports as FirmwareExports;
}

/** The exchange buffer of an instance. Made anew for each use: the memory may have grown. */
export function exchangeOf(firmware: FirmwareExports): Uint8Array {
  return new Uint8Array(firmware.memory.buffer, firmware.wasm_exchange(), firmware.wasm_exchange_bytes());
}
