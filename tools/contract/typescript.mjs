// The contract in TypeScript: registers, enumerations and errors; the definition's types and where its blob holds each field.
import { camel, choicesOf, NOTE, pascal, snake, word, wordsOf } from './read.mjs';

function registers({ map, limits }) {
  const lines = [
    `// ${NOTE}`,
    '',
    `export const MAP_VERSION = ${map.map_version};`,
    '/** Version of the firmware that this package brings. */',
    `export const FIRMWARE_VERSION = '${map.firmware.major}.${map.firmware.minor}';`,
    '',
    '/** Limits of the contract. */',
    'export const Limits = {',
  ];
  for (const [name, { value, doc }] of Object.entries(limits))
    lines.push(`  /** ${doc} */`, `  ${name}: ${value},`);
  lines.push('} as const;', '', "export type RegisterType = 'u16' | 'i16' | 'u32' | 'f32' | 'string';", '');
  lines.push(
    'export interface Register {',
    '  readonly address: number;',
    '  readonly words: number;',
    '  readonly type: RegisterType;',
    '  readonly count: number;',
    '  readonly access: string;',
    '  readonly unit?: string;',
    '  /** Whether a PLC needs it; the rest is management. */',
    '  readonly plc: boolean;',
    '  readonly doc: string;',
    '}',
    '',
    '/** Every register by name. Addresses are protocol addresses, from 0. */',
    'export const Registers = {',
  );
  for (const register of map.registers) {
    const unit = register.unit ? `, unit: ${JSON.stringify(register.unit)}` : '';
    lines.push(
      `  /** ${register.doc} */`,
      `  ${camel(register.name)}: { address: ${register.at}, words: ${wordsOf(register)}, type: '${register.type}', count: ${register.count ?? 1}, access: '${register.access}'${unit}, plc: ${register.plc}, doc: ${JSON.stringify(register.doc)} },`,
    );
  }
  lines.push(
    '} as const satisfies Record<string, Register>;',
    'export type RegisterName = keyof typeof Registers;',
    '',
  );
  for (const [name, bits] of [
    ['Coils', map.coils],
    ['DiscreteInputs', map.discrete_inputs],
  ]) {
    lines.push(`export const ${name} = {`);
    for (const bit of bits) lines.push(`  /** ${bit.doc} */`, `  ${camel(bit.name)}: ${bit.at},`);
    lines.push('} as const;', '');
  }
  lines.push(
    '/** First address and words of each block, for one-read snapshots. */',
    'export const Blocks = {',
  );
  for (const block of map.blocks) {
    const last = block.registers[block.registers.length - 1];
    lines.push(
      `  ${camel(block.name)}: { address: ${block.at}, words: ${last.at + wordsOf(last) - block.at} },`,
    );
  }
  lines.push('} as const;', '');
  for (const [name, { doc, values }] of Object.entries(map.enums)) {
    const type = enumName(name);
    lines.push(`/** ${doc} */`, `export const ${type} = {`);
    for (const [key, value] of Object.entries(values)) lines.push(`  ${key}: ${value},`);
    lines.push('} as const;', `export type ${type} = (typeof ${type})[keyof typeof ${type}];`, '');
  }
  lines.push(
    '/** Error codes a trainer reports; their texts are in the catalogue of errors, client.error. */',
    'export const TrainerErrors = {',
  );
  for (const [key, { code }] of Object.entries(map.errors)) lines.push(`  ${key}: { code: ${code} },`);
  lines.push('} as const;', 'export type TrainerErrorName = keyof typeof TrainerErrors;', '');
  return lines.join('\n');
}

/** `Object` is JavaScript's own name. */
const enumName = (name) => (name === 'object' ? 'BulkObject' : pascal(name));

// ---- Types of the document ----

function typeOf(field, map) {
  switch (field.kind) {
    case 'text':
      return 'string';
    case 'texts':
      return 'string[]';
    case 'flag':
      return 'boolean';
    case 'choice':
      return choicesOf(field, map)
        .map((value) => `'${value}'`)
        .join(' | ');
    case 'list':
      return `${field.record}[]`;
    case 'family':
    case 'object':
    case 'variants':
      return `${pascal(field.name)}Settings`;
    default:
      return field.word === undefined ? 'number' : `number | '${field.word}'`;
  }
}

