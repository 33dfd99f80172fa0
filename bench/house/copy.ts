/** A copy of the sources that something is added to; it counts the files that a person writes for that, without what is generated. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../../..');
/** What an addition may change; everything else of a copy is the original. */
const COPIED = [
  ...['firmware', 'tools', 'docs', 'trainer', 'locales', 'nodes', 'editor', 'icons'],
  ...['package.json', 'tsconfig.json'],
];

export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'edge-trainer-house-'));
  private readonly written = new Set<string>();

  /** @param more what this addition compiles or changes besides */
  constructor(more: readonly string[]) {
    for (const name of readdirSync(ROOT)) {
      if ([...COPIED, ...more].includes(name))
        cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
      else if (!['.git', 'build', 'dist'].includes(name))
        symlinkSync(join(ROOT, name), join(this.folder, name));
    }
  }

  change(path: string, change: (text: string) => string): void {
    const before = readFileSync(join(this.folder, path), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${path}: nothing changed`);
    writeFileSync(join(this.folder, path), after);
    this.written.add(path);
  }

  add(path: string, text: string): void {
    mkdirSync(join(this.folder, path, '..'), { recursive: true });
    writeFileSync(join(this.folder, path), text);
    this.written.add(path);
  }

  /** A whole folder, which counts as one. */
  addFolder(path: string, from: string): void {
    cpSync(join(ROOT, from), join(this.folder, path), { recursive: true });
    this.written.add(path);
  }

  /** What an expression gives in a script of the copy that imports a tool. */
  ask(tool: string, expression: string): unknown {
    const script = `import * as tool from './tools/${tool}'; console.log(JSON.stringify(${expression}));`;
    return JSON.parse(
      execFileSync('node', ['--input-type=module', '-e', script], { cwd: this.folder, encoding: 'utf8' }),
    );
  }

  generate(): void {
    execFileSync('node', ['tools/generate.mjs'], { cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  /** @throws Error with what the program printed, when it did not end well */
  execute(command: string, ...args: readonly string[]): void {
    try {
      execFileSync(command, args, { cwd: this.folder, stdio: 'pipe', encoding: 'utf8' });
    } catch (error) {
      const { message, stdout } = error as Error & { stdout?: string };
      throw new Error(`${message}\n${stdout ?? ''}`, { cause: error });
    }
  }

  run(script: string): void {
    execFileSync('node', ['--input-type=module', '-e', script], { cwd: this.folder, stdio: 'pipe' });
  }

  compiles(source: string): boolean {
    const flags = [
      '-std=c99',
      '-Wall',
      '-Wextra',
      '-Werror',
      '-Ifirmware/include',
      '-Ifirmware/src',
      '-fsyntax-only',
    ];
    try {
      execFileSync('gcc', [...flags, source], { cwd: this.folder, stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  }

  holds(path: string, word: string): void {
    if (!readFileSync(join(this.folder, path), 'utf8').includes(word))
      throw new Error(`${path} lacks ${word}`);
  }

  /** Files, or whole folders, that were written by hand. */
  count(): number {
    return this.written.size;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function inCopy(work: (copy: Copy) => void, more: readonly string[] = []): number {
  const copy = new Copy(more);
  try {
    work(copy);
    return copy.count();
  } finally {
    copy.remove();
  }
}
