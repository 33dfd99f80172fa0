// The contract in C: constants and enumerations, error texts, structs of the definition's sections with their ranges.
import { BYTES, NOTE, constant as upper } from './read.mjs';
import { familiesSource, switchesHeader } from './switches.mjs';

const TYPES = { u8: 'uint8_t', u16: 'uint16_t', i16: 'int16_t', u32: 'uint32_t', f32: 'float' };

const CPLUSPLUS = ['#ifdef __cplusplus', 'extern "C" {', '#endif'];

export const source = (lines) => [`/* ${NOTE} */`, ...lines, ''].join('\n');

/** A header; what it declares is C's in C++ too. */
export function guarded(guard, lines) {
  const first = lines.findLastIndex((line) => line.startsWith('#include')) + 1;
  const body = [
    ...lines.slice(0, first),
    '',
    ...CPLUSPLUS,
    ...lines.slice(first),
    '',
    '#ifdef __cplusplus',
    '}',
    '#endif',
  ];
  return [`/* ${NOTE} */`, `#ifndef ${guard}`, `#define ${guard}`, '', ...body, '', '#endif', ''].join('\n');
}

function contractHeader({ map, limits }) {
  const lines = [
    '#include <stdbool.h>',
    '#include <stddef.h>',
    '#include <stdint.h>',
    '',
    `#define ET_MAP_VERSION ${map.map_version}u`,
    `#define ET_FIRMWARE_MAJOR ${map.firmware.major}u`,
    `#define ET_FIRMWARE_MINOR ${map.firmware.minor}u`,
    `#define ET_FIRMWARE_VERSION_TEXT "${map.firmware.major}.${map.firmware.minor}"`,
    '',
  ];
  for (const [name, { value, doc }] of Object.entries(limits))
    lines.push(`#define ET_${name} ${value}u /* ${doc} */`);
  for (const [name, { doc, values }] of Object.entries(map.enums)) {
    lines.push('', `/* ${doc} */`, `typedef enum et_${name} {`);
    const entries = Object.entries(values).map(([key, value]) => `  ET_${upper(name)}_${key} = ${value}`);
    lines.push(entries.join(',\n'), `} et_${name};`);
  }
  lines.push('', '/* What went wrong; texts in et_error_text(). */', 'typedef enum et_error {');
  lines.push(
    Object.entries(map.errors)
      .map(([key, { code, text }]) => `  ET_${key} = ${code} /* ${text} */`)
      .join(',\n')
      .replace(/ (\/\*[^\n]*\*\/),/g, ', $1'),
  );
  lines.push('} et_error;');
  return guarded('EDGE_TRAINER_CONTRACT_H', lines);
}

function errorTextSource({ map }) {
  const rows = Object.entries(map.errors).map(
    ([key, { text }]) => `  case ET_${key}: return ${JSON.stringify(text)};`,
  );
  return source([
    '#include "support/error_text.h"',
    '',
    'const char *et_error_text(et_error error) {',
    '  switch (error) {',
    ...rows,
    '  }',
    '  return "unknown error";',
    '}',
  ]);
}

// ---- Sections ----

/** The nearest float at or above (or strictly above) a decimal, as a literal. */
function float(value, strictly = false) {
  const bytes = new DataView(new ArrayBuffer(4));
  bytes.setFloat32(0, value);
  if (strictly) {
    if (!(value > 0)) throw new Error('an open bound must be above 0');
    bytes.setUint32(0, bytes.getUint32(0) + 1);
  }
  const text = String(Number(bytes.getFloat32(0).toPrecision(9)));
  return `${/[.e]/.test(text) ? text : `${text}.0`}f`;
}

function comment({ meaning, unit, enum: values, range }) {
  const parts = [meaning];
  if (values !== undefined) parts.push(`et_${values}`);
  else if (range !== undefined)
    parts.push(`${range.above === undefined ? range.min : `above ${range.above}`} to ${range.max}`);
  if (unit !== undefined) parts.push(unit);
  return `/* ${parts.join('; ')} */`;
}

