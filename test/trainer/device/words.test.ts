import assert from 'node:assert/strict';
import { InputError, parseDefinition } from '../../../trainer';
import { classIndex, featureWords, outcomeRegister } from '../../../trainer/device/features';
import { encodeRegister, RegisterWindow } from '../../../trainer/device/registers';
import { TICKET_MAX, TicketCounter } from '../../../trainer/device/tickets';
import { comfort, smallest } from '../definition/examples';

describe('register values', () => {
  it('are big-endian words, high word first', () => {
    assert.deepEqual(encodeRegister('commandArgument', 0x12345678), [0x1234, 0x5678]);
    const window = new RegisterWindow(288, [...new Array(4).fill(0), 0x3fc0, 0x0000]);
    assert.equal(window.number('score'), 1.5);
    assert.equal(new RegisterWindow(130, [0xff9c]).number('actuation'), -100);
    assert.equal(new RegisterWindow(514, [0x8000, 0x0001]).number('serialNumber'), 0x80000001);
  });

  it('are not read beyond what was received', () => {
    assert.throws(() => new RegisterWindow(128, [1, 2]).number('actuation'), RangeError);
    assert.throws(() => new RegisterWindow(129, [1, 2]).number('decisionTicket'), RangeError);
  });

  it('take text up to the first zero, and nothing unprintable', () => {
    const words = [0x7374, 0x6d33, 0x3207, 0x0041, 0, 0, 0, 0];
    assert.equal(new RegisterWindow(522, words).text('board'), 'stm32?');
  });
});

describe('features of a request', () => {
  const definition = parseDefinition(comfort());
  const named = { 'air temperature': 21.5, humidity: 40, clothing: 0.7 };

  it('are scaled into register units, by order or by name', () => {
    assert.deepEqual(featureWords(definition, [21.5, 40, 0.7]), [2150, 4000, 700]);
    assert.deepEqual(featureWords(definition, named), [2150, 4000, 700]);
    assert.deepEqual(featureWords(parseDefinition(smallest()), [-1]), [0xfc18]);
  });

  it('may come under the name that a feature had before it was renamed; a present name goes first', () => {
    const [air, humidity, clothing] = comfort().features as [object, object, object];
    const renamed = parseDefinition({
      ...comfort(),
      features: [
        { ...air, id: 'air temperature', name: 'room' },
        { ...humidity, id: 'humidity', name: 'clothing' },
        { ...clothing, id: 'clothing', name: 'humidity' },
      ],
    });
    assert.deepEqual(
      featureWords(renamed, { 'air temperature': 21.5, clothing: 40, humidity: 0.7 }),
      [2150, 4000, 700],
    );
    assert.throws(
      () => featureWords(renamed, { 'air temperature': 21.5, room: 21.5, clothing: 40, humidity: 0.7 }),
      (error) => error instanceof InputError && error.field === 'air temperature',
    );
  });

  const wrong: readonly (readonly [string, unknown, string, RegExp])[] = [
    [
      'too few',
      [21.5, 40],
      'features',
      /must have one value for each of air temperature, humidity, clothing \(in all 3\), got 2/,
    ],
    ['too many', [1, 2, 3, 4], 'features', /got 4/],
    ['no list', 21.5, 'features', /must be a list of numbers of length 3/],
    ['nothing', null, 'features', /must be a list of numbers of length 3/],
    ['NaN', [21.5, Number.NaN, 0.7], 'humidity', /must be a finite number, got NaN/],
    ['infinite', [21.5, 40, Number.POSITIVE_INFINITY], 'clothing', /must be a finite number, got Infinity/],
    ['a text', ['21.5', 40, 0.7], 'air temperature', /must be a finite number, got "21.5"/],
    ['too low', [9.9, 40, 0.7], 'air temperature', /is out of range: 9.9 °C, expected 10 to 40 °C/],
    ['too high', [21.5, 100.1, 0.7], 'humidity', /is out of range: 100.1 %, expected 0 to 100 %/],
    [
      'an unknown name',
      { ...named, wind: 1 },
      'wind',
      /is no feature of the definition; it has air temperature/,
    ],
    ['a missing name', { humidity: 40, clothing: 0.7 }, 'air temperature', /is missing/],
  ];
  for (const [what, features, field, says] of wrong) {
    it(`are refused by name: ${what}`, () => {
      assert.throws(
        () => featureWords(definition, features as number[]),
        (error: unknown) => {
          assert.ok(error instanceof InputError);
          assert.equal(error.field, field);
          assert.match(error.message, says);
          assert.match(error.message, /Nothing was sent/);
          return true;
        },
      );
    });
  }

  it('are clamped when the definition says so', () => {
    const clamping = parseDefinition({ ...comfort(), outOfRange: 'clamp' });
    const clamped: string[] = [];
    assert.deepEqual(featureWords(clamping, [-50, 400, 0.7], clamped), [1000, 10_000, 700]);
    assert.deepEqual(clamped, ['air temperature', 'humidity']);
  });

  it('are not taken from what every object inherits', () => {
    const [first, ...others] = comfort().features ?? [];
    for (const name of ['toString', 'constructor', '__proto__', 'hasOwnProperty']) {
      const odd = parseDefinition({
        ...comfort(),
        features: [{ ...first, name, min: 0, max: 1 }, ...others],
      });
      assert.throws(() => featureWords(odd, { humidity: 40, clothing: 0.7 }), /is missing/, name);
      const own = Object.fromEntries([
        [name, 1],
        ['humidity', 40],
        ['clothing', 0.7],
      ]);
      assert.equal(featureWords(odd, own).length, 3, name);
    }
  });

  it('are compared with the range as the board does, in register units', () => {
    assert.deepEqual(featureWords(definition, [40.0049, 40, 0.7]), [4000, 4000, 700]);
  });
});

describe('outcomes', () => {
  it('are scaled by the rule; beyond the register the verdict is that at its end', () => {
    const definition = parseDefinition(comfort());
    assert.equal(outcomeRegister(definition, 21.37), 2137);
    assert.equal(outcomeRegister(definition, 1000), 32_767);
    assert.equal(outcomeRegister(definition, -1000), -32_768);
    assert.throws(() => outcomeRegister(definition, Number.NaN), /outcome must be a finite number/);
  });

  it('do not fit the label rule', () => {
    assert.throws(
      () => outcomeRegister(parseDefinition(smallest()), 1),
      /does not fit the feedback rule "label"/,
    );
  });

  it('may come under the label that a class had before it was renamed', () => {
    const renamed = parseDefinition({
      ...smallest(),
      classes: [{ id: 'no', label: 'wait' }, { label: 'yes' }],
    } as never);
    assert.deepEqual(
      ['no', 'wait', 'yes'].map((label) => classIndex(renamed, 'label', label)),
      [0, 0, 1],
    );
  });

  it('name an unknown class', () => {
    assert.throws(
      () => classIndex(parseDefinition(comfort()), 'label', 'warm'),
      /label "warm" is no class of the definition; it has heat, hold, cool/,
    );
  });
});

describe('tickets', () => {
  it('run from 1 to 65535 and around, never 0, from a start that differs', () => {
    const counter = new TicketCounter();
    const first = counter.next();
    let last = first;
    for (let i = 0; i < TICKET_MAX; i++) {
      const next = counter.next();
      assert.equal(next, last === TICKET_MAX ? 1 : last + 1);
      last = next;
    }
    assert.equal(last, first);
    const starts = new Set(Array.from({ length: 20 }, () => new TicketCounter().next()));
    assert.ok(starts.size > 1);
  });
});
