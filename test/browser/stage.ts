/** What every suite in a browser stands on. */
import type { Browser } from 'playwright-core';
import { makeUserDir, RealNodeRed, removeUserDir } from '../nodes/real_node_red';
import { needs } from '../support/needs';
import { launch } from './editor_page';

/** One Node-RED and one browser for the suite that is being described: there before its tests and hooks, gone after them. */
export class Stage {
  #userDir = '';
  #nodeRed: RealNodeRed | undefined;
  #browser: Browser | undefined;

  /** @param flow that Node-RED starts with */
  constructor(flow: readonly object[] = []) {
    const stage = this;
    before(async function () {
      if (!needs('chromium')) this.skip();
      await stage.#start(flow);
    });
    after(() => this.#stop());
  }

  async #start(flow: readonly object[]): Promise<void> {
    ({ folder: this.#userDir } = await makeUserDir());
    this.#nodeRed = await RealNodeRed.start(this.#userDir, flow);
    this.#browser = await launch();
  }

  async #stop(): Promise<void> {
    await this.#browser?.close();
    await this.#nodeRed?.stop();
    if (this.#userDir !== '') removeUserDir(this.#userDir);
  }

  get userDir(): string {
    return this.#userDir;
  }

  /** @throws before the suite has begun */
  get nodeRed(): RealNodeRed {
    if (this.#nodeRed === undefined) throw new Error('the suite has not begun');
    return this.#nodeRed;
  }

  /** @throws before the suite has begun */
  get browser(): Browser {
    if (this.#browser === undefined) throw new Error('the suite has not begun');
    return this.#browser;
  }
}
