/** docs/definition.md, written from the schema: every field, its default, its range. `tools/definition_docs.mjs` puts it in place. */
import { boardOf, knownBoards } from './boards';
import { definitionSchema, type SchemaNode } from './schema';

const grouped = (value: number): string =>
  Number.isInteger(value) ? String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ' ') : String(value);

function rangeText(node: SchemaNode): string {
  if (node.const !== undefined) return `"${node.const}"`;
  if (node.enum !== undefined) return node.enum.map((value) => `"${value}"`).join(', ');
  if (node.anyOf !== undefined) return node.anyOf.map(rangeText).join(' or ');
  const unit = node['x-unit'] === undefined ? '' : ` ${node['x-unit']}`;
  switch (node.type) {
    case 'boolean':
      return 'true, false';
    case 'string':
      return `text, at most ${node.maxLength} characters`;
    case 'array':
      return `list of ${node.minItems ?? 0} to ${node.maxItems}`;
    case 'object':
      return 'object';
    default: {
      const least =
        node.exclusiveMinimum !== undefined
          ? `above ${grouped(node.exclusiveMinimum)}`
          : grouped(node.minimum ?? Number.NEGATIVE_INFINITY);
      return `${least} to ${grouped(node.maximum ?? Number.POSITIVE_INFINITY)}${unit}${node.type === 'integer' ? ', whole' : ''}`;
    }
  }
}

function defaultText(node: SchemaNode, required: boolean): string {
  if (node['x-default'] !== undefined) return node['x-default'];
  if (node.default !== undefined)
    return typeof node.default === 'object' ? '' : `\`${JSON.stringify(node.default)}\``;
  return required ? '**required**' : '';
}

function fieldTable(node: SchemaNode): string[] {
  const rows = Object.entries(node.properties ?? {})
    .filter(([name]) => !name.startsWith('$'))
    .map(
      ([name, property]) =>
        `| \`${name}\` | ${rangeText(property)} | ${defaultText(property, node.required?.includes(name) ?? false)} | ${property.description ?? ''} |`,
    );
  return ['| Field | Values | Default | Meaning |', '|---|---|---|---|', ...rows, ''];
}

function sectionOf(path: string, node: SchemaNode): string[] {
  const heading = [`## ${path}`, '', `${sentence(node.description ?? '')}`, ''];
  if (node.oneOf !== undefined) {
    const tag = node.discriminator?.propertyName ?? '';
    const branches = node.oneOf.flatMap((branch) => [
      `### ${path}: ${branch.properties?.[tag]?.const}`,
      '',
      sentence(branch.description ?? ''),
      '',
      ...fieldTable(branch),
    ]);
    return [...heading, ...branches];
  }
  return [...heading, ...fieldTable(node.type === 'array' && node.items !== undefined ? node.items : node)];
}

/** The sections of the lists that models have: their entries are of several kinds. */
function modelLists(): string[] {
  const lists = definitionSchema.properties.model.oneOf.flatMap(({ properties }) =>
    Object.entries(properties as Readonly<Record<string, SchemaNode>>).filter(
      ([, { items }]) => items?.oneOf !== undefined,
    ),
  );
  return lists.flatMap(([name, node]) => sectionOf(`model.${name}`, node.items as SchemaNode));
}

/** The lists and objects of the section io. */
function ioLists(): string[] {
  const { inputs, outcome } = definitionSchema.properties.io.properties ?? {};
  return [...sectionOf('io.inputs', inputs ?? {}), ...sectionOf('io.outcome', outcome ?? {})];
}

