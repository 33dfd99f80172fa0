/** Files the commands read and write, with errors that name the file. */
import { readFile, writeFile } from 'node:fs/promises';
import { type CompleteDefinition, parseDefinition, type TrainerDefinition } from '../definition';

/** @throws Error that names the file and, for broken JSON, the place */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
  });
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (error) {
    throw new Error(`${file}: no JSON: ${(error as Error).message}`);
  }
}

export async function readDefinition(
  file: string,
): Promise<{ document: TrainerDefinition; complete: CompleteDefinition }> {
  const document = (await readJson(file)) as TrainerDefinition;
  return { document, complete: parseDefinition(document) };
}

export async function writeText(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: Error) => {
    throw new Error(`${file}: cannot be written: ${error.message}`);
  });
}
