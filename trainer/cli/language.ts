/** The language of who sits at the terminal, as the environment says it: LC_ALL before LC_MESSAGES before LANG. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalogue, speak } from '../text';

/** A folder for each language; dist/trainer/cli -> dist/locales. */
const LOCALES = join(__dirname, '../../locales');

/** The folder for a locale such as de_AT.UTF-8: of that country, else one for the language alone; undefined = English. */
export function languageFor(locale: string, folders: readonly string[]): string | undefined {
  const [, language, country] = /^([a-z]{2,3})(?:_([A-Z]{2}))?(?:[.@]|$)/.exec(locale) ?? [];
  return (
    folders.find((folder) => folder === `${language}-${country}`) ??
    folders.find((folder) => folder === language)
  );
}

/** Errors and reports of this process speak the language of the environment, where there is a catalogue for it. */
export function speakAs(environment: NodeJS.ProcessEnv): void {
  const { LC_ALL, LC_MESSAGES, LANG } = environment;
  const folder = languageFor(LC_ALL || LC_MESSAGES || LANG || '', readdirSync(LOCALES));
  if (folder !== undefined)
    speak(JSON.parse(readFileSync(join(LOCALES, folder, 'errors.json'), 'utf8')) as Catalogue);
}
