/** A family of models, added in a copy: nearest centroid, whose files stand in bench/house/centroid. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Copy, inCopy, ROOT } from './copy';

const HERE = join(ROOT, 'bench/house/centroid');
const file = (name: string): string => readFileSync(join(HERE, name), 'utf8');

/** Of a language: name of the model, what it does, label and tip of its field. */
type Words = readonly [name: string, about: string, label: string, tip: string];

/** Tests of the project that look at every family. */
const SUITE = ['test/nodes/locales.test', 'test/trainer/definition/codec.test'];

/** The English words are the contract's. */
function addWords(copy: Copy): void {
  const words = JSON.parse(file('words.json')) as Readonly<Record<string, Words>>;
  for (const language of readdirSync(join(ROOT, 'locales')).filter((name) => name !== 'en-US')) {
    const [name, about, label, tip] = words[language] as Words;
    copy.change(`locales/${language}/definition.json`, (text) => {
      const catalogue = JSON.parse(text);
      catalogue.choice.centroid = name;
      catalogue.form.about.centroid = about;
      catalogue.field.centroid = { shrinkage: { label, tip } };
      return JSON.stringify(catalogue, undefined, 2);
    });
  }
}

/** The C code alone, with sanitizers, beside a second way to compute it. */
function testOnHost(copy: Copy): void {
  const sources = readdirSync(join(copy.folder, 'firmware/src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /^(models\/((find|families)\.c|centroid\/.*\.c)|support\/.*\.c)$/.test(name))
    .map((name) => join('firmware/src', name));
  const models = readdirSync(join(ROOT, 'firmware/contract/families')).flatMap(
    (family) =>
      JSON.parse(readFileSync(join(ROOT, 'firmware/contract/families', family), 'utf8')).models as {
        name: string;
      }[],
  );
  const without = models.map(({ name }) => `-DET_WITH_${name.toUpperCase().replaceAll('-', '_')}=0`);
  copy.execute(
    'gcc',
    ...['-std=c99', '-O1', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wconversion', '-Wshadow'],
    ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-ffp-contract=off', ...without],
    ...['-Ifirmware/include', '-Ifirmware/src'],
    ...['', '/svm'].map((folder) => `-I${join(ROOT, 'test/firmware')}${folder}`),
    ...[...sources, join(ROOT, 'test/firmware/svm/problem.c'), join(HERE, 'centroid_test.c')],
    ...['-lm', '-o', 'centroid_test'],
  );
  copy.execute('./centroid_test');
}

/** The host's TypeScript with the tests of every family, and the firmware as WebAssembly: a life on a virtual board. */
function testOnVirtualBoard(copy: Copy): void {
  for (const folder of [join(copy.folder, 'build'), join(ROOT, 'build/zig')])
    mkdirSync(folder, { recursive: true });
  // What the compiler keeps between builds; the copy's own sources it compiles.
  symlinkSync(join(ROOT, 'build/zig'), join(copy.folder, 'build/zig'));
  const project = {
    extends: './tsconfig.json',
    include: ['trainer', ...SUITE.map((name) => `${name}.ts`)],
  };
  writeFileSync(join(copy.folder, 'tsconfig.family.json'), JSON.stringify(project));
  copy.execute('node', join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.family.json');
  copy.run("import { buildWasm } from './tools/wasm.mjs'; buildWasm();");
  copy.execute(
    'node',
    join(ROOT, 'node_modules/mocha/bin/mocha.js'),
    ...SUITE.map((name) => `dist/${name}.js`),
  );
  copy.execute('node', join(HERE, 'virtual.cjs'));
}

/** The contract, one source, and the words of each language but English. */
export function family(): number {
  return inCopy(
    (copy) => {
      copy.add('firmware/contract/families/centroid.json', file('centroid.json'));
      copy.add('firmware/src/models/centroid/model.c', file('model.c'));
      addWords(copy);
      copy.generate();
      copy.holds('firmware/src/models/families.c', '&et_centroid,');
      copy.holds('firmware/include/edge_trainer/switches.h', 'ET_WITH_CENTROID');
      copy.holds('firmware/ports/arduino/zephyr/Kconfig', 'EDGE_TRAINER_CENTROID');
      copy.holds('locales/en-US/definition.json', 'Nearest centroid');
      testOnHost(copy);
      testOnVirtualBoard(copy);
    },
    ['test'],
  );
}
