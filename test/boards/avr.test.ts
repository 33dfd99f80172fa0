/** The 2 kB class: the linear SVM trains Iris on an ATmega328P, over its UART. */
import assert from 'node:assert/strict';
import { firmwareImage } from '../../trainer/emulator';
import { AvrBoard } from './avr_board';
import { imagesBuilt } from './images';
import { irisRows } from './iris_run';

const CENTIMETRE = 10; // register units

describe('linear SVM on an ATmega328P', function () {
  this.timeout(120_000);
  let board: AvrBoard;

  before(function () {
    this.timeout(300_000);
    if (!imagesBuilt()) this.skip();
    board = new AvrBoard(firmwareImage('atmega328p', 'bin'));
  });

  const wire = (features: readonly number[]): string =>
    features.map((value) => Math.round(value * CENTIMETRE)).join(' ');

  it('trains Iris on the chip and classifies the half it has not seen', async () => {
    const rows = irisRows();
    const train = rows.filter((_, index) => index % 2 === 0);
    const test = rows.filter((_, index) => index % 2 === 1);
    for (const [index, row] of train.entries())
      assert.equal(await board.ask(`s ${wire(row.features)} ${row.classIndex}`), `ok ${index + 1}`);
    assert.equal(await board.ask('s 50 30 20 10 0'), 'full');

    const before = await board.ask(`i ${wire(test[60]?.features as number[])}`);
    assert.equal(before, 'class 0 0', 'untrained: the default class, no confidence');
    const [word, work, iterations, error] = (await board.ask('t')).split(' ');
    assert.equal(word, 'trained');
    assert.equal(error, '0', 'not converged');
    assert.ok(Number(work) > 0 && Number(iterations) > 0);

    let right = 0;
    for (const row of test) {
      const [, decided, confidence] = (await board.ask(`i ${wire(row.features)}`)).split(' ');
      assert.ok(Number(confidence) > 0);
      if (Number(decided) === row.classIndex) right++;
    }
    assert.ok(right >= 70, `${right} of 75 right`);
  });

  it('keeps room under its stack', async () => {
    const free = Number(/^stack free (\d+)$/.exec(await board.ask('m'))?.[1]);
    assert.ok(free >= 32, `${free} bytes never used`);
  });

  it('answers what it does not understand, and forgets when told to', async () => {
    assert.equal(await board.ask('s 50 30 20'), 'what?');
    assert.equal(await board.ask('s 50 30 20 10 3'), 'what?');
    assert.equal(await board.ask(''), 'what?');
    assert.equal(await board.ask('c'), 'ok 0');
    assert.equal(await board.ask('i 70 30 60 20'), 'class 0 0');
    assert.match(await board.ask('t'), /^trained 0 0 40$/, 'too few samples');
  });
});
