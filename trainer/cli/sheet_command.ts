/** `sheet`: the PLC's address list of a definition. */
import { type Command, Option } from 'commander';
import { readDefinition, writeText } from './files';
import { sheetCsv, sheetMarkdown, sheetOf } from './sheet';

export function sheetCommand(root: Command): void {
  root
    .command('sheet')
    .description("print the PLC's address list for a definition: registers, scales, units, ranges, classes")
    .argument('<definition.json>', 'the definition')
    .addOption(new Option('--format <format>', 'how').choices(['markdown', 'csv']).default('markdown'))
    .option('--output <file>', 'write to this file')
    .action(
      async (file: string, options: { readonly format: 'markdown' | 'csv'; readonly output?: string }) => {
        const sheet = sheetOf((await readDefinition(file)).complete);
        const text = options.format === 'csv' ? sheetCsv(sheet) : sheetMarkdown(sheet);
        if (options.output === undefined) process.stdout.write(text);
        else await writeText(options.output, text);
      },
    );
}