const sentence = (text: string): string => (text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}.`);

const SECTIONS = [
  'features',
  'channels',
  'classes',
  'model',
  'feedback',
  'stitching',
  'training',
  'save',
  'io',
] as const;

const EXAMPLE = `{
  "name": "zone comfort",
  "board": "virtual",
  "features": [
    { "name": "air temperature", "unit": "°C", "min": 10, "max": 40 },
    { "name": "humidity", "unit": "%", "min": 0, "max": 100 }
  ],
  "classes": [
    { "label": "heat", "actuation": 100 },
    { "label": "hold", "actuation": 0 },
    { "label": "cool", "actuation": -100 }
  ],
  "defaultClass": "hold",
  "model": { "type": "svm-linear" },
  "feedback": { "rule": "dead-band", "setPoint": 22, "band": 0.5, "unit": "°C", "tooLow": "heat", "tooHigh": "cool" }
}`;

/** What the document says before its tables. */
const INTRODUCTION: readonly string[] = [
  '# The trainer definition',
  '',
  '<!-- Written from firmware/contract and firmware/ports/*/board.json by `node tools/definition_docs.mjs`. Do not edit. -->',
  '',
  'One JSON document says everything about a trainer: what it measures, what it can decide, the model that learns, how an outcome becomes',
  'feedback, which decisions become training samples, when it trains. Write only what you want to differ from the defaults. Node-RED edits',
  'this document, `edge-trainer deploy` reads it, and the board gets it as a binary blob (layout:',
  '`firmware/include/edge_trainer/definition.h`). The board takes it whole or not at all; a refused definition leaves everything as it was.',
  '',
  '```json',
  EXAMPLE,
  '```',
  '',
  'Values are in engineering units; a register holds `round(value * scale)` as a signed 16-bit number. A stream model (`correlation`, `process`, `esn`, `autoencoder`) has',
  '`channels` instead of `features`, and no `classes`.',
  '',
  '## What a change keeps',
  '',
  'Features, channels and classes have an identity, `id`, which is the name or label unless the definition states it. Everything learned',
  'belongs to the identity:',
  '',
  '- *Another order*: entries may change places at any time. Data set, models and decisions that wait for their outcome stay. The',
  '  feature registers and class codes of the PLC follow the new order.',
  '- *Other names*: keep the `id`, and everything stays. The form of the *device* node does that by itself. Without an `id` a new name is',
  '  a new feature or class. Messages and loops that use the old name go on working: the `id` is a valid name, too.',
  '- *Other policies* (stitching share, training thresholds, class weights, cost of a linear model, start rule): data set and model stay.',
  '- *Another set point, band or rule*, in the definition or written by the PLC: the board judges the samples again from the outcomes that',
  '  it keeps beside them. Labels that a person gave stay. With `keepOutcomes` off the samples keep the labels of the previous rule.',
  '- *A wider range* (at most four times as wide): the board converts the samples, rounded to the new steps, and a linear model. It cannot',
  '  convert a kernel model, whose distances change with the ranges: the samples stay, and it trains the model again from them.',
  '- *A larger data set*: samples and linear models stay; the board trains a kernel model again.',
  '- *Another model, or other settings of a kernel* (cost, gamma, ...), or another scaling: the samples stay, and the board trains a new',
  '  model from them.',
  '- *Another start rule*, other ranges of its features, or another default class where there is no start rule: the shift of a following',
  '  rule and the record of the rules begin anew. Samples and model stay.',
  '- *Another number of tickets*: decisions that wait for their outcome are lost.',
  '- *Other features or classes, a smaller range, another storage, a data set smaller than what is stored, other settings of a stream',
  '  model*: the board starts anew.',
  '',
  'The form of the *device* node, the *deploy* node and `edge-trainer deploy --dry-run` say beforehand what a definition changes.',
  'The client refuses a definition that discards something learned, unless you allow it (an option of the *deploy* node, `--discard` on the',
  'command line, which asks on a terminal), and writes a backup of model and samples first.',
  '`edge-trainer restore FILE --samples` teaches the samples of a backup to any definition that has the same features.',
  '',
  'The fingerprint of a definition covers names, labels, order and identities: a client with other names or another order stops with an',
  'error before it sends anything.',
  '',
];

/** The whole document. */
export function definitionMarkdown(): string {
  const boards = knownBoards().map((name) => {
    const board = boardOf(name);
    return `| \`${name}\` | ${board.title} | ${board.flash === 0 ? '–' : grouped(board.flash)} | ${grouped(board.ram)} | ${grouped(board.arena)} | ${board.clock === 0 ? '–' : board.clock / 1e6} | ${board.supplyCurrent ?? '–'} | ${board.channels === null ? '–' : `${board.channels.inputs} / ${board.channels.outputs}`} | ${board.emulator ?? '–'} | ${board.bootLoader?.title ?? '–'} |`;
  });
  return [
    ...INTRODUCTION,
    '## Top level',
    '',
    ...fieldTable(definitionSchema),
    ...SECTIONS.flatMap((name) => [
      ...sectionOf(name, definitionSchema.properties[name]),
      ...(name === 'model' ? modelLists() : []),
      ...(name === 'io' ? ioLists() : []),
    ]),
    '## Boards',
    '',
    'Sizes in bytes, clock in MHz, current in mA. *Arena* is what a definition must fit. *Channels*: inputs and outputs of the board itself, for `io`.',
    '',
    '| Name | Board | Flash | RAM | Arena | Clock | Current | Channels | Emulator | Bootloader |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...boards,
    '',
  ].join('\n');
}
