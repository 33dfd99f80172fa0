/** Names that people gave to a device's anomaly patterns or operating regimes, in a file of the user directory: they survive a restart of Node-RED and a new deploy of the flow. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class NameStore {
  private readonly file: string;

  /** @param folder of this package in the user directory; made when the first name is kept */
  constructor(folder: string, of: 'patterns' | 'regimes', device: string) {
    this.file = join(folder, `${of}-${device}.json`);
  }

  /** Undefined when none were kept. @throws Error when the file is there and cannot be read */
  read(): string[] | undefined {
    let text: string;
    try {
      text = readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const names: unknown = JSON.parse(text);
    if (!Array.isArray(names) || !names.every((one) => typeof one === 'string'))
      throw new Error(`${this.file} holds no list of names`);
    return names;
  }

  /** The old file stays whole until the new one is. */
  keep(names: readonly string[]): void {
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(`${this.file}.new`, `${JSON.stringify(names)}\n`);
    renameSync(`${this.file}.new`, this.file);
  }

  remove(): void {
    rmSync(this.file, { force: true });
  }
}
