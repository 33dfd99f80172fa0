/** The Node-RED editor in a headless Chromium, and what the tests do in it. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ROOT } from '../nodes/real_node_red';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Where screenshots go. */
const PICTURES = join(ROOT, 'build', 'screenshots');

/** A screenshot for build/screenshots; docs/images has copies of those that the documentation shows. */
export async function pictureOf(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** A picture for the documentation: where EDGE_TRAINER_DOCS_PICTURES is set, it goes into docs/images. */
export async function docsPictureOf(page: Page, name: string, selector?: string): Promise<void> {
  const folder =
    process.env.EDGE_TRAINER_DOCS_PICTURES === undefined ? PICTURES : join(ROOT, 'docs', 'images');
  mkdirSync(folder, { recursive: true });
  const shown = selector === undefined ? page : page.locator(selector);
  await shown.screenshot({ path: join(folder, `${name}.png`) });
}

/**
 * A page for the Dashboard. Without a service worker: with one, the Dashboard offers its page for use without a network, in a box that
 * hides what is below.
 */
export async function dashboardPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ serviceWorkers: 'block', ...options });
  return context.newPage();
}

/**
 * An error of Node-RED 5 itself. It shows a tip one second after it has loaded the user's settings, and makes the box for it only
 * when the key map has come: on a busy machine the box is not there yet.
 */
function isEarlyTip({ message, stack = '' }: Error): boolean {
  const own = /\/red\/red(\.min)?\.js/.test(stack) && !/edge-trainer/.test(stack);
  return own && message === "Cannot read properties of undefined (reading 'html')";
}

/** Dialogs and boxes stand where they belong at once: to draw them on their way takes a third of a dialog's processor time. */
const STILL = `{
  const still = new CSSStyleSheet();
  still.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
  document.adoptedStyleSheets = [still];
}`;

/** Colours of a dark theme. */
export const DARK = `:root { --red-ui-primary-background: #1e1e1e; --red-ui-secondary-background: #252526;
  --red-ui-tertiary-background: #333; --red-ui-primary-text-color: #ddd; --red-ui-secondary-text-color: #aaa;
  --red-ui-form-text-color: #ddd; --red-ui-form-background: #1e1e1e; --red-ui-form-input-background: #2d2d2d;
  --red-ui-form-input-border-color: #555; --red-ui-secondary-border-color: #444;
  --red-ui-primary-border-color: #444; --red-ui-text-color-error: #ff7b7b; }`;

export function chromiumPath(): string {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, 'chromium');
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not in this folder
    }
  }
  throw new Error('chromium is not on the PATH');
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: ARGUMENTS });
}

declare const document: {
  activeElement: { dataset?: { button?: string; column?: string } } | null;
  querySelector(
    selector: string,
  ): { textContent: string | null; getBoundingClientRect(): { left: number } } | null;
};
interface CodeEditors {
  monaco?: { editor: { getEditors(): { setValue(text: string): void }[] } };
  ace?: { edit(id: string): { setValue(text: string): void } };
}
declare function requestAnimationFrame(callback: () => void): number;

/** The editor's global, as far as the tests use it. */
interface EditorGlobal {
  RED: {
    nodes: {
      import(flow: unknown, options?: object): unknown;
      node(id: string): Record<string, unknown> | null;
      version(version?: string): string;
      clear(): void;
    };
    history: { clear(): void };
    view: { redraw(updateActive: boolean): void };
    workspaces: { show(id: string): void };
    editor: { edit(node: unknown): void; editConfig(name: string, type: string, id: string): void };
  };
}

