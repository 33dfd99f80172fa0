// Reads the contract: firmware/contract/{registers,definition,saved,build}.json and families/*.json. Refuses one that contradicts itself,
// and resolves what the generators need: numbers of limits and enumerations, structs with their fields in order.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = join(dirname(fileURLToPath(import.meta.url)), '../../firmware/contract');
const parse = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** Head of what is generated, without the marks of a comment. */
export const NOTE = 'Generated from firmware/contract by `npm run generate`. Do not edit.';

/** Words of a register's value. */
export const WORDS = { u16: 1, i16: 1, u32: 2, f32: 2, string: 1 };
export const wordsOf = (register) => WORDS[register.type] * (register.count ?? 1);
export const pascal = (name) => name.replace(/(^|[_-])([a-z])/g, (_, __, letter) => letter.toUpperCase());
export const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
export const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** svm-linear -> SVM_LINEAR: a name as the part of a constant */
export const constant = (name) => name.toUpperCase().replace(/-/g, '_');
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
/** CLASS_QUOTA -> class-quota: a value of an enumeration as the definition writes it. */
export const word = (name) => name.toLowerCase().replace(/_/g, '-');

/** What a choice may be, as the definition writes it, in the order that a form shows. */
export function choicesOf(field, map) {
  return field.order ?? Object.keys(map.enums[field.enum].values).map(word);
}

/** Bytes of a stored field. */
export const BYTES = { u8: 1, u16: 2, i16: 2, u32: 4, f32: 4 };
const FULL = { u8: [0, 255], u16: [0, 65_535], i16: [-32_768, 32_767], u32: [0, 4_294_967_295] };

function readRegisters() {
  const map = parse('registers.json');
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
    if (register.shows !== undefined && !/^[a-z]\w*(\.[a-z]\w*)*$/.test(register.shows))
      throw new Error(`${register.name}: shows ${register.shows}, which is no path of member names`);
    if (register.with !== undefined && register.shows === undefined)
      throw new Error(`${register.name}: has "with" and shows no member`);
    if (names.has(register.name)) throw new Error(`${register.name}: named twice`);
    names.add(register.name);
    end = register.at + wordsOf(register);
  }
  // The texts stand in the catalogue of each language; documents and firmware take the English ones.
  const texts = JSON.parse(readFileSync(join(folder, '../../locales/en-US/errors.json'), 'utf8')).client
    .error;
  for (const [name, error] of Object.entries(map.errors)) {
    if (error.text !== undefined || texts[name] === undefined)
      throw new Error(
        `${name}: the text of an error stands in locales/en-US/errors.json, client.error.${name}`,
      );
    error.text = texts[name];
  }
  const codes = Object.values(map.errors).map((error) => error.code);
  if (new Set(codes).size !== codes.length) throw new Error('an error code is used twice');
  return { ...map, registers };
}

/** A limit's number, or the number itself. */
function resolver(limits) {
  return (value) => {
    if (typeof value !== 'string') return value;
    if (!(value in limits)) throw new Error(`no limit ${value}`);
    return limits[value].value;
  };
}

/** The number that the board compares with, of a bound that the document writes. */
function coded(value, stored) {
  switch (stored.coding) {
    case 'milli':
      return Math.round(value * 1000);
    case '256ths':
      return Math.round(value * 256);
    default:
      return value;
  }
}

/** Range of a stored field as the board checks it; undefined where every value of its type is right. */
function rangeOf(field, map, number) {
  const { stored } = field;
  if (stored.type !== 'f32') {
    const full = FULL[stored.type];
    let [min, max] = full;
    if (field.enum !== undefined) {
      const { values } = map.enums[field.enum];
      const codes = Object.keys(values)
        .filter((name) => field.order?.includes(word(name)) ?? true)
        .map((name) => values[name]);
      [min, max] = [Math.min(...codes), Math.max(...codes)];
    } else if (field.kind === 'flag') [min, max] = [0, 1];
    else if (stored.coding === 'channel') [min, max] = [0, number('CHANNELS_MAX')];
    else if (stored.coding === 'class') [min, max] = [0, number('CLASSES_MAX') - 1];
    else if (field.kind !== 'family' && stored.coding !== 'register')
      [min, max] = [coded(number(field.min), stored), coded(number(field.max), stored)];
    if (stored.word !== undefined) max = Math.max(max, stored.word);
    min = Math.max(number(stored.min ?? min), full[0]);
    max = Math.min(number(stored.max ?? max), full[1]);
    return min === full[0] && max === full[1] ? undefined : { min, max };
  }
  return { min: field.min, above: field.above, max: field.max };
}

