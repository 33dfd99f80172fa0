/** Instructions per sample of the stream families on emulated cores: exact and repeatable. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { BOARD, type Core, compileFor, cores, runOn } from '../cores/cores';

const ROOT = resolve(__dirname, '../../..');
const SOURCES = ['esn', 'correlation', 'process', 'stream'].flatMap((family) => {
  const folder = join(ROOT, 'firmware/src/models', family);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .map((name) => join(folder, name));
});
const SUPPORT = ['section', 'blocks'].map((name) => join(ROOT, 'firmware/src/support', `${name}.c`));
const LIMIT_MS = 300_000;

export const CORES: Readonly<Record<'m4f' | 'm3', Core>> = {
  m4f: cores.m4f,
  m3: { ...cores.m3, flags: [...cores.m3.flags, '-DET_ESN_FIXED'] },
};

export const FAMILIES = {
  esn: ['-DUNITS=64'],
  correlation: ['-DCORRELATION'],
  diagonal: ['-DCORRELATION', '-DDIAGONAL'],
  process: ['-DPROCESS'],
} as const;

/** What bench/stream/cycles.c reports, by name, in instructions and bytes. */
export function cyclesOf(family: keyof typeof FAMILIES, core: Core): (name: string) => number {
  const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-cycles-'));
  try {
    const defines = [...FAMILIES[family], `-I${join(ROOT, 'test/firmware/stream')}`];
    const objects = [join(ROOT, 'bench/stream/cycles.c'), BOARD, ...SOURCES, ...SUPPORT].map((source, i) => {
      const object = join(folder, `${i}-${basename(source, '.c')}.o`); // folders have files of the same name
      compileFor(core, source, object, defines);
      return object;
    });
    const { figures, said } = runOn(core, objects, join(folder, 'cycles.elf'), LIMIT_MS);
    return (name) => {
      const value = figures.get(name)?.[0];
      if (value === undefined) throw new Error(`${family} on ${core.title}: no ${name}; it said: ${said}`);
      return value;
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
