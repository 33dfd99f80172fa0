/** What every suite in a browser stands on. */
import type { Browser } from 'playwright-core';
import { makeUserDir, RealNodeRed, removeUserDir } from '../nodes/real_node_red';
import { needs } from '../support/needs';
import { launch } from './editor_page';

interface Running {
  readonly userDir: string;
  readonly nodeRed: RealNodeRed;
  readonly browser: Browser;
}

/** Of the suites of this process that are described and not over yet. */
let awaited = 0;
let running: Running | undefined;

async function start(flow: readonly object[]): Promise<Running> {
  const { folder: userDir } = await makeUserDir();
  const nodeRed = await RealNodeRed.start(userDir, flow);
  return { userDir, nodeRed, browser: await launch() };
}

/** What the suite before has left goes first: the same bus again would go on with its trainer. */
async function startAnew(now: Running, flow: readonly object[]): Promise<void> {
  await now.nodeRed.deploy([]);
  await now.nodeRed.deploy(flow);
}

async function stop(last: Running): Promise<void> {
  await last.browser.close();
  await last.nodeRed.stop();
  removeUserDir(last.userDir);
}

/**
 * One Node-RED and one browser for the suite that is being described: there before its tests and hooks. Suites that one process runs after
 * another share them; they are gone after the last one.
 */
export class Stage {
  /** @param flow that Node-RED starts with */
  constructor(flow: readonly object[] = []) {
    awaited++;
    before(async function () {
      if (!needs('chromium')) this.skip();
      if (running === undefined) running = await start(flow);
      else await startAnew(running, flow);
    });
    after(async () => {
      if (--awaited > 0 || running === undefined) return;
      const last = running;
      running = undefined;
      await stop(last);
    });
  }

  get userDir(): string {
    return this.#now.userDir;
  }

  /** @throws before the suite has begun */
  get nodeRed(): RealNodeRed {
    return this.#now.nodeRed;
  }

  /** @throws before the suite has begun */
  get browser(): Browser {
    return this.#now.browser;
  }

  get #now(): Running {
    if (running === undefined) throw new Error('the suite has not begun');
    return running;
  }
}