/** Fields of a struct in order, checked: naturally aligned and without holes; padded to a multiple of 4 bytes. */
function layOut(name, fields) {
  const ordered = [...fields].sort((a, b) => a.at - b.at);
  let end = 0;
  for (const field of ordered) {
    if (BYTES[field.type] === undefined) throw new Error(`${name}.${field.name}: unknown type ${field.type}`);
    const size = BYTES[field.type] * (field.count ?? 1);
    if (field.at !== end || field.at % BYTES[field.type] !== 0)
      throw new Error(
        `${name}.${field.name}: must lie at byte ${end}, on a multiple of its size, and says ${field.at}`,
      );
    end = field.at + size;
  }
  return { fields: ordered, used: end, bytes: Math.ceil(end / 4) * 4 };
}

/** A list whose variants name groups of fields that they share, with the fields in their place. */
export function expanded({ groups = {}, ...list }) {
  const used = new Set();
  const fieldsOf = (field) => {
    if (typeof field !== 'string') return [field];
    if (groups[field] === undefined) throw new Error(`model.${list.name}: no group of fields ${field}`);
    used.add(field);
    return groups[field];
  };
  const variants = list.variants.map((variant) => ({ ...variant, fields: variant.fields.flatMap(fieldsOf) }));
  for (const name of Object.keys(groups))
    if (!used.has(name)) throw new Error(`model.${list.name}: no variant has the group of fields ${name}`);
  return { ...list, variants };
}

/** The fields of the entries of a model's own list: which variant an entry is, then what each variant has. */
function entryFields(list) {
  const path = `model.${list.name}[]`;
  return [
    { ...list, kind: 'choice', path: `${path}.${list.tag}`, meaning: `kind of ${list.entry}` },
    ...list.variants.flatMap((variant) =>
      variant.fields.map((field) => ({
        ...field,
        path: `${path}.${field.name}`,
        when: { path: list.tag, in: [variant.name] },
      })),
    ),
  ];
}

/** Every stored field of the document with its path: "stitching.capacity", "features[].min"; `when` names the variants it is in. */
function storedFields(definition, families) {
  const found = [];
  const visit = (fields, path, when) => {
    for (const field of fields) {
      const here = path === '' ? field.name : `${path}.${field.name}`;
      if (field.stored !== undefined)
        found.push({ ...field, path: field.tag === undefined ? here : `${here}.${field.tag}`, when });
      if (field.kind === 'list') visit(field.fields ?? [], `${here}[]`, when);
      if (field.kind === 'object' || field.kind === 'variants') visit(field.fields, here, when);
      for (const variant of field.variants ?? [])
        visit(variant.fields, here, { path: `${here}.${field.tag}`, in: [variant.name] });
    }
  };
  visit(definition.document, '', undefined);
  for (const family of families) {
    for (const field of family.fields) {
      if (field.kind === 'list') {
        found.push(...entryFields(field));
        continue;
      }
      const models = field.models ?? family.models.map((model) => model.name);
      found.push({
        ...field,
        stored: { ...field.stored, section: family.family },
        path: `model.${field.name}`,
        when: { path: 'model.type', in: models },
      });
    }
  }
  return found;
}

