import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDefinition } from '../../../trainer';
import { definitionMarkdown } from '../../../trainer/definition/markdown';

describe('docs/definition.md', () => {
  const written = readFileSync(join(__dirname, '../../../../docs/definition.md'), 'utf8');

  it('is what the schema says (else run: node tools/definition_docs.mjs)', () => {
    assert.equal(written, definitionMarkdown());
  });

  it('names both ends of every range and list', () => {
    assert.doesNotMatch(written, /undefined|NaN/);
  });

  it('shows an example that is a definition', () => {
    const example = /```json\n(.*?)```/s.exec(written)?.[1];
    assert.ok(example);
    assert.equal(parseDefinition(JSON.parse(example)).classes.length, 3);
  });
});