/** A list whose entries are of several kinds: a type for each, and one for all. */
function variantTypes({ record: name, entry, tag, variants }, map) {
  const of = (variant) => `${pascal(variant.name)}${name.replace(/Definition$/, '')}`;
  return [
    ...variants.flatMap((variant) =>
      record(of(variant), variant.meaning, [`  ${tag}: '${variant.name}';`, ...members(variant.fields, map)]),
    ),
    '',
    `/** ${entry} */`,
    `export type ${name} = ${variants.map(of).join(' | ')};`,
  ];
}

function members(fields, map) {
  return fields.flatMap((field) => [
    `  /** ${field.meaning}${field.unit === undefined ? '' : `, ${field.unit}`} */`,
    `  ${field.name}${field.required ? '' : '?'}: ${typeOf(field, map)};`,
  ]);
}

const record = (name, doc, lines) => ['', `/** ${doc} */`, `export interface ${name} {`, ...lines, '}'];

function documentTypes({ definition, families, map }) {
  const lines = [];
  for (const field of definition.document) {
    if (field.kind === 'list' && field.fields)
      lines.push(...record(field.record, field.entry, members(field.fields, map)));
    if (field.kind === 'object')
      lines.push(...record(`${pascal(field.name)}Settings`, field.meaning, members(field.fields, map)));
    if (field.kind === 'variants') {
      for (const variant of field.variants)
        lines.push(
          ...record(`${pascal(variant.name)}${pascal(field.tag)}`, variant.meaning, [
            `  ${field.tag}: '${variant.name}';`,
            ...members([...variant.fields, ...field.fields], map),
          ]),
        );
      const names = field.variants.map((variant) => `${pascal(variant.name)}${pascal(field.tag)}`);
      lines.push('', `export type ${pascal(field.name)}Settings = ${names.join(' | ')};`);
    }
    if (field.kind === 'family') {
      const names = [];
      for (const { family, models, fields } of families) {
        for (const list of fields.filter((field) => field.kind === 'list'))
          lines.push(...variantTypes(list, map));
        for (const model of models) {
          names.push(`${pascal(model.name)}Settings`);
          const own = fields.filter((field) => (field.models ?? [model.name]).includes(model.name));
          lines.push(
            ...record(names.at(-1), `${model.meaning} (family ${family})`, [
              `  ${field.tag}: '${model.name}';`,
              ...members(own, map),
            ]),
          );
        }
      }
      lines.push('', `export type ${pascal(field.name)}Settings = ${names.join(' | ')};`);
    }
  }
  lines.push(
    ...record(
      'TrainerDefinition',
      'What a person writes: everything that has a default may be left out.',
      members(definition.document, map),
    ),
  );
  return lines;
}

// ---- Layout of the blob ----

function storedRow(field, map) {
  const { stored } = field;
  const parts = [
    `path: '${field.path}'`,
    `section: '${stored.section}'`,
    `name: '${stored.name ?? snake(field.name)}'`,
    `at: ${stored.at}`,
    `type: '${stored.type}'`,
  ];
  if (field.kind === 'family') parts.push("coding: 'model'");
  else if (field.enum !== undefined) {
    const values = Object.entries(map.enums[field.enum].values).map(
      ([name, code]) => `'${word(name)}': ${code}`,
    );
    parts.push("coding: 'choice'", `values: { ${values.join(', ')} }`);
  } else if (field.kind === 'flag') parts.push("coding: 'flag'");
  else parts.push(`coding: '${stored.coding ?? 'plain'}'`);
  if (field.word !== undefined) parts.push(`word: { text: '${field.word}', code: ${stored.word} }`);
  if (field.when !== undefined)
    parts.push(
      `when: { path: '${field.when.path}', in: [${field.when.in.map((value) => `'${value}'`).join(', ')}] }`,
    );
  return `  { ${parts.join(', ')} },`;
}

