// The facts of the boards: firmware/ports/<board>/board.json, one file a board; and what its build leaves out.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFamilies } from './read.mjs';
import { switchesOf } from './switches.mjs';

const ports = join(dirname(fileURLToPath(import.meta.url)), '../../firmware/ports');

/** Types of models that the firmware of a board leaves out, from the switches in its board.cmake. */
function lacksOf(folder) {
  const file = join(ports, folder, 'board.cmake');
  const build = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const off = [...build.matchAll(/\bET_WITH_(\w+)=0/g)].map(([, name]) => name);
  return readFamilies()
    .flatMap(({ models }) => models)
    .filter((model) => switchesOf(model).some((name) => off.includes(name)))
    .map(({ name }) => name);
}

/** Every board that takes a definition, in the order of the tables. */
export function readBoards() {
  return readdirSync(ports)
    .filter((folder) => existsSync(join(ports, folder, 'board.json')))
    .map((folder) => ({
      ...JSON.parse(readFileSync(join(ports, folder, 'board.json'), 'utf8')),
      lacks: lacksOf(folder),
    }))
    .sort((a, b) => a.place - b.place)
    .map(({ $comment: _, place: __, channels = { inputs: 0, outputs: 0 }, ...facts }) => ({
      ...facts,
      channels,
    }));
}

export function boardFiles() {
  return {
    'trainer/contract/boards.generated.ts': [
      '// Generated from firmware/ports/*/board.json and board.cmake by `npm run generate`. Do not edit.',
      '',
      `export const boardFacts = ${JSON.stringify(readBoards(), null, 2)} as const;`,
      '',
    ].join('\n'),
  };
}
