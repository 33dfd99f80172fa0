/** Files the commands read and write, with errors that name the file. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { type CompleteDefinition, parseDefinition, type TrainerDefinition } from '../definition';
import { openBackup } from '../device';
import { type NetworkWeights, openWeights } from '../network';
import { WordedError } from '../text';

const unreadable =
  (file: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new Error(`${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  };

/** @throws Error that names the file when it cannot be read or is larger than `most` bytes */
export async function readBytes(file: string, most: number): Promise<Uint8Array> {
  const { size } = await stat(file).catch(unreadable(file));
  if (size > most) throw new Error(`${file}: ${size} bytes, at most ${most} can be read`);
  return await readFile(file).catch(unreadable(file));
}

/** @throws Error that names the file and, for broken JSON, the place */
async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(unreadable(file));
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new Error(`${file}: no JSON: ${(error as Error).message}`);
  }
}

/** What is wrong in a file names the file, too. */
function within<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof WordedError) error.message = `${file}: ${error.message}`;
    throw error;
  }
}

export async function readDefinition(
  file: string,
): Promise<{ document: TrainerDefinition; complete: CompleteDefinition }> {
  const document = (await readJson(file)) as TrainerDefinition;
  return { document, complete: within(file, () => parseDefinition(document)) };
}

export async function writeText(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: Error) => {
    throw new Error(`${file}: cannot be written: ${error.message}`);
  });
}

/** The weights of a network, for --weights. @throws WeightsError, or an Error that names the file */
export async function readWeights(file: string): Promise<NetworkWeights> {
  const document = await readJson(file);
  return within(file, () => openWeights(document));
}

/** @throws BackupError, or an Error that names the file */
export async function readBackup(file: string): Promise<ReturnType<typeof openBackup>> {
  const document = await readJson(file);
  return within(file, () => openBackup(document));
}
