/** Options of the commands that read samples from a file. */
import { type Command, InvalidArgumentError } from 'commander';
import { counted } from '../output';
import { describeProblems } from './csv_error';
import type { Row, RowOptions, Rows } from './rows';

export interface DataOptions {
  readonly label?: string;
  readonly skipBad?: boolean;
  readonly alias?: ReadonlyMap<string, string>;
  readonly category?: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

/** "2=warm": everything before the last equals sign is the text of the file. */
function pair(text: string): [string, string] {
  const at = text.lastIndexOf('=');
  if (at < 1 || at === text.length - 1) throw new InvalidArgumentError('give TEXT=VALUE');
  return [text.slice(0, at), text.slice(at + 1)];
}

function addAlias(text: string, before: ReadonlyMap<string, string> = new Map()): Map<string, string> {
  return new Map([...before, pair(text)]);
}

function addCategory(
  text: string,
  before: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map(),
): Map<string, ReadonlyMap<string, number>> {
  const [place, value] = pair(text);
  const at = place.indexOf(':');
  if (at < 1 || at === place.length - 1 || !Number.isFinite(Number(value)))
    throw new InvalidArgumentError('give FEATURE:TEXT=NUMBER');
  const feature = place.slice(0, at);
  const numbers = new Map([...(before.get(feature) ?? []), [place.slice(at + 1), Number(value)] as const]);
  return new Map([...before, [feature, numbers]]);
}

export function dataOptions(command: Command, labelled = true): Command {
  if (labelled)
    command
      .option('--label <name>', 'name of the label column; default: "label", else the last column')
      .option(
        '--alias <text=label>',
        'a text of the label column that means this class; repeatable',
        addAlias,
      );
  return command
    .option(
      '--category <feature:text=number>',
      'in the column of a feature, this word means this number; repeatable',
      addCategory,
    )
    .option('--skip-bad', 'leave out rows that cannot be used, and count them');
}

export function rowOptions({ label, skipBad, alias, category }: DataOptions): RowOptions {
  return {
    label,
    ...(skipBad === undefined ? {} : { skipBad }),
    ...(alias === undefined ? {} : { labels: alias }),
    ...(category === undefined ? {} : { categories: category }),
  };
}

/** Says which rows were left out. */
export function warnSkipped(file: string, { skipped }: Rows<Row>): void {
  if (skipped.length > 0)
    process.stderr.write(
      `edge-trainer: ${file}: left out ${counted(skipped.length, 'row')}: ${describeProblems(skipped)}\n`,
    );
}
