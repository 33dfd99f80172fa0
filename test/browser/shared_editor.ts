/** One editor for the tests of a suite: to load its page takes as long as to open ten dialogs. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { EditorPage } from './editor_page';
import type { Stage } from './stage';

export class SharedEditor {
  readonly #stage: Stage;
  #editor: EditorPage | undefined;
  #shown = '';

  /** For the suite that is being described: its tests must log no error, and the one after a test that failed loads the page anew. */
  constructor(stage: Stage) {
    this.#stage = stage;
    const forget = (): Promise<void> => this.#forget();
    const page = (): Page | undefined => this.#editor?.page;
    const errors = (): string[] => this.#editor?.errors.splice(0) ?? [];
    afterEach(async function () {
      const logged = errors();
      await page()?.unrouteAll({ behavior: 'ignoreErrors' });
      if (this.currentTest?.isFailed() || logged.length > 0) await forget();
      assert.deepEqual(logged, []);
    });
    after(forget);
  }

  /** The editor as the test before has left it. */
  async asLeft(language = 'en-US', width = 1400): Promise<EditorPage> {
    const wanted = `${language}, ${width}`;
    if (wanted !== this.#shown) await this.#forget();
    const { browser, nodeRed } = this.#stage;
    this.#editor ??= await EditorPage.open(browser, nodeRed.url, language, width);
    this.#shown = wanted;
    return this.#editor;
  }

  /** The editor in a page that was just loaded: it shows what is deployed. */
  async anew(language?: string): Promise<EditorPage> {
    await this.#forget();
    return this.asLeft(language);
  }

  /** The editor with these nodes alone. */
  async open(flow: readonly Record<string, unknown>[], language?: string): Promise<EditorPage> {
    const editor = await this.asLeft(language);
    await editor.clear();
    await editor.import(flow);
    return editor;
  }

  async #forget(): Promise<void> {
    await this.#editor?.close();
    this.#editor = undefined;
  }
}
