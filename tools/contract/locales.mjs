// The keys that each language must have because the contract names something that people read: fields of the form with their choices and
// units, models, errors of a board. test/nodes/locales.test.ts compares the catalogues with it.
import { wordsOfChoice } from './typescript.mjs';

const NOTE = '// Generated from firmware/contract by `npm run generate`. Do not edit.';
/** Sections of the definition that the form shows field by field. */
const SECTIONS = ['feedback', 'stitching', 'training', 'save'];
/** Other lists and objects are written on the JSON page. */
const ON_THE_JSON_PAGE = ['list', 'texts', 'object'];

function* keysOfField(words, field, map) {
  yield `field.${words}.${field.name}.label`;
  yield `field.${words}.${field.name}.tip`;
  if (field.kind === 'choice') for (const choice of wordsOfChoice(field, map)) yield `choice.${choice}`;
  if (field.unit !== undefined) yield `unit.${field.unit}`;
}

/** Of a list whose entries have kinds: the layers of a network. */
function* keysOfKinds(words, list, map) {
  yield `field.${words}.${list.name}.label`;
  for (const kind of list.variants) {
    yield `choice.layer.${kind.name}`;
    for (const field of kind.fields) {
      yield `field.layer.${field.name}.label`;
      yield `field.layer.${field.name}.tip`;
      if (field.kind === 'choice')
        for (const choice of wordsOfChoice(field, map)) yield `choice.layer.${choice}`;
    }
  }
}

function* keysOfFields(words, fields, map) {
  for (const field of fields) {
    if (field.variants !== undefined) yield* keysOfKinds(words, field, map);
    else if (!ON_THE_JSON_PAGE.includes(field.kind)) yield* keysOfField(words, field, map);
  }
}

function* keysOfDevice({ map, definition, families }) {
  for (const name of SECTIONS) {
    const { fields, variants = [] } = definition.document.find((entry) => entry.name === name);
    yield* keysOfFields(name, [...fields, ...variants.flatMap((variant) => variant.fields)], map);
  }
  for (const { family, fields, general, models } of families) {
    yield* keysOfFields(family, fields, map);
    for (const { name } of models) {
      yield `choice.${name}`;
      yield `form.about.${name}`;
    }
    for (const name of ['name', 'board', ...general]) yield `field.trainer.${name}.label`;
  }
}

export function localeFiles(contract) {
  const keys = {
    device: [...new Set(keysOfDevice(contract))].sort(),
    errors: Object.keys(contract.map.errors)
      .map((name) => `client.error.${name}`)
      .sort(),
  };
  return {
    'test/nodes/locale_keys.generated.ts': [
      NOTE,
      '',
      '/** Catalogue of each language -> keys that it must have. */',
      `export const localeKeys = ${JSON.stringify(keys, null, 2)} as const;`,
      '',
    ].join('\n'),
  };
}
