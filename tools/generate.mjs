// Generates everything that firmware/registers.json states once: C contract and dispatch table, TypeScript constants,
// docs/register-map.md; and docs/nodes.md from the help of the nodes. `--check` writes nothing and fails when a generated file is stale.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nodesMarkdown } from './nodes_docs.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const WORDS = { u16: 1, i16: 1, u32: 2, f32: 2, string: 1 };
const NOTE = 'Generated from firmware/registers.json by `npm run generate`. Do not edit.';

/** Words of one register entry. */
const wordsOf = (register) => WORDS[register.type] * (register.count ?? 1);
const pascal = (name) => name.replace(/(^|_)([a-z])/g, (_, __, letter) => letter.toUpperCase());
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** Reads the map and refuses one that contradicts itself. */
export function readMap() {
  const map = JSON.parse(readFileSync(join(root, 'firmware/registers.json'), 'utf8'));
  const registers = map.blocks.flatMap((block) =>
    block.registers.map((register) => ({ ...register, block: block.name, plc: block.plc === true })),
  );
  registers.sort((a, b) => a.at - b.at);
  const names = new Set();
  let end = 0;
  for (const register of registers) {
    if (!(register.type in WORDS)) throw new Error(`${register.name}: unknown type ${register.type}`);
    if (register.at < end) throw new Error(`${register.name}: overlaps the register before it`);
    if (register.enum && !map.enums[register.enum])
      throw new Error(`${register.name}: unknown enum ${register.enum}`);
    if (names.has(register.name)) throw new Error(`${register.name}: named twice`);
    names.add(register.name);
    end = register.at + wordsOf(register);
  }
  const codes = Object.values(map.errors).map((error) => error.code);
  if (new Set(codes).size !== codes.length) throw new Error('an error code is used twice');
  return { ...map, registers };
}

function contractHeader(map) {
  const lines = [`/* ${NOTE} */`, '#ifndef EDGE_TRAINER_CONTRACT_H', '#define EDGE_TRAINER_CONTRACT_H', ''];
  lines.push(
    '#include <stdbool.h>',
    '#include <stddef.h>',
    '#include <stdint.h>',
    '',
    `#define ET_MAP_VERSION ${map.map_version}u`,
    '',
  );
  for (const [name, { value, doc }] of Object.entries(map.limits))
    lines.push(`#define ET_${name} ${value}u /* ${doc} */`);
  for (const [name, { doc, values }] of Object.entries(map.enums)) {
    lines.push('', `/* ${doc} */`, `typedef enum et_${name} {`);
    const entries = Object.entries(values).map(
      ([key, value]) => `  ET_${name.toUpperCase()}_${key} = ${value}`,
    );
    lines.push(entries.join(',\n'), `} et_${name};`);
  }
  lines.push('', '/* What went wrong; texts in et_error_text(). */', 'typedef enum et_error {');
  lines.push(
    Object.entries(map.errors)
      .map(([key, { code, text }]) => `  ET_${key} = ${code} /* ${text} */`)
      .join(',\n')
      .replace(/ (\/\*[^\n]*\*\/),/g, ', $1'),
  );
  lines.push('} et_error;', '', '#endif', '');
  return lines.join('\n');
}

