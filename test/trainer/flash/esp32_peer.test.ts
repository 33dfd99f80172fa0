import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ESPLoader, Transport } from 'esptool-js';
import { SimulatedEsp32 } from '../../support/esp32_boot_loader';
import { ESP_CHIPS } from '../../support/esp32_chips';
import { APP_AT, espImage, facts } from './esp32_case';

/** What a browser calls a serial port (W3C, Web Serial API), with the chip at its other end. */
class BrowserPort {
  readable: ReadableStream<Uint8Array> | undefined;
  writable: WritableStream<Uint8Array> | undefined;
  private readonly chip: SimulatedEsp32;

  constructor(chip: SimulatedEsp32) {
    this.chip = chip;
  }

  async open({ baudRate }: { baudRate: number }): Promise<void> {
    const { chip } = this;
    chip.hostBaud = baudRate;
    this.readable = new ReadableStream({
      start: (controller) => {
        chip.answer = (bytes) => controller.enqueue(bytes);
      },
      cancel: () => {
        chip.answer = () => undefined;
      },
    });
    this.writable = new WritableStream({ write: (bytes) => chip.receive(bytes) });
  }

  async close(): Promise<void> {
    this.readable = undefined;
    this.writable = undefined;
  }

  async setSignals({ dataTerminalReady: dtr = false, requestToSend: rts = false }): Promise<void> {
    this.chip.signals(dtr, rts);
  }

  getInfo(): object {
    return {};
  }
}

describe('the simulated ESP32 and esptool-js as a browser runs it, whole', function () {
  this.timeout(60_000);

  for (const [name, { title, imageId }] of Object.entries(ESP_CHIPS))
    it(`${title}: is found, described, written at another rate, hashed and read`, async () => {
      const chip = new SimulatedEsp32(facts(name));
      const transport = new Transport(new BrowserPort(chip) as unknown as Transport['device']);
      // It speaks to the console of the browser.
      transport.trace = () => undefined;
      const said: string[] = [];
      const terminal = {
        clean: () => undefined,
        write: () => undefined,
        writeLine: (line: string) => said.push(line),
      };
      const loader = new ESPLoader({ transport, baudrate: 921_600, terminal });
      assert.match(await loader.main(), new RegExp(`^${title}\\b`));
      assert.equal(chip.hostBaud, 921_600);
      assert.equal(await loader.detectFlashSize(), '4MB');
      const app = espImage(imageId, 30_000);
      const md5 = (bytes: Uint8Array): string => createHash('md5').update(bytes).digest('hex');
      await loader.writeFlash({
        fileArray: [{ address: APP_AT, data: app }],
        flashMode: 'keep',
        flashFreq: 'keep',
        flashSize: 'detect',
        eraseAll: false,
        compress: name !== 'esp32s2', // one of them takes its packets as they are
        calculateMD5Hash: md5,
      });
      assert.ok(said.includes('Hash of data verified.'), said.join('\n'));
      assert.ok(chip.flash.holds(APP_AT, app));
      assert.equal(md5(await loader.readFlash(APP_AT, app.length)), md5(app));
      await transport.disconnect();
    });
});