/** The sections of the blob as structs: the definition's own, then one a family. */
function sectionsOf(definition, families, stored, map, number) {
  const raw = [
    ...definition.sections.map((section) => ({
      ...section,
      struct: section.struct ?? `et_definition_${section.name}`,
    })),
    ...families.flatMap(({ family, section, list, models }) => [
      {
        ...section,
        name: family,
        family,
        doc: `parameters of ${models.map((model) => model.name).join(' and ')}`,
      },
      ...(list === undefined ? [] : [{ ...list, family, ofModel: list.name }]),
    ]),
  ];
  const sections = raw.map((section) => {
    if (section.raw) return section;
    const own = (section.fields ?? []).map((field) => ({
      ...field,
      range:
        number(field.min) === FULL[field.type][0] && number(field.max) === FULL[field.type][1]
          ? undefined
          : { min: number(field.min), max: number(field.max) },
    }));
    const places = new Map();
    for (const field of stored.filter((candidate) => candidate.stored.section === section.name)) {
      const name = field.stored.name ?? snake(field.name);
      const entry = {
        name,
        at: field.stored.at,
        type: field.stored.type,
        meaning: field.meaning,
        unit: field.stored.coding === undefined ? field.unit : undefined,
        enum: field.kind === 'family' ? 'model' : field.enum,
        // What a place of a model's list holds depends on the kind of the entry: the model's own code checks it.
        range: section.ofModel === undefined ? rangeOf(field, map, number) : undefined,
      };
      const known = places.get(name);
      if (known !== undefined && (known.at !== entry.at || known.type !== entry.type))
        throw new Error(`${section.name}.${name}: two fields of the document disagree on where it lies`);
      if (known === undefined) places.set(name, entry);
    }
    return { ...section, ...layOut(section.name, [...own, ...places.values()]) };
  });
  // Where the number of a table's entries stands: a field of the core.
  const core = sections[0];
  for (const section of sections.filter((candidate) => candidate.count !== undefined)) {
    const field = core.fields.find((candidate) => candidate.name === section.count);
    if (field?.type !== 'u8') throw new Error(`${section.name}: ${section.count} is no u8 of the core`);
    section.countAt = field.at;
  }
  return sections;
}

/** What a board saves: structs checked like those of the definition. */
function savedSections() {
  const saved = parse('saved.json');
  const ids = saved.sections.map((section) => section.id);
  if (new Set(ids).size !== ids.length) throw new Error('saved.json: a section number is used twice');
  const sections = saved.sections.map((section) =>
    section.fields === undefined
      ? section
      : {
          ...section,
          struct: section.struct ?? `et_saved_${section.name}`,
          ...layOut(section.name, section.fields),
        },
  );
  return { ...saved, sections };
}

/** The families of models, in the order of their sections. */
export function readFamilies() {
  const families = readdirSync(join(folder, 'families'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => parse(`families/${name}`))
    .map((family) => ({
      ...family,
      fields: family.fields.map((field) => (field.variants === undefined ? field : expanded(field))),
    }))
    .sort((a, b) => a.section.id - b.section.id);
  const models = families.flatMap((family) => family.models);
  for (const what of ['name', 'number', 'ops'])
    if (new Set(models.map((model) => model[what])).size !== models.length)
      throw new Error(`two models of firmware/contract/families have the same ${what}`);
  for (const { name, needs = [] } of models)
    for (const needed of needs)
      if (!models.some((model) => model.name === needed))
        throw new Error(`${name} needs ${needed}, which is no model`);
  return families;
}

/** The whole contract, checked. */
export function readContract() {
  const map = readRegisters();
  const definition = parse('definition.json');
  const families = readFamilies();
  const models = families.flatMap((family) => family.models).sort((a, b) => a.number - b.number);
  for (const { name, number: code } of models) map.enums.model.values[constant(name)] = code;
  const limits = { ...map.limits, ...definition.limits };
  const number = resolver(limits);
  const stored = storedFields(definition, families);
  for (const field of stored)
    if (field.enum !== undefined && map.enums[field.enum] === undefined)
      throw new Error(`${field.path}: unknown enum ${field.enum}`);
  const sections = sectionsOf(definition, families, stored, map, number);
  const ids = sections.map((section) => section.id);
  if (new Set(ids).size !== ids.length) throw new Error('a section number is used twice');
  return {
    map,
    definition,
    families,
    switches: parse('build.json').switches,
    limits,
    number,
    stored,
    sections,
    saved: savedSections(),
  };
}