export class EditorPage {
  readonly page: Page;
  /** Errors on the page and in its console. */
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('pageerror', (error) => {
      if (!isEarlyTip(error)) this.errors.push(`page: ${error.stack ?? error.message}`);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(`console: ${message.text()}`);
    });
  }

  static async open(browser: Browser, url: string, language = 'en-US', width = 1400): Promise<EditorPage> {
    const context = await browser.newContext({ locale: language, viewport: { width, height: 900 } });
    await context.addInitScript(STILL);
    const editor = new EditorPage(await context.newPage());
    await editor.page.goto(url);
    await editor.loaded();
    return editor;
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.loaded();
  }

  /** The editor shows its palette while it still loads flows, behind a loader; that ends when they are there. */
  private async loaded(): Promise<void> {
    await this.page.waitForSelector('#red-ui-palette .red-ui-palette-node', { timeout: 60_000 });
    await this.page.waitForSelector('#red-ui-main-container', { state: 'visible' });
    await this.page.waitForSelector('#red-ui-loading-progress', { state: 'hidden', timeout: 60_000 });
  }

  /** Takes away what a test has left, the nodes as the editor itself does before it shows another flow. */
  async clear(): Promise<void> {
    await this.cancel(true);
    await this.cancel(false);
    await this.page.unrouteAll();
    await this.page.evaluate(() => {
      const { RED } = globalThis as unknown as EditorGlobal;
      RED.nodes.clear();
      RED.history.clear();
    });
  }

  /** Imports a flow and shows its tab. */
  async import(flow: readonly Record<string, unknown>[]): Promise<void> {
    await this.page.evaluate(
      (nodes) => {
        const { RED } = globalThis as unknown as EditorGlobal;
        RED.nodes.import(nodes, { generateIds: false });
        const tab = nodes.find(({ type }) => type === 'tab');
        if (tab !== undefined) RED.workspaces.show(tab.id as string);
        RED.view.redraw(true);
      },
      flow as Record<string, unknown>[],
    );
  }

  /** Shows a tab of the sidebar. The palette shows its first nodes before this package's scripts have run and its tab is there. */
  async showSidebar(id: string): Promise<void> {
    await this.page.waitForFunction(
      () => (globalThis as { EdgeTrainer?: { receive?: unknown } }).EdgeTrainer?.receive !== undefined,
    );
    await this.page.evaluate((tab) => {
      const { RED } = globalThis as unknown as { RED: { sidebar: { show(id: string): void } } };
      RED.sidebar.show(tab);
    }, id);
  }

  /** Opens the dialog of a node; `config` for a config node. */
  async edit(id: string, type: string, config: boolean): Promise<void> {
    await this.page.evaluate(
      ([nodeId, nodeType, isConfig]) => {
        const { RED } = globalThis as unknown as EditorGlobal;
        if (isConfig) RED.editor.editConfig('', nodeType as string, nodeId as string);
        else RED.editor.edit(RED.nodes.node(nodeId as string));
      },
      [id, type, config] as const,
    );
    await this.page.waitForSelector(`#node-${config ? 'config-' : ''}dialog-ok`, { state: 'visible' });
    // The tray slides in: wait until it stands still.
    await this.page.evaluate(
      (selector) =>
        new Promise<void>((resolve) => {
          let before = Number.NaN;
          const look = (): void => {
            const at = document.querySelector(selector)?.getBoundingClientRect().left ?? Number.NaN;
            if (at === before) resolve();
            else requestAnimationFrame(() => requestAnimationFrame(look));
            before = at;
          };
          look();
        }),
      `#node-${config ? 'config-' : ''}dialog-ok`,
    );
  }

  /** Saves the dialog that is open. */
  async done(config: boolean): Promise<void> {
    const ok = `#node-${config ? 'config-' : ''}dialog-ok`;
    await this.page.click(ok);
    await this.page.waitForSelector(ok, { state: 'detached' });
  }

  /** Closes the dialog without saving it, if one is open. */
  async cancel(config: boolean): Promise<void> {
    const cancel = `#node-${config ? 'config-' : ''}dialog-cancel`;
    if (!(await this.page.isVisible(cancel))) return;
    await this.page.click(cancel);
    await this.page.waitForSelector(cancel, { state: 'detached' });
  }

  /** Changes a property of a node as if it had been imported so. */
  async setProperty(id: string, name: string, value: unknown): Promise<void> {
    await this.page.evaluate(
      ([nodeId, property, given]) => {
        const { RED } = globalThis as unknown as EditorGlobal;
        const node = RED.nodes.node(nodeId as string);
        if (node === null) throw new Error(`no node ${String(nodeId)}`);
        node[property as string] = given;
      },
      [id, name, value] as const,
    );
  }

  /** A property of a node in the editor, as it would be deployed. */
  async property(id: string, name: string): Promise<unknown> {
    return this.page.evaluate(
      ([nodeId, property]) => {
        const { RED } = globalThis as unknown as EditorGlobal;
        return RED.nodes.node(nodeId as string)?.[property as string];
      },
      [id, name] as const,
    );
  }

  /** What is wrong with a node, as its triangle says; undefined = it has none. */
  async triangle(id: string): Promise<string | undefined> {
    return this.page.evaluate((nodeId) => {
      const { RED } = globalThis as unknown as EditorGlobal;
      const node = RED.nodes.node(nodeId) as { valid?: boolean; validationErrors?: string[] } | null;
      return node?.valid === false ? (node.validationErrors ?? []).join('\n') : undefined;
    }, id);
  }

  /** Waits until a node's triangle says so; the runtime is asked about definitions, which takes a moment. */
  async untilTriangle(id: string, pattern: RegExp): Promise<void> {
    await this.page.waitForFunction(
      ([nodeId, source]) => {
        const { RED } = globalThis as unknown as EditorGlobal;
        const node = RED.nodes.node(nodeId as string) as {
          valid?: boolean;
          validationErrors?: string[];
        } | null;
        return (
          node?.valid === false && new RegExp(source as string).test((node.validationErrors ?? []).join())
        );
      },
      [id, pattern.source] as const,
    );
  }

  // The definition form in the dialog of a device

  field(path: string): string {
    return `.edge-trainer-field[data-path="${path}"]`;
  }

  /** Clicks a tab of the definition. */
  async tab(name: string): Promise<void> {
    const button = this.page.locator(`.edge-trainer-tabs [data-page="${name}"]`);
    if (!(await button.isVisible())) await this.page.click('.edge-trainer-more');
    await button.click();
    await this.page.locator(`#edge-trainer-page-${name}`).waitFor({ state: 'visible' });
  }

  /** Waits until what the firmware says about the definition matches. */
  async memoryText(pattern: RegExp): Promise<void> {
    await this.untilText('.edge-trainer-memory-text', pattern);
  }

  async problems(pattern: RegExp): Promise<void> {
    await this.untilText('.edge-trainer-problems', pattern);
  }

  /** Writes into the JSON page through the code editor's own interface: typed brackets would be completed by it. */
  async writeJson(text: string): Promise<void> {
    await this.page.waitForSelector('#edge-trainer-json .view-line, #edge-trainer-json .ace_line');
    await this.page.evaluate((written) => {
      const { monaco, ace } = globalThis as unknown as CodeEditors;
      if (monaco !== undefined) monaco.editor.getEditors().at(-1)?.setValue(written);
      else ace?.edit('edge-trainer-json').setValue(written);
    }, text);
  }

  /** Waits until the text of an element matches. */
  async untilText(selector: string, pattern: RegExp): Promise<void> {
    await this.page.waitForFunction(
      ([where, source]) =>
        new RegExp(source as string).test(document.querySelector(where as string)?.textContent ?? ''),
      [selector, pattern.source] as const,
    );
  }

  /** What has the focus: the field's or the button's own name. */
  focused(): Promise<string | undefined> {
    return this.page.evaluate(() => {
      const { dataset } = document.activeElement ?? {};
      return dataset?.button ?? dataset?.column;
    });
  }

  picture(name: string): Promise<void> {
    return pictureOf(this.page, name);
  }

  docsPicture(name: string, selector: string): Promise<void> {
    return docsPictureOf(this.page, name, selector);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}
