import assert from 'node:assert/strict';
import {
  ESN_FIELDS,
  FIXED_BYTES,
  FIXED_FIELDS,
  type Field,
  PARAMETERS_AT,
  SVM_FIELDS,
} from '../../../trainer/definition/layout';
import { runCTest } from '../../support/c';

const SIZES: Readonly<Record<Field['type'], number>> = { u8: 1, u16: 2, i16: 2, u32: 4, f32: 4 };

describe('definition layout', () => {
  it('has the names, offsets and sizes of the C structs', async function () {
    this.timeout(120_000);
    const output = await runCTest('definition_layout', ['test/trainer/definition/layout.c'], [], {
      firmware: [],
    });
    const ours = [...FIXED_FIELDS, ...SVM_FIELDS, ...ESN_FIELDS].map(
      ({ name, offset, type }) => `${name} ${offset} ${SIZES[type]}`,
    );
    assert.deepEqual(output.trim().split('\n'), [`fixed ${PARAMETERS_AT} ${FIXED_BYTES}`, ...ours]);
  });
});
