/** Names that people gave to a device's anomaly patterns or operating regimes, in a file of the user directory: they survive a restart of Node-RED and a new deploy of the flow. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class NameStore {
  private readonly file: string;
  /** The same, of a device that is gone from the flow: a deletion can be undone, and its names come back then. */
  private readonly aside: string;

  /** @param folder of this package in the user directory; made when the first name is kept */
  constructor(folder: string, of: 'patterns' | 'regimes', device: string) {
    this.file = join(folder, `${of}-${device}.json`);
    this.aside = `${this.file}.removed`;
  }

  /** Undefined when none were kept. @throws Error when the file is there and cannot be read */
  read(): string[] | undefined {
    if (!existsSync(this.file) && existsSync(this.aside)) renameSync(this.aside, this.file);
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const names: unknown = JSON.parse(text);
    if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
      throw new Error(`${this.file} holds no list of names`);
    return names;
  }

  /** The old file stays whole until the new one is. */
  keep(names: readonly string[]): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, `${JSON.stringify(names)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  layAside(): void {
    if (existsSync(this.file)) renameSync(this.file, this.aside);
  }
}
