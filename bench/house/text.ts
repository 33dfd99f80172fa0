/** What can be read off the sources: exports that nobody uses, and the longest functions. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

interface Source {
  readonly path: string;
  readonly text: string;
}

function sources(folders: readonly string[], ending: RegExp): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => ending.test(name) && !name.includes('.generated.'))
      .map((name) => ({ path: join(folder, name), text: readFileSync(join(ROOT, folder, name), 'utf8') })),
  );
}

const EVERYWHERE = ['trainer', 'nodes', 'editor', 'test', 'bench', 'demo'];

/** Functions, constants and classes that trainer/ and nodes/ export and no other file names; what index.ts gives to users counts as used. */
export function deadExports(): string[] {
  const all = sources(EVERYWHERE, /\.(ts|mts)$/);
  const dead: string[] = [];
  for (const { path, text } of all.filter(({ path }) => /^(trainer|nodes)\//.test(path))) {
    for (const [, name = ''] of text.matchAll(
      /^export (?:async )?(?:function\*?|const|class|abstract class) (\w+)/gm,
    )) {
      const word = new RegExp(`\\b${name}\\b`);
      if (!all.some((other) => other.path !== path && word.test(other.text))) dead.push(`${path}: ${name}`);
    }
  }
  return dead;
}

/** Functions of the firmware that are not static and that no other file names: they could be, or go. */
export function deadFunctions(): string[] {
  const all = sources(['firmware', 'test', 'bench'], /\.[ch]$/);
  const dead: string[] = [];
  for (const { path, text } of all.filter(
    (source) => source.path.startsWith('firmware/src/') && source.path.endsWith('.c'),
  )) {
    for (const [, name = ''] of text.matchAll(/^(?!static)[a-z]\w*[\w *]*?\b(et_\w+)\([^;{]*\) \{/gm)) {
      const word = new RegExp(`\\b${name}\\b`);
      const header = path.replace(/\.c$/, '.h');
      if (!all.some((other) => other.path !== path && other.path !== header && word.test(other.text)))
        dead.push(`${path}: ${name}`);
    }
  }
  return dead;
}

export interface LongFunction {
  readonly path: string;
  readonly line: number;
  readonly lines: number;
}

/** Lines from the head of each function, or the end of a long head, to its closing brace, which stands where the head began. */
function functions({ path, text }: Source): LongFunction[] {
  const lines = text.split('\n');
  const head = path.endsWith('.ts')
    ? /^( *)(?:export |private |static |async |protected |override )*(?:function\*? \w+|\w+)(?:<[^>]*>)?\(.*\)(?:: .*)? \{$|^( *)\)(?:: .*)? \{$/
    : /^()(?:static |inline )*[a-z]\w[\w *]*\(.*\) \{$/;
  const found: LongFunction[] = [];
  lines.forEach((line, index) => {
    const match = head.exec(line);
    if (match === null || /^ *(if|for|while|switch|describe|it|constructor)\b/.test(line)) return;
    const end = lines.indexOf(`${match[1] ?? match[2]}}`, index);
    if (end > index) found.push({ path, line: index + 1, lines: end - index + 1 });
  });
  return found;
}

export function longestFunctions(): LongFunction[] {
  const all = [
    ...sources(['firmware/src', 'firmware/ports'], /\.c$/).filter(
      ({ text }) => !text.startsWith('/* Generated'),
    ),
    ...sources(['trainer'], /\.ts$/),
  ];
  return all.flatMap(functions).sort((a, b) => b.lines - a.lines);
}
