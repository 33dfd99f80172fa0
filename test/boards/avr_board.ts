/** An ATmega328P inside this process (avr8js), talked to in lines over its UART. */
import { readFileSync } from 'node:fs';
import { AVRUSART, avrInstruction, CPU, usart0Config } from 'avr8js';

const CLOCK_HZ = 16e6;
const FLASH_BYTES = 32 * 1024;
const SRAM_BYTES = 2048;
/** Instructions between two looks at what else there is to do in this process. */
const SLICE = 100_000;

export class AvrBoard {
  /** Cycles spent in the last `ask`. */
  cycles = 0;
  private readonly cpu: CPU;
  private readonly uart: AVRUSART;
  private text = '';

  /** `image`: flash content from address 0. */
  constructor(image: string) {
    const flash = new Uint8Array(FLASH_BYTES);
    flash.set(readFileSync(image));
    this.cpu = new CPU(new Uint16Array(flash.buffer), SRAM_BYTES);
    this.uart = new AVRUSART(this.cpu, usart0Config, CLOCK_HZ);
    this.uart.onByteTransmit = (byte) => {
      this.text += String.fromCharCode(byte);
    };
  }

  /**
   * Sends a line, returns the line that comes back.
   * @param mostCycles emulated time to wait for it, in cycles; then it rejects
   */
  async ask(line: string, mostCycles = 60 * CLOCK_HZ): Promise<string> {
    const bytes = [...Buffer.from(`${line}\n`)];
    const { cpu, uart } = this;
    const start = cpu.cycles;
    this.text = '';
    uart.onRxComplete = () => {
      const next = bytes.shift();
      if (next !== undefined) uart.writeByte(next);
    };
    // The first one waits for the receiver to be switched on.
    let begun = false;
    while (!this.text.endsWith('\n')) {
      if (cpu.cycles - start > mostCycles)
        throw new Error(`no answer to "${line}" after ${cpu.cycles - start} cycles`);
      for (let count = 0; count < SLICE && !this.text.endsWith('\n'); count++) {
        if (!begun && uart.writeByte(bytes[0] as number) === true) {
          begun = true;
          bytes.shift();
        }
        const { interruptsEnabled } = cpu;
        avrInstruction(cpu);
        // One more instruction runs after interrupts are enabled: see AtmegaBoard.
        if (interruptsEnabled || !cpu.interruptsEnabled) cpu.tick();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.cycles = cpu.cycles - start;
    return this.text.trim();
  }
}
