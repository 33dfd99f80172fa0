/** docs/nodes.md from the help of the nodes: what the editor says about a node and what the documentation says is one text. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HELP = join(dirname(fileURLToPath(import.meta.url)), '..', 'locales', 'en-US');

/** In the order in which somebody meets them; a node that is not named here comes last. */
const ORDER = [
  'bus',
  'device',
  'deploy',
  'loop',
  'infer',
  'feedback',
  'dataset',
  'train',
  'model',
  'monitor',
];

const INTRODUCTION = `<!-- Generated from locales/en-US/*.html by \`npm run generate\`. Do not edit. -->
# Nodes and their messages

The help of each node in the editor says the same. Inputs and outputs are properties of \`msg\`; everything else in a message passes through. A *catch* node can catch every error: \`msg.error.message\` says what happened, what was kept and what to do.
`;

const ENTITIES = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };
const plain = (text) => text.replace(/&(lt|gt|amp|quot);/g, (entity) => ENTITIES[entity]);

/** Text with marks inside a line. */
function inline(html) {
  const marked = html
    .replace(/<code>(.*?)<\/code>/gs, '`$1`')
    .replace(/<(i|em)>(.*?)<\/\1>/gs, '*$2*')
    .replace(/<(b|strong)>(.*?)<\/\1>/gs, '**$2**')
    .replace(/<span class="property-type">(.*?)<\/span>/gs, (_, type) => (type === '' ? '' : `(${type})`));
  return plain(marked.replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
}

/** Terms and what they mean, one line each. */
function terms(html, indent) {
  const pairs = html.matchAll(/<dt[^>]*>(.*?)<\/dt>\s*<dd>(.*?)<\/dd>/gs);
  return [...pairs].map(([, term, meaning]) => `${indent}- ${inline(term)}: ${inline(meaning)}`);
}

/** Numbered outputs, each with what its messages carry. */
function ports(html) {
  return [...html.matchAll(/<li>(.*?)(<dl.*?<\/dl>)?\s*<\/li>/gs)].flatMap(([, name, list]) => [
    `- ${inline(name)}`,
    ...terms(list ?? '', '  '),
  ]);
}

const BLOCKS =
  /<ol class="node-ports">(?<outputs>.*?)<\/ol>|<(?<tag>h3|h4|p)>(?<text>.*?)<\/\k<tag>>|<dl[^>]*>(?<list>.*?)<\/dl>|<ul>(?<points>.*?)<\/ul>/gs;

/** A help text as Markdown. */
export function helpMarkdown(html) {
  const blocks = [...html.matchAll(BLOCKS)].map(({ groups: { outputs, tag, text, list, points } }) => {
    if (outputs !== undefined) return ports(outputs).join('\n');
    if (list !== undefined) return terms(list, '').join('\n');
    if (points !== undefined)
      return [...points.matchAll(/<li>(.*?)<\/li>/gs)].map(([, point]) => `- ${inline(point)}`).join('\n');
    const words = inline(text);
    return tag === 'h3' ? `**${words}**` : tag === 'h4' ? `### ${words}` : words;
  });
  return blocks.filter((block) => block !== '').join('\n\n');
}

/** The whole of docs/nodes.md. */
export function nodesMarkdown() {
  const names = readdirSync(HELP)
    .filter((file) => file.endsWith('.html'))
    .map((file) => file.replace('.html', ''));
  const place = (name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const sections = names
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map(
      (name) =>
        `## edge-trainer-${name}\n\n${helpMarkdown(readFileSync(join(HELP, `${name}.html`), 'utf8'))}`,
    );
  return `${[INTRODUCTION.trimEnd(), ...sections].join('\n\n')}\n`;
}