function tableHeader(map) {
  const lines = [
    `/* ${NOTE} */`,
    '#ifndef ET_REGISTER_TABLE_H',
    '#define ET_REGISTER_TABLE_H',
    '',
    '#include <stdint.h>',
    '',
  ];
  lines.push(
    'enum { ET_REGISTER_WRITE = 1, ET_REGISTER_READ = 2, ET_REGISTER_MANAGE = 4, ET_REGISTER_WIDE = 8 };',
    '',
  );
  lines.push('typedef enum et_register {');
  lines.push('  ET_R_NONE = -1,');
  lines.push(
    map.registers.map((register) => `  ET_R_${register.name.toUpperCase()}`).join(',\n'),
    '} et_register;',
    '',
  );
  lines.push(`#define ET_REGISTER_COUNT ${map.registers.length}u`, '');
  for (const register of map.registers)
    lines.push(`#define ET_A_${register.name.toUpperCase()} ${register.at}u`);
  lines.push(
    '',
    'typedef enum et_block {',
    map.blocks.map((block) => `  ET_BLOCK_${block.name.toUpperCase()}`).join(',\n'),
    '} et_block;',
  );
  lines.push('', '/* One entry a register, in order of address. `element` words a value, `words` in all. */');
  lines.push(
    'typedef struct et_register_entry {',
    '  uint16_t address;',
    '  uint16_t words;',
    '  uint8_t element;',
    '  uint8_t flags;',
    '  uint8_t block; /* et_block */',
    '  uint16_t min; /* of a writable single word */',
    '  uint16_t max;',
    '} et_register_entry;',
    '',
  );
  lines.push('extern const et_register_entry et_register_table[ET_REGISTER_COUNT];', '');
  for (const [kind, bits] of [
    ['COIL', map.coils],
    ['INPUT', map.discrete_inputs],
  ]) {
    for (const bit of bits) lines.push(`#define ET_${kind}_${bit.name.toUpperCase()} ${bit.at}u`);
    const last = bits[bits.length - 1];
    lines.push(`#define ET_${kind}_COUNT ${last.at + (last.count ?? 1)}u`);
  }
  lines.push('', '#endif', '');
  return lines.join('\n');
}

function tableSource(map) {
  const rows = map.registers.map((register) => {
    const flags = [];
    if (register.access.includes('w')) flags.push('ET_REGISTER_WRITE');
    if (register.access.includes('r')) flags.push('ET_REGISTER_READ');
    if (register.manage) flags.push('ET_REGISTER_MANAGE');
    if (WORDS[register.type] > 1) flags.push('ET_REGISTER_WIDE');
    const values = register.enum ? Object.values(map.enums[register.enum].values) : [];
    const min = register.min ?? 0;
    const max = register.max ?? (values.length ? Math.max(...values) : 65535);
    return `  { ${register.at}u, ${wordsOf(register)}u, ${WORDS[register.type]}u, ${flags.join(' | ')}, ET_BLOCK_${register.block.toUpperCase()}, ${min}u, ${max}u }, /* ${register.name} */`;
  });
  return [
    `/* ${NOTE} */`,
    '#include "modbus/register_table.h"',
    '',
    'const et_register_entry et_register_table[ET_REGISTER_COUNT] = {',
    ...rows,
    '};',
    '',
  ].join('\n');
}

function errorTextSource(map) {
  const rows = Object.entries(map.errors).map(
    ([key, { text }]) => `  case ET_${key}: return ${JSON.stringify(text)};`,
  );
  return [
    `/* ${NOTE} */`,
    '#include "support/error_text.h"',
    '',
    'const char *et_error_text(et_error error) {',
    '  switch (error) {',
    ...rows,
    '  }',
    '  return "unknown error";',
    '}',
    '',
  ].join('\n');
}

function typescript(map) {
  const lines = [
    `// ${NOTE}`,
    '',
    `export const MAP_VERSION = ${map.map_version};`,
    '',
    '/** Limits of the contract. */',
    'export const Limits = {',
  ];
  for (const [name, { value, doc }] of Object.entries(map.limits))
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
  );
  lines.push(
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
    // `Object` is JavaScript's own name.
    const type = name === 'object' ? 'BulkObject' : pascal(name);
    lines.push(`/** ${doc} */`, `export const ${type} = {`);
    for (const [key, value] of Object.entries(values)) lines.push(`  ${key}: ${value},`);
    lines.push('} as const;', `export type ${type} = (typeof ${type})[keyof typeof ${type}];`, '');
  }
  lines.push('/** Error codes a trainer reports, with their texts. */', 'export const TrainerErrors = {');
  for (const [key, { code, text }] of Object.entries(map.errors))
    lines.push(`  ${key}: { code: ${code}, text: ${JSON.stringify(text)} },`);
  lines.push('} as const;', 'export type TrainerErrorName = keyof typeof TrainerErrors;', '');
  return lines.join('\n');
}

