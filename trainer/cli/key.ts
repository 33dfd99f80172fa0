/** Where a key comes from: a file, the environment, or a prompt. Never the command line, which others see and shells remember. */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text, worded } from '../text';
import { readText } from './files';

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

const KEY = /^[\da-f]{32}$/i;

/** @throws Error that says where the text stands that is no key, and never shows it */
function checked(written: string, source: string): string {
  const key = written.trim();
  if (!KEY.test(key.replace(/[\s:]/g, ''))) throw new Error(worded(text('command.key', { source })));
  return key;
}

/** 32 hexadecimal digits; undefined when there is no way to get them. @throws Error that names the file or the variable */
export async function readKey({ file, variable, question }: KeySource): Promise<string | undefined> {
  if (file !== undefined) return checked(await readText(file), file);
  const given = process.env[variable];
  if (given !== undefined && given !== '') return checked(given, variable);
  return question !== undefined && process.stdin.isTTY === true ? (await ask(question)).trim() : undefined;
}