/** A struct as the section holds it, byte for byte. */
function struct({ struct: name, doc, fields, used, bytes }) {
  const lines = [`/* ${doc[0].toUpperCase()}${doc.slice(1)}. */`, `typedef struct ${name} {`];
  for (const field of fields) {
    const count = field.count === undefined ? '' : `[${field.count}]`;
    lines.push(`  ${TYPES[field.type]} ${field.name}${count}; ${comment(field)}`);
  }
  if (bytes > used) lines.push(`  uint8_t reserved[${bytes - used}];`);
  return [...lines, `} ${name};`];
}

const constants = (section, prefix) => [
  `#define ${prefix}_${upper(section.name)}_ID ${section.id}u`,
  `#define ${prefix}_${upper(section.name)}_LAYOUT ${section.layout}u`,
];

function definitionHeader({ definition, sections, limits }) {
  const own = sections.filter((section) => section.family === undefined);
  const lines = [
    '#include "edge_trainer/contract.h"',
    '',
    `#define ET_DEFINITION_MAGIC ${definition.blob.magic}u /* "ET" */`,
    `#define ET_DEFINITION_LAYOUT ${definition.blob.layout}u`,
    `#define ET_SECTION_OPTIONAL ${definition.blob.optional_from}u /* sections from this number on are skipped by who does not know them */`,
    '',
    ...own.flatMap((section) => constants(section, 'ET_SECTION')),
    `#define ET_SECTIONS_KNOWN ${own.reduce((mask, { id }) => mask | (1 << id), 0)}u /* bit k: section k is one of these */`,
    '',
    '/* Bytes of all sections at most, without their headers. */',
    `#define ET_SECTIONS_BYTES_MAX ${bytesMost(sections, limits)}`,
  ];
  for (const section of own.filter((candidate) => !candidate.raw)) lines.push('', ...struct(section));
  lines.push('', '/* What each section looks like. */');
  for (const section of own.filter((candidate) => !candidate.raw))
    lines.push(`extern const et_section_format et_section_${section.name};`);
  return guarded('EDGE_TRAINER_DEFINITION_SECTIONS_H', [
    lines[0],
    '#include "edge_trainer/section.h"',
    ...lines.slice(1),
  ]);
}

function bytesMost(sections, limits) {
  const own = sections.filter((section) => section.family === undefined && !section.raw);
  const families = [...new Set(sections.map((section) => section.family))].filter(Boolean);
  const terms = own.map((section) =>
    section.most ? `${section.bytes}u * ET_${section.most}` : `${section.bytes}u`,
  );
  const most = families.map((family) =>
    sections
      .filter((section) => section.family === family)
      .reduce((sum, section) => sum + section.bytes * (section.most ? limits[section.most].value : 1), 0),
  );
  return `(${[...terms, `${Math.max(...most)}u`].join(' + ')})`;
}

/** `lists`: the sections of the model's own lists. */
function familyHeader(section, lists, family) {
  return guarded(`EDGE_TRAINER_${upper(family.family)}_PARAMETERS_H`, [
    '#include "edge_trainer/definition.h"',
    '',
    ...constants(section, 'ET_SECTION'),
    '',
    ...struct(section),
    '',
    `extern const et_section_format et_section_${section.name};`,
    ...lists.flatMap((list) => [
      '',
      ...constants(list, 'ET_SECTION'),
      '',
      ...struct(list),
      '',
      `extern const et_section_format et_section_${list.name};`,
    ]),
    '',
    `static inline const ${section.struct} *et_${section.name}_of(const et_definition *definition) {`,
    `  return (const ${section.struct} *)definition->parameters;`,
    '}',
  ]);
}

