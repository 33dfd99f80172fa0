/** One editor for the tests of a suite: to load its page takes as long as to open ten dialogs. */
import assert from 'node:assert/strict';
import { EditorPage } from './editor_page';
import type { Stage } from './stage';

export class SharedEditor {
  readonly #stage: Stage;
  #editor: EditorPage | undefined;
  #language = '';

  /** For the suite that is being described: its tests must log no error, and the one after a test that failed loads the page anew. */
  constructor(stage: Stage) {
    this.#stage = stage;
    const forget = (): Promise<void> => this.#forget();
    const errors = (): string[] => this.#editor?.errors.splice(0) ?? [];
    afterEach(async function () {
      const logged = errors();
      if (this.currentTest?.isFailed() || logged.length > 0) await forget();
      assert.deepEqual(logged, []);
    });
    after(forget);
  }

  /** The editor with these nodes alone. */
  async open(flow: readonly Record<string, unknown>[], language = 'en-US'): Promise<EditorPage> {
    if (language !== this.#language) await this.#forget();
    const { browser, nodeRed } = this.#stage;
    if (this.#editor === undefined) this.#editor = await EditorPage.open(browser, nodeRed.url, language);
    else await this.#editor.clear();
    this.#language = language;
    await this.#editor.import(flow);
    return this.#editor;
  }

  async #forget(): Promise<void> {
    await this.#editor?.close();
    this.#editor = undefined;
  }
}
