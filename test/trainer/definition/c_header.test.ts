/** A definition as a C header: a C compiler reads it, its blob is the definition's, and every name becomes one of C. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  definitionHeader,
  encodeDefinition,
  parseDefinition,
  type TrainerDefinition,
} from '../../../trainer';
import { needs } from '../../support/needs';
import { machineDefinition } from '../device/machine';

const FLAGS = ['-std=c99', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wconversion'];

const awkward: TrainerDefinition = {
  name: '2. Raum */ "Süd"',
  features: [
    { name: 'Außen °C', unit: '°C', min: -20, max: 40 },
    { name: '温度', min: 0, max: 0.001, scale: 1_000_000 },
    { name: 'a b', min: 0, max: 1 },
    { name: 'a-b', min: 0, max: 1 },
  ],
  classes: [{ label: 'aus' }, { label: 'ein', actuation: -7 }],
  model: { type: 'svm-linear' },
};

const values: TrainerDefinition = {
  name: 'mixer',
  features: [{ name: 'picture', min: 0, max: 255, count: 64 }],
  outputs: [
    { name: 'hot', unit: '%', min: 0, max: 100 },
    { name: 'cold', min: 0, max: 1 },
  ],
  model: { type: 'dnn', layers: [{ kind: 'dense', units: 2 }] },
};

describe('A definition as a C header', () => {
  let scratch = '';
  before(function () {
    if (!needs('gcc')) this.skip();
    scratch = mkdtempSync(join(tmpdir(), 'edge-trainer-header-'));
  });
  after(() => {
    if (scratch !== '') rmSync(scratch, { recursive: true });
  });

  /** What a C program prints of the header: expressions as integers, then the blob. */
  function printed(definition: TrainerDefinition, array: string, expressions: readonly string[]): string {
    writeFileSync(join(scratch, 'definition.h'), definitionHeader(parseDefinition(definition)));
    writeFileSync(
      join(scratch, 'main.c'),
      `#include <stdio.h>
#include "definition.h"
int main(void) {
  unsigned i;
  ${expressions.map((expression) => `printf("%ld ", (long)(${expression}));`).join('\n  ')}
  for (i = 0; i < sizeof ${array}; i++) printf("%02x", ${array}[i]);
  return 0;
}
`,
    );
    execFileSync('gcc', [...FLAGS, join(scratch, 'main.c'), '-o', join(scratch, 'main')], { stdio: 'pipe' });
    return execFileSync(join(scratch, 'main'), { encoding: 'utf8' });
  }
  const blobOf = (definition: TrainerDefinition): string =>
    Buffer.from(encodeDefinition(parseDefinition(definition))).toString('hex');

  it('names what has no letter, or a name that is taken, by its place', () => {
    const p = 'DEFINITION_2_RAUM_SUD';
    const names = [
      'FEATURE_AU_EN_C',
      'FEATURE_1',
      'FEATURE_A_B',
      'FEATURE_3',
      'FEATURES',
      'CLASS_EIN',
      'CLASSES',
    ];
    const expressions = [...names, 'FEATURE_1_SCALE', 'FEATURE_AU_EN_C_SCALE'].map((name) => `${p}_${name}`);
    assert.equal(
      printed(awkward, p.toLowerCase(), expressions),
      `0 1 2 3 4 1 2 1000000 100 ${blobOf(awkward)}`,
    );
  });

  it('has the outputs in place of classes, and no scale for an array', () => {
    const expressions = ['MIXER_FEATURE_PICTURE', 'MIXER_FEATURES', 'MIXER_OUTPUT_COLD', 'MIXER_OUTPUTS'];
    assert.equal(printed(values, 'mixer', expressions), `0 1 1 2 ${blobOf(values)}`);
    assert.doesNotMatch(definitionHeader(parseDefinition(values)), /CLASS|PICTURE_SCALE/);
  });

  it('has the channels of a stream model', () => {
    const array = machineDefinition.name?.replace(/\W+/g, '_').toLowerCase() as string;
    const channels = `${array.toUpperCase()}_CHANNELS`;
    const count = machineDefinition.channels?.length;
    assert.equal(printed(machineDefinition, array, [channels]), `${count} ${blobOf(machineDefinition)}`);
  });
});
