/** Where a key comes from: a file, the environment, or a prompt. Never the command line, which others see and shells remember. */
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Variable that holds the key in force. */
export const KEY_VARIABLE = 'EDGE_TRAINER_KEY';
/** Variable that holds the key to be set. */
export const NEW_KEY_VARIABLE = 'EDGE_TRAINER_NEW_KEY';

export interface KeySource {
  readonly file: string | undefined;
  readonly variable: string;
  /** Question on a terminal; undefined: nobody is asked. */
  readonly question?: string;
}

/** Asks without showing what is typed. */
async function ask(question: string): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await prompt.question('');
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
}

/** 32 hexadecimal digits, not checked here; undefined when there is no way to get one. @throws when the file cannot be read */
export async function readKey({ file, variable, question }: KeySource): Promise<string | undefined> {
  if (file !== undefined)
    return (
      await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        throw new Error(`${file}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`);
      })
    ).trim();
  const given = process.env[variable];
  if (given !== undefined && given !== '') return given.trim();
  return question !== undefined && process.stdin.isTTY === true ? (await ask(question)).trim() : undefined;
}
