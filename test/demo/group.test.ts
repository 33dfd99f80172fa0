/** What `npm start` starts to build ends with it, compilers included. */
import assert from 'node:assert/strict';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from '../nodes/real_node_red';

interface Group {
  startGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess;
  endGroup(child: ChildProcess): void;
}

const GONE_MS = 30_000;
/** Waits for a process of its own, as a build waits for its compiler, and tells the id of that process. */
const BUILDER = `
  const compiler = 'console.log(process.pid); setInterval(() => undefined, 1000)';
  require('node:child_process').spawnSync(process.execPath, ['-e', compiler], { stdio: 'inherit' });
`;

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a tool that npm start runs', () => {
  it('ends together with the compiler that it waits for', async () => {
    const { startGroup, endGroup } = (await new Function('path', 'return import(path)')(
      join(ROOT, 'tools/group.mjs'),
    )) as Group;
    const builder = startGroup(process.execPath, ['-e', BUILDER], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(builder, 'exit');
    assert.ok(builder.stdout !== null);
    const [line] = (await once(createInterface({ input: builder.stdout }), 'line')) as [string];
    const compiler = Number(line);
    assert.ok(lives(compiler));
    endGroup(builder);
    await ended;
    for (const end = Date.now() + GONE_MS; lives(compiler) && Date.now() < end; ) await wait(20);
    assert.ok(!lives(compiler), 'the compiler runs on');
    // Once more is no mistake: the group is gone.
    endGroup(builder);
  });
});
