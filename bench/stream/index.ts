/**
 * The stream families on real recordings, through the protocol on a virtual trainer; their memory, and their instructions on emulated
 * cores.
 *
 *   npm run bench -- stream [fan [FILE…] | bearing HEALTHY FAULT… | gearbox FOLDER | skab FOLDER | board] [--json]
 *
 * Without a name all of them run, on the development data. The instructions need arm-none-eabi-gcc and qemu-system-arm.
 */
import { InputError, runBench, wordsGiven } from '../data';
import { bearings } from './bearing';
import { boards } from './board';
import { fans } from './fan';
import { Report } from './figures';
import { gearboxes } from './gearbox';
import { skab } from './skab';

const PARTS: Readonly<Record<string, (report: Report, given: readonly string[]) => Promise<void>>> = {
  fan: fans,
  bearing: bearings,
  gearbox: gearboxes,
  skab,
  board: boards,
};

async function main(): Promise<void> {
  const [name, ...given] = wordsGiven();
  const report = new Report();
  if (name === undefined) for (const part of Object.values(PARTS)) await part(report, []);
  else {
    const part = PARTS[name];
    if (part === undefined)
      throw new InputError(
        `there is no part "${name}"; give one of ${Object.keys(PARTS).join(', ')}, or nothing`,
      );
    await part(report, given);
  }
  report.noteAlarms();
  if (process.argv.includes('--json')) console.log(JSON.stringify(report.figures));
}

runBench(main);
