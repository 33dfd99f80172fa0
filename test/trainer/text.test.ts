import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { translated } from '../../nodes/shared/runtime';
import { BusConfigError, BusTimeoutError, FrameError, ModbusExceptionError } from '../../trainer/bus';
import { text, worded } from '../../trainer/text';

const ROOT = join(__dirname, '..', '..', '..');

type Catalogue = { readonly [key: string]: string | Catalogue };

/** Looks texts up as Node-RED does in the catalogue that the build makes for it. */
function nodeRedIn(language: string): NodeAPI {
  const file = join(ROOT, 'dist/nodes/locales', language, 'device.json');
  const catalogue = JSON.parse(readFileSync(file, 'utf8')) as Catalogue;
  const look = (key: string, values: Record<string, unknown>): string => {
    let found: string | Catalogue | undefined = catalogue;
    for (const part of key.replace(/^.*:/, '').split('.'))
      found = typeof found === 'object' ? found[part] : undefined;
    return typeof found !== 'string'
      ? key
      : values.skipInterpolation === true
        ? found
        : found.replace(/__(\w+?)__/g, (_, name: string) => String(values[name]));
  };
  return { _: look } as unknown as NodeAPI;
}

const TARGET = { unit: 3, functionCode: 16, address: 100, quantity: 2 };

describe('error texts', () => {
  it('are English by themselves, with everything filled in', () => {
    assert.equal(
      new ModbusExceptionError(TARGET, 2).message,
      'unit 3, write multiple registers (FC 16) at 100, quantity 2: exception 2, illegal data address: the unit has nothing at this address, or not that many; check the register map.',
    );
    assert.match(
      new ModbusExceptionError(TARGET, 77).message,
      /exception 77, unknown exception: see the manual/,
    );
  });

  it('are made in the language of Node-RED where they leave a node', () => {
    const error = translated(nodeRedIn('de'), new BusTimeoutError(TARGET, 'queue', 12.4));
    assert.equal(
      error.message,
      'Geräteadresse 3, mehrere Register schreiben (FC 16) ab 100, Anzahl 2: 12 ms in der Warteschlange und nie gesendet: Die Leitung ist ausgelastet. Seltener fragen, die Priorität anderer Anfragen senken oder eine längere Frist geben.',
    );
    assert.equal((error as BusTimeoutError).code, 'BUS_TIMEOUT');
  });

  it('have lists written as their language writes them', () => {
    const said = (language: string): string => {
      const what = text('definition.noClass', { label: 'x', names: ['heat', 'cool'] });
      return translated(nodeRedIn(language), new BusConfigError(what)).message;
    };
    assert.match(said('de'), /heat, cool/);
    assert.match(said('ja'), /heat、cool/);
    assert.match(said('zh-CN'), /heat、cool/);
    assert.match(worded(text('definition.noClass', { label: 'x', names: ['heat', 'cool'] })), /heat, cool/);
  });

  it('leave no hole and no key in any language', () => {
    const fared = { attempts: 3, totalMs: 7034.2, wire: 'virtual' } as const;
    const errors = [
      new BusTimeoutError(TARGET, 'reply', 52, fared),
      new BusTimeoutError(TARGET, 'connect', 52, fared, text('bus.reason.peerClosed', { address: 'x:1' })),
      new FrameError(TARGET, 'truncated', text('bus.frame.truncated', { bytes: 49 }), fared),
      new ModbusExceptionError({ unit: 1, functionCode: 99 }, 11),
      new BusConfigError(text('bus.config.missing', { field: 'host' })),
    ];
    for (const language of ['en-US', 'de'])
      for (const error of errors) {
        const { message } = translated(nodeRedIn(language), error);
        assert.doesNotMatch(message, /__|undefined|\bbus\.|errors\./, `${language}: ${message}`);
      }
    assert.match(worded(errors[0]?.text ?? ''), /any of 3 attempts in 7034 ms; the last one waited 52 ms/);
  });
});
