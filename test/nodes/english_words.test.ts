/** The English words of the form, which the contract states: none is missing, none is said in two ways. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ROOT } from './real_node_red';

interface Field {
  name: string;
  label?: string;
  meaning: string;
  unit?: string;
  variants?: { name: string; label?: string; fields: Field[] }[];
}

interface Contract {
  readonly map: { readonly enums: Record<string, { words?: Record<string, string> }> };
  readonly families: { readonly family: string; readonly fields: Field[]; readonly models: Field[] }[];
}

type Words = { readonly [key: string]: string | Words };

describe('English words of the form', () => {
  let contract: Contract;
  let localeFiles: (contract: Contract) => Readonly<Record<string, string>>;
  let merged: (one: Words, other: Words) => Words;

  const load = (path: string) => new Function('path', 'return import(path)')(join(ROOT, 'tools', path));
  before(async () => {
    ({ localeFiles } = await load('contract/locales.mjs'));
    ({ merged } = await load('nodes.mjs'));
  });
  beforeEach(async () => {
    contract = (await load('contract/read.mjs')).readContract();
  });

  const familyOf = (name: string) => {
    const family = contract.families.find((candidate) => candidate.family === name);
    assert.ok(family, name);
    return family;
  };
  const fieldOf = (family: string, name: string): Field => {
    const field = familyOf(family).fields.find((candidate) => candidate.name === name);
    assert.ok(field, name);
    return field;
  };
  const refused = (words: RegExp) => assert.throws(() => localeFiles(contract), words);

  it('are label and meaning of a field, with what an empty one stands for', () => {
    const { field } = JSON.parse(localeFiles(contract)['locales/en-US/definition.json'] as string);
    const { label, meaning } = fieldOf('correlation', 'hop');
    assert.equal(field.correlation.hop.label, label);
    assert.match(field.correlation.hop.tip.toLowerCase(), new RegExp(`^${meaning}\\. empty: a quarter`));
  });

  it('are refused without the label of a field, of a model or of a kind of layer', () => {
    delete fieldOf('svm', 'cost').label;
    refused(/svm\.cost: .*field\.svm\.cost\.label/);
    fieldOf('svm', 'cost').label = 'Cost';
    const [model] = familyOf('esn').models;
    delete model?.label;
    refused(/esn: .*choice\.esn/);
    Object.assign(model ?? {}, { label: 'Network' });
    delete fieldOf('dnn', 'layers').variants?.[0]?.label;
    refused(/layer dense: .*choice\.layer\.dense/);
  });

  it('are refused without the words of a choice, or of a unit', () => {
    const { kernel } = contract.map.enums;
    delete kernel?.words?.RBF;
    refused(/svm\.kernel: .*choice\.rbf/);
    Object.assign(kernel?.words ?? {}, { RBF: 'radial' });
    fieldOf('svm', 'cost').unit = 'furlong';
    refused(/svm\.cost: .*unit\.furlong/);
  });

  it('are refused where two layers say different things of one field', () => {
    const kinds = fieldOf('dnn', 'layers').variants ?? [];
    const padding = kinds.flatMap(({ fields }) => fields).filter(({ name }) => name === 'padding');
    assert.ok(padding.length > 1);
    const last = kinds.find(({ name }) => name === 'max-pool');
    assert.ok(last);
    last.fields = last.fields.map((field) =>
      field.name === 'padding' ? { ...field, meaning: 'something else' } : field,
    );
    refused(/layer\.padding: says "Something else" of field\.layer\.padding\.tip/);
  });

  it('join those that are written by hand; a key of both is refused', () => {
    assert.deepEqual(merged({ a: { b: '1' } }, { a: { c: '2' }, d: '3' }), {
      a: { b: '1', c: '2' },
      d: '3',
    });
    assert.throws(() => merged({ a: { b: '1' } }, { a: { b: '2' } }), /two catalogues have the key a\.b/);
    assert.throws(() => merged({ a: { b: '1' } }, { a: '2' }), /two catalogues have the key a$/);
  });
});
