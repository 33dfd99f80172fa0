/**
 * The editor and what it costs.
 *
 *   npm run bench -- editor [--json] [--quick] [--seconds N]
 *
 * Needs chromium. --quick leaves out what starts many trainers, and looks at the Dashboard for ten seconds instead of five minutes.
 * --seconds says how long it looks.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../../test/browser/editor_page';
import { firstLoop } from '../../test/browser/first_loop';
import { makeUserDir, RealNodeRed, ROOT, removeUserDir } from '../../test/nodes/real_node_red';
import { longestStall } from './dashboard_stall';
import { fleet, startMs } from './fleet';
import { axeSerious, updateMs } from './in_browser';
import { bundleBytes, chartsBytes, missingKeys, tarballBytes } from './package_figures';
import { PUBLISHED, scorecardFailures, withoutExample } from './scorecard';

const STARTS = 3;
const LOOK_SECONDS = 300;
const QUICK_LOOK_SECONDS = 10;

const quick = process.argv.includes('--quick');

function lookSeconds(): number {
  const at = process.argv.indexOf('--seconds');
  const given = at < 0 ? undefined : Number(process.argv[at + 1]);
  if (given !== undefined && !(given > 0)) throw new RangeError('--seconds takes a number above 0');
  return given ?? (quick ? QUICK_LOOK_SECONDS : LOOK_SECONDS);
}

/** Best of some starts: what else the machine does only adds to it. */
async function bestStart(userDir: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < STARTS; n++) times.push(await startMs(userDir));
  return Math.min(...times);
}

async function main(): Promise<void> {
  const lacking = withoutExample(ROOT, true);
  for (const type of lacking) console.log(`no example: ${type}`);
  const held = PUBLISHED.flatMap(scorecardFailures);
  for (const text of held) console.log(`scorecard: ${text}`);
  const figures: Record<string, number> = {
    editor_bundle_gzip_bytes: bundleBytes(),
    editor_charts_gzip_bytes: chartsBytes(),
    package_tarball_bytes: await tarballBytes(),
    missing_locale_keys: missingKeys(),
    nodes_without_example: lacking.length,
    scorecard_failures: held.length,
  };
  const { folder } = await makeUserDir();
  const bare = mkdtempSync(join(tmpdir(), 'edge-trainer-bench-'));
  try {
    const nodeRed = await RealNodeRed.start(folder);
    const browser = await launch();
    try {
      const { clicks, fields } = await firstLoop(browser, nodeRed);
      figures.first_loop_clicks = clicks;
      figures.first_loop_fields = fields;
      const { median, mean, worst } = await updateMs(browser, nodeRed);
      figures.sidebar_update_ms_50_trainers = Math.round(100 * mean) / 100;
      figures.sidebar_update_ms_50_trainers_median = Math.round(100 * median) / 100;
      figures.sidebar_update_ms_50_trainers_worst = Math.round(100 * worst) / 100;
      const serious = await axeSerious(browser, nodeRed);
      for (const violation of serious) console.log(`axe: ${violation}`);
      figures.axe_serious = serious.length;
      await nodeRed.stop();
      const seconds = lookSeconds();
      const { longestMs, long } = await longestStall(browser, seconds);
      figures.dashboard_main_thread_longest_stall_ms = Math.round(longestMs);
      figures.dashboard_main_thread_stalls_of_50_ms = long;
      figures.dashboard_main_thread_seconds = seconds;
    } finally {
      await browser.close();
      await nodeRed.stop();
    }
    figures.cold_start_added_ms = Math.round((await bestStart(folder)) - (await bestStart(bare)));
    if (!quick) {
      const fifty = await fleet(folder, 50, true);
      figures.virtual_trainers_50_rss_bytes = fifty.residentBytes;
      figures.virtual_trainers_50_ready_s = Math.round(10 * fifty.readySeconds) / 10;
      figures.idle_cpu_percent_50 = Math.round(10 * fifty.idlePercent) / 10;
      const many = await fleet(folder, 200, false);
      figures.virtual_trainers_200_ready_s = Math.round(10 * many.readySeconds) / 10;
      figures.virtual_trainers_200_rss_bytes = many.residentBytes;
    }
  } finally {
    removeUserDir(folder);
    if (existsSync(bare)) rmSync(bare, { recursive: true, force: true });
  }
  for (const [name, value] of Object.entries(figures)) console.log(`${name.padEnd(36)} ${value}`);
  if (process.argv.includes('--json')) console.log(JSON.stringify(figures));
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
