/**
 * The house: what the sources promise about themselves, counted.
 *
 *   npm run bench -- house [--json] [--quick]
 *
 * Needs gcc, cmake, ninja and arm-none-eabi-gcc; for the models of each board `npm run boards` and qemu-system-arm. --quick leaves out what
 * builds or runs firmware.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PEERS } from '../../test/boards/peers';
import { streamRun } from '../../test/boards/stream_run';
import { libraryFlash } from '../svm/flash';
import { board, definitionField, formField, language, node, register } from './additions';
import { family } from './family';
import { circles, includes, upward } from './includes';
import { deadExports, deadFunctions, longestFunctions } from './text';

/** The shares of the last `npm run coverage`; without one they are left out. */
const COVERAGE = resolve(__dirname, '../../../build/coverage/coverage.json');

/** Boards whose emulator can be had everywhere, and which build every family. */
const WHOLE = ['virtual', 'stm32f405', 'rp2040'];

/** Whether the stream families learn the same bytes on each of these boards. */
async function sameBytes(): Promise<{ boards: string[]; same: boolean }> {
  const models: { name: string; fingerprints: string }[] = [];
  for (const peer of PEERS.filter(({ key }) => WHOLE.includes(key))) {
    const open = await peer.open();
    try {
      models.push({ name: peer.name, fingerprints: JSON.stringify([...(await streamRun(open.trainer))]) });
    } finally {
      await open.close();
    }
  }
  return {
    boards: models.map(({ name }) => name),
    same: models.length > 1 && new Set(models.map(({ fingerprints }) => fingerprints)).size === 1,
  };
}

async function main(): Promise<void> {
  const all = includes();
  const [up, around] = [upward(all), circles(all)];
  const dead = [...deadExports(), ...deadFunctions()];
  const long = longestFunctions();
  const figures: Record<string, number | boolean> = {
    include_circles: around.length,
    upward_includes: up.length,
    dead_exports: dead.length,
    longest_function_lines: long[0]?.lines ?? 0,
    functions_over_60_lines: long.filter(({ lines }) => lines > 60).length,
    files_to_add_definition_field: definitionField(),
    files_to_add_form_field: formField(),
    files_to_add_register: register(),
    folders_to_add_language: language(),
    files_to_add_node: node(),
  };
  if (existsSync(COVERAGE)) Object.assign(figures, JSON.parse(readFileSync(COVERAGE, 'utf8')));
  for (const { from, to } of up) console.log(`up: ${from} includes ${to}`);
  for (const files of around) console.log(`circle: ${files.join(' -> ')}`);
  for (const name of dead) console.log(`dead: ${name}`);
  for (const { path, line, lines } of long.filter(({ lines }) => lines > 60))
    console.log(`long: ${path}:${line}, ${lines} lines`);
  if (!process.argv.includes('--quick')) {
    figures.files_to_add_family = family();
    figures.files_to_add_board = board();
    const folder = mkdtempSync(join(tmpdir(), 'edge-trainer-house-'));
    try {
      figures.svm_only_flash_m0_bytes = libraryFlash(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
    const { boards, same } = await sameBytes();
    console.log(`models compared on: ${boards.join('; ')}`);
    figures.esn_same_bytes_everywhere = same;
  }
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(32)} ${value}`);
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