function savedHeader({ saved }) {
  const structs = saved.sections.filter((section) => section.fields !== undefined);
  const lines = [
    '#include "edge_trainer/section.h"',
    '',
    ...saved.sections.flatMap((section) => constants(section, 'ET_SAVED')),
  ];
  for (const section of structs) lines.push('', ...struct(section));
  return guarded('ET_SAVED_SECTIONS_H', lines);
}

function savedSource({ saved }) {
  const structs = saved.sections.filter((section) => section.fields !== undefined);
  return source([
    '#include "loop/core/saved_sections.h"',
    ...structs.flatMap((section) => ['', ...assertions(section, `saved_${section.name}`)]),
  ]);
}

/** A bound of a range is an int32_t on the board. */
const WHOLE_MOST = 2_147_483_647;

function rangeRow(section, field) {
  const { range } = field;
  const bound = (value, above) =>
    field.type === 'f32'
      ? `{ .real = ${above === undefined ? float(value) : float(above, true)} }`
      : `{ .whole = ${value} }`;
  // A range up to the end of 32 bits: the board takes what the host may write.
  const max = field.type === 'u32' ? Math.min(range.max, WHOLE_MOST) : range.max;
  return `  { offsetof(${section.struct}, ${field.name}), ET_FIELD_${upper(field.type)}, ${bound(range.min, range.above)}, ${bound(max)} },`;
}

/** Offsets and sizes as the contract states them: a struct that moved does not compile. */
function assertions(section, name = section.name) {
  const lines = [`ET_STORED(${name}_size, sizeof(${section.struct}) == ${section.bytes}u);`];
  for (const field of section.fields) {
    const size = BYTES[field.type] * (field.count ?? 1);
    lines.push(
      `ET_STORED(${name}_${field.name}, offsetof(${section.struct}, ${field.name}) == ${field.at}u && sizeof(((${section.struct} *)0)->${field.name}) == ${size}u);`,
    );
  }
  return lines;
}

function sectionSource(include, sections) {
  const lines = [`#include "${include}"`];
  for (const section of sections) {
    lines.push('', ...assertions(section), '');
    // A u32 whose range ends beyond 31 bits is left to its type.
    const limited = section.fields.filter(
      (field) => field.range !== undefined && !(field.type === 'u32' && field.range.max > WHOLE_MOST),
    );
    if (limited.length > 0)
      lines.push(
        `static const et_field_range ${section.name}_ranges[${limited.length}] = {`,
        ...limited.map((field) => rangeRow(section, field)),
        '};',
        '',
      );
    lines.push(
      `const et_section_format et_section_${section.name} = { ${section.id}u, ${section.layout}u, sizeof(${section.struct}), ${limited.length}u, ${limited.length > 0 ? `${section.name}_ranges` : 'NULL'} };`,
    );
  }
  return source(lines);
}

/** Path -> content of every generated C file. */
export function cFiles(contract) {
  const { sections, families } = contract;
  const files = {
    'firmware/include/edge_trainer/contract.h': contractHeader(contract),
    'firmware/include/edge_trainer/switches.h': source(switchesHeader(contract)),
    'firmware/src/models/families.c': source(familiesSource(contract)),
    'firmware/src/support/error_text.c': errorTextSource(contract),
    'firmware/include/edge_trainer/definition_sections.h': definitionHeader(contract),
    'firmware/src/loop/core/saved_sections.h': savedHeader(contract),
    'firmware/src/loop/core/saved_sections.c': savedSource(contract),
    'firmware/src/loop/core/definition_sections.c': sectionSource(
      'edge_trainer/definition_sections.h',
      sections.filter((section) => section.family === undefined && !section.raw),
    ),
  };
  for (const family of families) {
    const [section, ...lists] = sections.filter((candidate) => candidate.family === family.family);
    files[`firmware/include/edge_trainer/${family.family}_parameters.h`] = familyHeader(
      section,
      lists,
      family,
    );
    files[`firmware/src/models/${family.family}/parameters.c`] = sectionSource(
      `edge_trainer/${family.family}_parameters.h`,
      [section, ...lists],
    );
  }
  return files;
}
