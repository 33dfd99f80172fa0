/** Files the commands read and write, with errors that name the file. */
import { readFile, stat, writeFile } from 'node:fs/promises';
import { type CompleteDefinition, parseDefinition, type TrainerDefinition } from '../definition';
import { BackupError, openBackup, TrainerError } from '../device';
import { type NetworkWeights, openWeights, WeightsError } from '../network';
import { text, WordedError, worded } from '../text';
import { generationOf } from '../virtual';

const isWorded = (error: unknown): boolean => error instanceof WordedError;

/** Takes what a file holds; what is wrong in it names the file, too: the errors that `concerns` tells. */
export async function fromFile<T>(
  file: string,
  take: () => T | Promise<T>,
  concerns: (error: unknown) => boolean = isWorded,
): Promise<T> {
  try {
    return await take();
  } catch (error) {
    if (error instanceof Error && concerns(error)) error.message = `${file}: ${error.message}`;
    throw error;
  }
}

/** The document of a backup is wrong, or its model is for another definition. */
export const concernsBackup = (error: unknown): boolean =>
  error instanceof BackupError || (error instanceof TrainerError && error.code.startsWith('MODEL_'));

const unreadable =
  (file: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new Error(
      error.code === 'ENOENT' ? worded(text('file.missing', { file })) : `${file}: ${error.message}`,
    );
  };

/** @throws Error that names the file when it cannot be read or is larger than `most` bytes */
export async function readBytes(file: string, most = Number.POSITIVE_INFINITY): Promise<Buffer> {
  const { size } = await stat(file).catch(unreadable(file));
  if (size > most) throw new Error(worded(text('file.large', { file, bytes: size, most })));
  return await readFile(file).catch(unreadable(file));
}

/** @throws Error that names the file */
export async function readText(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(unreadable(file));
}

/** @throws Error that names the file and, for broken JSON, the place */
async function readJson(file: string): Promise<unknown> {
  const written = await readText(file);
  try {
    return JSON.parse(written.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new Error(worded(text('file.json', { file, problem: (error as Error).message })));
  }
}

/** @throws DefinitionError, or an Error that names the file */
export async function readDefinition(
  file: string,
): Promise<{ document: TrainerDefinition; complete: CompleteDefinition }> {
  const document = (await readJson(file)) as TrainerDefinition;
  return { document, complete: await fromFile(file, () => parseDefinition(document)) };
}

/** @throws BackupError, or an Error that names the file */
export async function readBackup(file: string): Promise<ReturnType<typeof openBackup>> {
  const document = await readJson(file);
  return fromFile(file, () => openBackup(document));
}

export async function writeText(file: string, written: string): Promise<void> {
  await writeFile(file, written).catch(({ message: problem }: Error) => {
    throw new Error(worded(text('file.unwritten', { file, problem })));
  });
}

/** The weights of a network, for --weights. @throws WeightsError, or an Error that names the file */
export async function readWeights(file: string): Promise<NetworkWeights> {
  const document = await readJson(file);
  return fromFile(file, () => openWeights(document));
}

/** The generation that a file of weights gives a definition to begin with. @throws as `readWeights` */
export async function readGeneration(file: string, definition: CompleteDefinition): Promise<Uint8Array> {
  const weights = await readWeights(file);
  return fromFile(
    file,
    () => generationOf(definition, weights),
    (error) => error instanceof WeightsError,
  );
}