function markdown(map) {
  const lines = [
    '# Register map',
    '',
    `<!-- ${NOTE} -->`,
    '',
    `Version ${map.map_version}. ${map.$comment.replace(/^THE contract[^.]*\. [^.]*\. /, '')}`,
    '',
  ];
  lines.push(
    "A PLC needs the blocks marked *PLC* only. Addresses are protocol addresses, from 0 (add 1 for data-model numbers, 40001 + address for holding registers). Registers marked *manage* are refused while management is locked. Reading an address between registers returns 0 within a block's span and exception 2 outside every block.",
    '',
  );
  for (const block of map.blocks) {
    lines.push(
      `## ${block.name}${block.plc ? ' (PLC)' : ''}`,
      '',
      block.doc,
      '',
      '| Address | Register | Type | Access | Unit | Meaning |',
      '|---|---|---|---|---|---|',
    );
    for (const register of block.registers) {
      const words = wordsOf(register);
      const address = words > 1 ? `${register.at} – ${register.at + words - 1}` : `${register.at}`;
      const type = register.count ? `${register.type} × ${register.count}` : register.type;
      const access = `${register.access}${register.manage ? ', manage' : ''}`;
      const doc = register.enum
        ? `${register.doc} ([${register.enum}](#${register.enum.replace(/_/g, '_')}))`
        : register.doc;
      lines.push(
        `| ${address} | \`${register.name}\` | ${type} | ${access} | ${register.unit ?? ''} | ${doc} |`,
      );
    }
    lines.push('');
  }
  for (const [title, bits] of [
    ['Coils (FC 1, 5, 15)', map.coils],
    ['Discrete inputs (FC 2)', map.discrete_inputs],
  ]) {
    lines.push(`## ${title}`, '', '| Address | Name | Meaning |', '|---|---|---|');
    for (const bit of bits)
      lines.push(
        `| ${bit.count ? `${bit.at} – ${bit.at + bit.count - 1}` : bit.at} | \`${bit.name}\` | ${bit.doc} |`,
      );
    lines.push('');
  }
  lines.push(
    '## Error codes',
    '',
    '`last_error`, `command_result` and `train_result` hold these.',
    '',
    '| Code | Name | Meaning |',
    '|---|---|---|',
  );
  for (const [key, { code, text }] of Object.entries(map.errors))
    lines.push(`| ${code} | ${key} | ${text} |`);
  lines.push('', '## Limits', '', '| Name | Value | Meaning |', '|---|---|---|');
  for (const [name, { value, doc }] of Object.entries(map.limits))
    lines.push(`| ${name} | ${value} | ${doc} |`);
  lines.push('', '# Values', '');
  for (const [name, { doc, values }] of Object.entries(map.enums)) {
    lines.push(`## ${name}`, '', `${doc}.`, '', '| Value | Name |', '|---|---|');
    for (const [key, value] of Object.entries(values)) lines.push(`| ${value} | ${key} |`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Path -> content of every generated file. */
export function generated() {
  const map = readMap();
  return {
    'firmware/include/edge_trainer/contract.h': contractHeader(map),
    'firmware/src/modbus/register_table.h': tableHeader(map),
    'firmware/src/modbus/register_table.c': tableSource(map),
    'firmware/src/support/error_text.c': errorTextSource(map),
    'trainer/contract/contract.generated.ts': typescript(map),
    'docs/register-map.md': markdown(map),
    'docs/nodes.md': nodesMarkdown(),
  };
}

/** Writes what changed (or with `check`, only names it); returns the stale paths. */
export function generate({ check = false } = {}) {
  const stale = [];
  for (const [path, content] of Object.entries(generated())) {
    const file = join(root, path);
    let present = null;
    try {
      present = readFileSync(file, 'utf8');
    } catch {
      // not there yet: stale
    }
    if (present === content) continue;
    stale.push(path);
    if (check) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return stale;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const check = process.argv.includes('--check');
  const stale = generate({ check });
  if (check && stale.length) {
    console.error(`stale: ${stale.join(', ')}: run npm run generate and commit the result`);
    process.exit(1);
  }
  if (!check) console.log(stale.length ? `wrote ${stale.join(', ')}` : 'everything generated is up to date');
}
