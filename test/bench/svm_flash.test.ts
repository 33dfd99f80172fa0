import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firmwareFlash, libraryFlash } from '../../bench/svm/flash';

describe('the flash that bench svm prints', function () {
  this.timeout(300_000);

  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'edge-trainer-flash-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is that of images that link, and the library stays under its bar', () => {
    const library = libraryFlash(folder);
    assert.ok(library <= 17_000, `the linear SVM as a library takes ${library} bytes`);
    const trainer = firmwareFlash(folder);
    assert.ok(trainer > library, `the whole trainer takes ${trainer} bytes`);
  });
});
