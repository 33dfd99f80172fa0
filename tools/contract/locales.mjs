// The English words of a definition: what the form says of fields with their choices and units, of models and of rules. The other
// languages are written by hand; test/nodes/locales.test.ts compares their keys with these.
import { capital, choicesOf, word } from './read.mjs';

/** Other lists and objects are written on the JSON page. */
const ON_THE_JSON_PAGE = ['list', 'texts', 'object'];

/** Words by their dotted keys; two fields of one key must say the same. */
class Catalogue {
  words = {};

  /** @param {string} key @param {string | undefined} text @param {string} of */
  put(key, text, of) {
    if (text === undefined) throw new Error(`${of}: the contract lacks the English words of ${key}`);
    const path = key.split('.');
    const last = /** @type {string} */ (path.pop());
    let at = this.words;
    for (const name of path) {
      at[name] ??= {};
      at = at[name];
    }
    if ((at[last] ?? text) !== text)
      throw new Error(`${of}: says "${text}" of ${key}, where another field says "${at[last]}"`);
    at[last] = text;
  }
}

const sentence = (text) => `${capital(text)}${text.endsWith('.') ? '' : '.'}`;
const tipOf = ({ meaning, derived }) =>
  capital(derived === undefined ? meaning : `${meaning}. Empty: ${derived}`);

/** @param {string} choices where the words of a choice stand */
function putField(catalogue, scope, field, { map, definition }, choices = 'choice') {
  const of = `${scope}.${field.name}`;
  catalogue.put(`field.${of}.label`, field.label, of);
  catalogue.put(`field.${of}.tip`, tipOf(field), of);
  if (field.kind === 'choice') {
    const { values, words = {} } = map.enums[field.enum];
    const textOf = Object.fromEntries(Object.keys(values).map((name) => [word(name), words[name]]));
    for (const choice of choicesOf(field, map)) catalogue.put(`${choices}.${choice}`, textOf[choice], of);
  }
  if (field.unit !== undefined) catalogue.put(`unit.${field.unit}`, definition.units[field.unit], of);
}

/** Of a list whose entries have kinds: the layers of a network. */
function putKinds(catalogue, scope, list, contract) {
  putField(catalogue, scope, { ...list, kind: 'list' }, contract);
  const entry = entryOf(list);
  for (const kind of list.variants) {
    catalogue.put(`choice.${entry}.${kind.name}`, kind.label, `${entry} ${kind.name}`);
    for (const field of kind.fields) putField(catalogue, entry, field, contract, `choice.${entry}`);
  }
}

/** FeatureDefinition -> feature: what the form calls an entry of a list. */
const entryOf = ({ record }) => record.replace(/Definition$/, '').toLowerCase();

/** A choice between models or rules: its name, and of each what it is. */
function putBranches(catalogue, scope, { name, tag, label, meaning }, branches) {
  catalogue.put(`field.${scope}.${tag}.label`, label, name);
  catalogue.put(`field.${scope}.${tag}.tip`, capital(meaning), name);
  for (const branch of branches) {
    catalogue.put(`choice.${branch.name}`, branch.label, branch.name);
    catalogue.put(`form.about.${branch.name}`, sentence(branch.meaning), branch.name);
  }
}

/** The fields of a part of the form that shows all that it has. */
function putFields(catalogue, scope, fields, contract) {
  for (const field of fields) {
    if (field.variants !== undefined) putKinds(catalogue, scope, field, contract);
    else if (!ON_THE_JSON_PAGE.includes(field.kind)) putField(catalogue, scope, field, contract);
  }
}

function putModels(catalogue, field, contract) {
  const general = contract.definition.document.filter(({ label }) => label !== undefined);
  putBranches(
    catalogue,
    'model',
    field,
    contract.families.flatMap(({ models }) => models),
  );
  for (const family of contract.families) {
    putFields(catalogue, family.family, family.fields, contract);
    for (const name of family.general)
      if (!general.some((candidate) => candidate.name === name))
        throw new Error(`${family.family}: the form shows ${name}, which has no label`);
  }
}

function putDocument(catalogue, contract) {
  for (const field of contract.definition.document) {
    const { name, kind, fields = [], variants = [] } = field;
    if (kind === 'family') putModels(catalogue, field, contract);
    else if (kind === 'list') {
      const shown = fields.filter(({ label }) => label !== undefined);
      for (const entry of shown) putField(catalogue, entryOf(field), entry, contract);
    } else if (kind === 'object' || kind === 'variants') {
      if (kind === 'variants') putBranches(catalogue, name, field, variants);
      putFields(catalogue, name, [...fields, ...variants.flatMap((variant) => variant.fields)], contract);
    } else if (field.label !== undefined) putField(catalogue, 'trainer', field, contract);
  }
}

export function localeFiles(contract) {
  const catalogue = new Catalogue();
  putDocument(catalogue, contract);
  return { 'locales/en-US/definition.json': `${JSON.stringify(catalogue.words, null, 2)}\n` };
}
