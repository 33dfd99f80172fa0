/** `teach` and `stream`: samples of a file for the definition that a board runs. */
import type { Command } from 'commander';
import { isStream, samplesOf, streamOf, type WindowFeature, windowOf } from '../definition';
import type { StreamResult } from '../device';
import { text, worded } from '../text';
import { type ConnectionOptions, connectionOptions, withTrainer } from './connection';
import { type DataOptions, dataOptions, rowOptions, warnSkipped } from './data/options';
import { labelledRows, streamRows } from './data/rows';
import { readTable } from './data/table';
import { teach } from './evaluation';
import { readDefinition } from './files';
import { interruptible } from './interruptible';
import { counted, facts, grouped, percent } from './output';
import { ProgressBar } from './progress';

interface SampleOptions extends ConnectionOptions, DataOptions {
  readonly definition: string;
  readonly json?: boolean;
}

const FRAMES_A_STEP = 100;

async function teachFile(file: string, options: SampleOptions): Promise<void> {
  const { document, complete } = await readDefinition(options.definition);
  if (isStream(complete)) throw new Error(worded(text('command.isStream', { file: options.definition })));
  const found = labelledRows(await readTable(file), complete, rowOptions(options));
  warnSkipped(file, found);
  const bar = new ProgressBar();
  const summary = await interruptible((signal) =>
    withTrainer(
      options,
      async ({ trainer }) => {
        await teach(trainer, found.rows, { onProgress: bar.update.bind(bar), signal });
        return trainer.dataset.summary();
      },
      { definition: document },
    ),
  ).finally(() => bar.end());
  console.log(
    options.json === true
      ? JSON.stringify({ taught: found.rows.length, ...summary })
      : facts([
          ['taught', counted(found.rows.length, 'row')],
          ['samples', `${summary.stored} of ${summary.capacity}`],
          ...summary.perClass.map(({ label, count }) => [`class "${label}"`, count] as const),
        ]),
  );
}

/** What the windows of a stream showed. */
class Windows {
  scored = 0;
  over = 0;
  inAlarm = 0;
  alarms = 0;
  readonly patterns = new Map<number, string>();
  private before = false;

  see(result: StreamResult): void {
    this.scored++;
    if (result.calibrated && result.score > result.threshold) this.over++;
    if (result.alarm) this.inAlarm++;
    if (result.alarm && !this.before) this.alarms++;
    if (result.alarm && result.pattern > 0)
      this.patterns.set(result.pattern, result.patternName || `pattern ${result.pattern}`);
    this.before = result.alarm;
  }
}

/** How full the window of a network is. */
function showWindow(
  window: WindowFeature,
  samples: number,
  { held }: StreamResult,
  { json }: SampleOptions,
): void {
  const needed = samplesOf(window);
  console.log(
    json === true
      ? JSON.stringify({ samples, held, needed })
      : facts([
          ['samples sent', grouped(samples)],
          ['window', `${grouped(held)} of ${counted(needed, 'sample')}`],
        ]),
  );
}

async function streamFile(file: string, options: SampleOptions): Promise<void> {
  const { document, complete } = await readDefinition(options.definition);
  const channels = streamOf(complete);
  if (channels.length === 0) throw new Error(worded(text('command.noStream', { file: options.definition })));
  const streamed = { ...complete, features: [...channels] };
  const found = streamRows(await readTable(file), streamed, rowOptions(options));
  warnSkipped(file, found);
  const samples = found.rows.map(({ features }) => features);
  const bar = new ProgressBar();
  const windows = new Windows();
  const last = await interruptible((signal) =>
    withTrainer(
      options,
      async ({ trainer }) => {
        let result = await trainer.stream.result();
        for (let at = 0; at < samples.length; at += FRAMES_A_STEP) {
          const part = samples.slice(at, at + FRAMES_A_STEP);
          const sent = await trainer.stream.send(part, { signal, onWindow: (window) => windows.see(window) });
          result = sent.last;
          bar.update(at + part.length, samples.length, 'sending');
        }
        return result;
      },
      { definition: document },
    ),
  ).finally(() => bar.end());
  const window = windowOf(complete);
  if (window !== undefined) {
    showWindow(window, samples.length, last, options);
    return;
  }
  const { scored, over, inAlarm, alarms, patterns } = windows;
  console.log(
    options.json === true
      ? JSON.stringify({
          samples: samples.length,
          windows: scored,
          over,
          inAlarm,
          alarms,
          patterns: [...patterns.values()],
          last,
        })
      : facts([
          ['samples sent', grouped(samples.length)],
          ['windows scored', grouped(scored)],
          [
            'over the threshold',
            last.calibrated ? `${grouped(over)}, ${percent(over / scored)}` : 'no threshold yet: train first',
          ],
          ['in alarm', `${counted(inAlarm, 'window')}, ${counted(alarms, 'alarm')}`],
          ['patterns', patterns.size === 0 ? undefined : [...patterns.values()].join(', ')],
          ['regime', last.regimeName || last.regime || undefined],
          ['last score', `${last.score.toFixed(3)} (threshold ${last.threshold.toFixed(3)})`],
        ]),
  );
}

export function sampleCommands(root: Command): void {
  const definition = ['--definition <file>', 'the definition that the board runs'] as const;
  dataOptions(
    connectionOptions(root.command('teach'))
      .description('add labelled samples of a file to the data set; "train" then trains on them')
      .argument('<data.csv>', 'samples: columns named as the features, and a label column; .gz is read too')
      .requiredOption(...definition)
      .option('--json', 'print JSON'),
  ).action(teachFile);
  dataOptions(
    connectionOptions(root.command('stream'))
      .description(
        'send the samples of a file to a stream model, and print the results of its windows; or into the window of a network, for "infer"',
      )
      .argument('<data.csv>', 'samples in order of time: columns named as the channels; .gz is read too')
      .requiredOption(...definition)
      .option('--json', 'print JSON'),
    false,
  ).action(streamFile);
}
