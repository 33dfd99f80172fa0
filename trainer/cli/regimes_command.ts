/** `regimes`: the operating regimes of a stream model by name. A board knows numbers; the names stand in the definition's file. */
import type { Command } from 'commander';
import { isStream, regimePlaces } from '../definition';
import { placeName } from '../device';
import { text, worded } from '../text';
import { UsageError } from './connection';
import { readDefinition, writeText } from './files';
import { table } from './output';

interface RegimesOptions {
  readonly name: readonly string[];
  readonly json?: boolean;
}

/** "2=2000 rpm"; an empty name takes one away. */
function parseName(word: string, places: number): readonly [place: number, name: string] {
  const [, number = '', name = ''] = /^(\d+)=(.*)$/.exec(word) ?? [];
  const place = Number(number);
  if (number === '' || place < 1 || place > places)
    throw new UsageError(`"${word}": give NUMBER=NAME with a number from 1 to ${places}`);
  return [place, placeName('name', name)];
}

async function regimes(file: string, options: RegimesOptions): Promise<void> {
  const { document, complete } = await readDefinition(file);
  if (!isStream(complete)) throw new Error(worded(text('command.noRegimes', { file })));
  const places = regimePlaces(complete);
  const names = Array.from({ length: places }, (_, i) => complete.regimeNames?.[i] ?? '');
  for (const word of options.name) {
    const [place, name] = parseName(word, places);
    names[place - 1] = name;
  }
  if (options.name.length > 0)
    await writeText(file, `${JSON.stringify({ ...document, regimeNames: names }, undefined, 2)}\n`);
  const rows = names.map((name, i) => ({ regime: i + 1, name }));
  console.log(
    options.json === true
      ? JSON.stringify(rows)
      : table(
          ['regime', 'name'],
          rows.map(({ regime, name }) => [String(regime), name]),
        ),
  );
}

export function regimesCommand(root: Command): void {
  root
    .command('regimes')
    .description("list the operating regimes of a stream model's definition, and name them in its file")
    .argument('<definition.json>', 'the definition that the board runs')
    .option(
      '--name <number=name>',
      'name a regime; an empty name takes it away; may be repeated',
      (word: string, all: string[]) => [...all, word],
      [] as string[],
    )
    .option('--json', 'print JSON')
    .action(regimes);
}