function definitionFile(contract) {
  const { definition, families, sections, stored, map } = contract;
  const lines = [
    `// ${NOTE}`,
    '',
    ...documentTypes(contract).slice(1),
    '',
    '/** Head of the blob. */',
    `export const DefinitionBlob = { magic: ${Number(definition.blob.magic)}, layout: ${definition.blob.layout}, optionalFrom: ${definition.blob.optional_from} } as const;`,
    '',
    `export type DefinitionSectionName = ${sections.map((section) => `'${section.name}'`).join(' | ')};`,
    '',
    'export interface DefinitionSection {',
    '  readonly id: number;',
    '  readonly layout: number;',
    '  readonly bytes: number;',
    '  /** The list of the document that has one entry of the section each; the core counts them in the byte at `countAt`. */',
    `  readonly list?: ${sections
      .filter((section) => section.list)
      .map((section) => `'${section.list}'`)
      .join(' | ')};`,
    '  readonly countAt?: number;',
    '  readonly family?: string;',
    '  /** The list of the model that has one entry of the section each. */',
    '  readonly ofModel?: string;',
    '  /** Not made of fields: its own code reads and writes it. */',
    '  readonly raw?: boolean;',
    '}',
    '',
    '/** Sections of the blob, in the order that the host writes them; `bytes` of one entry where a section holds several. */',
    'export const DefinitionSections: Readonly<Record<DefinitionSectionName, DefinitionSection>> = {',
  ];
  for (const section of sections)
    lines.push(
      `  ${section.name}: { id: ${section.id}, layout: ${section.layout}, bytes: ${section.bytes ?? 0}${section.list ? `, list: '${section.list}', countAt: ${section.countAt}` : ''}${section.family ? `, family: '${section.family}'` : ''}${section.ofModel ? `, ofModel: '${section.ofModel}'` : ''}${section.raw ? ', raw: true' : ''} },`,
    );
  lines.push(
    '};',
    '',
    '',
    '/** The model families, by the name that a definition writes. */',
    'export const Models = {',
  );
  for (const { family, models } of families)
    for (const model of models)
      lines.push(`  '${model.name}': { code: ${model.number}, family: '${family}', kind: '${model.kind}' },`);
  lines.push(
    '} as const;',
    'export type ModelType = keyof typeof Models;',
    '',
    '/** What the form asks of a family on its first page, besides name and board. */',
    'export const FamilyGeneral = {',
    ...families.map(
      ({ family, general }) => `  ${family}: [${general.map((name) => `'${name}'`).join(', ')}],`,
    ),
    '} as const;',
    '',
    "export type FieldType = 'u8' | 'u16' | 'i16' | 'u32' | 'f32';",
    '',
    '/** A field of the document and where the blob holds it. */',
    'export interface StoredField {',
    '  /** "stitching.capacity", "features[].min". */',
    '  readonly path: string;',
    '  readonly section: DefinitionSectionName;',
    '  /** In the C struct. */',
    '  readonly name: string;',
    '  readonly at: number;',
    '  readonly type: FieldType;',
    "  readonly coding: 'plain' | 'choice' | 'flag' | 'milli' | '256ths' | 'register' | 'class' | 'channel' | 'channel-scale' | 'model';",
    '  readonly values?: Readonly<Record<string, number>>;',
    '  /** A word that stands for a code beyond the range. */',
    '  readonly word?: { readonly text: string; readonly code: number };',
    '  /** Only with these variants. */',
    '  readonly when?: { readonly path: string; readonly in: readonly string[] };',
    '}',
    '',
    'export const StoredFields: readonly StoredField[] = [',
    ...stored.map((field) => storedRow(field, map)),
    '];',
    '',
  );
  return lines.join('\n');
}

export function typescriptFiles(contract) {
  return {
    'trainer/contract/contract.generated.ts': registers(contract),
    'trainer/contract/definition.generated.ts': definitionFile(contract),
  };
}
