// The registers in C: their table, and where each that shows a member of the trainer finds it.
import { guarded, source } from './c.mjs';
import { constant as upper, WORDS, wordsOf } from './read.mjs';
import { switchNames } from './switches.mjs';

/** An enumeration of the places that some registers have in the table; nothing when there are none. */
function places(name, map, has) {
  const entries = map.registers.flatMap((register, place) =>
    has(register) ? [`  ET_R_${upper(register.name)} = ${place}`] : [],
  );
  return entries.length === 0 ? [] : [`typedef enum ${name} {`, entries.join(',\n'), `} ${name};`, ''];
}

function tableHeader({ map }) {
  const lines = [
    '#include <stdint.h>',
    '',
    '#include "support/constant.h"',
    '',
    'enum { ET_REGISTER_WRITE = 1, ET_REGISTER_READ = 2, ET_REGISTER_MANAGE = 4, ET_REGISTER_WIDE = 8 };',
    '',
    '/* Place of a register in et_register_table. */',
    'typedef int16_t et_register;',
    '',
    '/* Registers that show a member of the trainer, see loop/registers_shown.c. */',
    ...places('et_register_shown', map, ({ shows }) => shows !== undefined),
    '/* The other registers of each block: a switch over one of these without a default does not compile when a register is missing. */',
    ...map.blocks.flatMap(({ name }) =>
      places(`et_register_of_${name}`, map, ({ block, shows }) => block === name && shows === undefined),
    ),
    `#define ET_REGISTER_COUNT ${map.registers.length}u`,
    '',
    ...map.registers.map((register) => `#define ET_A_${upper(register.name)} ${register.at}u`),
    '',
    'typedef enum et_block {',
    map.blocks.map((block) => `  ET_BLOCK_${upper(block.name)}`).join(',\n'),
    '} et_block;',
    '',
    '/* One entry a register, in order of address. `words` in all; a value has one, or two with ET_REGISTER_WIDE. */',
    'typedef struct et_register_entry {',
    '  uint16_t address;',
    '  uint16_t words;',
    '  uint16_t max; /* of a writable single word; the least is 0 */',
    '  uint8_t flags;',
    '  uint8_t block; /* et_block */',
    '} et_register_entry;',
    '',
    'extern ET_CONSTANT et_register_entry et_register_table[ET_REGISTER_COUNT];',
    '',
    '/* Words of one value. */',
    'static inline uint16_t et_register_element(ET_CONSTANT et_register_entry *entry) {',
    '  return (entry->flags & ET_REGISTER_WIDE) != 0u ? 2u : 1u;',
    '}',
    '',
  ];
  for (const [kind, bits] of [
    ['COIL', map.coils],
    ['INPUT', map.discrete_inputs],
  ]) {
    for (const bit of bits) lines.push(`#define ET_${kind}_${upper(bit.name)} ${bit.at}u`);
    const last = bits[bits.length - 1];
    lines.push(`#define ET_${kind}_COUNT ${last.at + (last.count ?? 1)}u`);
  }
  return guarded('ET_REGISTER_TABLE_H', lines);
}

function tableSource({ map }) {
  const rows = map.registers.map((register) => {
    const flags = [];
    if (register.access.includes('w')) flags.push('ET_REGISTER_WRITE');
    if (register.access.includes('r')) flags.push('ET_REGISTER_READ');
    if (register.manage) flags.push('ET_REGISTER_MANAGE');
    if (WORDS[register.type] > 1) flags.push('ET_REGISTER_WIDE');
    const values = register.enum ? Object.values(map.enums[register.enum].values) : [];
    const max = register.max ?? (values.length ? Math.max(...values) : 65535);
    return `  { ${register.at}u, ${wordsOf(register)}u, ${max}u, ${flags.join(' | ')}, ET_BLOCK_${upper(register.block)} }, /* ${register.name} */`;
  });
  return source([
    '#include "modbus/register_table.h"',
    '',
    'ET_CONSTANT et_register_entry et_register_table[ET_REGISTER_COUNT] = {',
    ...rows,
    '};',
  ]);
}

function shownHeader() {
  return guarded('ET_REGISTERS_SHOWN_H', [
    '#include "modbus/register_table.h"',
    '',
    '/* Registers that show a member of the trainer: its offset times 8, and its bytes: 1, 2 or 4. 0 = one whose value is worked out, or a',
    ' * member that this build leaves out. */',
    'extern ET_CONSTANT uint16_t et_registers_shown[ET_REGISTER_COUNT];',
  ]);
}

/** What a type asks of the member, beside what the macros of its kind do. */
function conditionOf({ type, count, shows }) {
  const member = `((et_trainer *)0)->${shows}`;
  if (count !== undefined) return `sizeof(${member}) == ${count}u * sizeof(${member}[0])`;
  if (type === 'i16') return `sizeof(${member}) == 2u`;
  return type === 'f32' ? `sizeof(${member}) == 4u` : undefined;
}

/** Lines, those that a build may leave out between #if and #endif. */
const conditional = (entries) =>
  entries.flatMap(({ within, line }, index) => [
    ...(within !== undefined && entries[index - 1]?.within !== within ? [`#if ET_WITH_${within}`] : []),
    line,
    ...(within !== undefined && entries[index + 1]?.within !== within ? ['#endif'] : []),
  ]);

/** A wrong path does not compile: the line that the compiler names has the register's name. */
function shownSource(contract) {
  const { map } = contract;
  const known = switchNames(contract);
  for (const { name, with: within } of map.registers)
    if (within !== undefined && !known.includes(within))
      throw new Error(`${name}: no build has a switch ${within}`);
  const shown = map.registers.filter(({ shows }) => shows !== undefined);
  const conditions = shown.flatMap((register) => {
    const condition = conditionOf(register);
    return condition === undefined
      ? []
      : [{ within: register.with, line: `ET_STORED(shown_as_${register.name}, ${condition});` }];
  });
  const rows = shown.map(({ name, type, count, shows, with: within }) => {
    const macro = type === 'f32' ? 'SHOWN_REAL' : 'SHOWN';
    const member = count === undefined ? shows : `${shows}[0]`;
    return { within, line: `  [ET_R_${upper(name)}] = ${macro}(${member}),` };
  });
  return source([
    '#include "loop/registers_shown.h"',
    '',
    '#include <stddef.h>',
    '',
    '#include "edge_trainer/section.h"',
    '#include "loop/trainer_state.h"',
    '',
    '#define SHOWN_REAL(member) (offsetof(et_trainer, member) << 3 | sizeof(((et_trainer *)0)->member))',
    '/* Of integers: `| 0` compiles for no other type. */',
    '#define SHOWN(member) (SHOWN_REAL(member) + 0u * sizeof(((et_trainer *)0)->member | 0))',
    '',
    'ET_STORED(every_offset_shown, sizeof(et_trainer) <= 8192u);',
    ...conditional(conditions),
    '',
    'ET_CONSTANT uint16_t et_registers_shown[ET_REGISTER_COUNT] = {',
    ...conditional(rows),
    '};',
  ]);
}

/** Path -> content of every generated file of the registers in C. */
export function registerFiles(contract) {
  return {
    'firmware/src/modbus/register_table.h': tableHeader(contract),
    'firmware/src/modbus/register_table.c': tableSource(contract),
    'firmware/src/loop/registers_shown.h': shownHeader(),
    'firmware/src/loop/registers_shown.c': shownSource(contract),
  };
}
