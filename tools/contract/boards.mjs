// The facts of the boards: firmware/ports/<board>/board.json, one file a board.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ports = join(dirname(fileURLToPath(import.meta.url)), '../../firmware/ports');

/** Every board that takes a definition, in the order of the tables. */
export function readBoards() {
  return readdirSync(ports)
    .filter((folder) => existsSync(join(ports, folder, 'board.json')))
    .map((folder) => JSON.parse(readFileSync(join(ports, folder, 'board.json'), 'utf8')))
    .sort((a, b) => a.place - b.place)
    .map(({ $comment: _, place: __, ...facts }) => facts);
}

export function boardFiles() {
  return {
    'trainer/contract/boards.generated.ts': [
      '// Generated from firmware/ports/*/board.json by `npm run generate`. Do not edit.',
      '',
      `export const boardFacts = ${JSON.stringify(readBoards(), null, 2)} as const;`,
      '',
    ].join('\n'),
  };
}
