/** The Arduino library: its examples compiled for three cores, and the Modbus device of its sketch on an emulated Mega. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openBus } from '../../trainer/bus';
import { Trainer } from '../../trainer/device';
import { AtmegaBoard } from '../../trainer/emulator';
import { firmwarePlanner, virtualWire } from '../../trainer/virtual';
import {
  ARDUINO_CORES,
  type ArduinoCore,
  arduinoExamples,
  binaryOf,
  compileArduino,
  hasDebianCore,
  unresolved,
  writeLibrary,
} from '../support/arduino';
import { needs } from '../support/needs';
import { configureZephyr, hasKconfig, zephyrConfig, zephyrModule } from '../support/zephyr';
import { IRIS, irisRows } from './iris_run';
import { regulatesRoom } from './room';

/** Arithmetic that a compiler brings along, and functions of the C library: what is in the ROM of a chip. */
const IN_ROM = /^(?:__[a-z]+[sd][if][a-z]*\d?|mem\w+|str\w+|floor|frexp|ldexp|\w+f)$/;

/** Bits of port B. */
const PIN_11 = 5;
const PIN_12 = 6;
const PIN_13 = 7;

/** Where somebody finds a room too cold or too warm, and whether the heater was on once it was decided; a decision each. */
type Moment = readonly [degrees: number, pressed?: 'too cold' | 'too warm'];

/** What the heater of the sketch SelfLearningThermostat did about each moment. The board asks for the room first, then for the outdoors. */
function heated(board: AtmegaBoard, moments: readonly Moment[]): Promise<boolean[]> {
  const seen: boolean[] = [];
  let next = 0;
  return new Promise((resolve) => {
    board.analog = (input) => {
      if (input === 1) return countsOf(5);
      if (next > 0) seen.push(board.pin(PIN_13) === true);
      const [degrees, pressed] = moments[next] ?? [20];
      board.input(PIN_11, pressed !== 'too cold');
      board.input(PIN_12, pressed !== 'too warm');
      if (next === moments.length) resolve(seen.slice(0, next));
      next++;
      return countsOf(degrees);
    };
  });
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** 10 mV a degree, 500 mV at 0 degrees; 5 V are 1024 counts. */
const countsOf = (degrees: number): number => Math.round(((degrees + 50) / 100 / 5) * 1024);

/** Less than the end-to-end test of the boards asks: an emulated AVR takes its time. */
async function learnIris(trainer: Trainer) {
  const { board } = await trainer.identify();
  await trainer.deploy({ ...IRIS, stitching: { ...IRIS.stitching, capacity: 24 } });
  const rows = irisRows();
  const labels = ['setosa', 'versicolor', 'virginica'];
  for (const row of rows.filter((_, at) => at % 8 === 0))
    await trainer.dataset.add(row.features, labels[row.classIndex] as string);
  await trainer.model.train();
  const decisions: number[] = [];
  for (const row of rows.filter((_, at) => at % 10 === 1))
    decisions.push((await trainer.infer(row.features)).classIndex);
  const { modelFingerprint, framesBad } = await trainer.status();
  await trainer.save();
  await trainer.restart();
  const { modelFingerprint: keptFingerprint } = await trainer.status();
  return { board, decisions, modelFingerprint, keptFingerprint, framesBad };
}

describe('Arduino library', function () {
  this.timeout(300_000);
  let library: string;
  const images = new Map<string, ReadonlyMap<string, string>>();

  before(() => {
    library = writeLibrary();
  });

  for (const core of ARDUINO_CORES)
    it(`compiles with every example, without a warning: ${core.title}`, async function () {
      if (!needs(`${core.tools}g++`)) this.skip();
      if (core.key === 'avr') assert.ok(hasDebianCore(), 'arduino-core-avr is not installed');
      const compiled = await compileArduino(core, library);
      assert.deepEqual([...compiled.keys()], arduinoExamples());
      images.set(core.key, compiled);
      for (const [name, elf] of compiled)
        for (const symbol of await unresolved(core, elf))
          assert.match(symbol, IN_ROM, `${name} lacks ${symbol}`);
    });

  it('takes the sketch of docs/arduino.md as it stands', function () {
    const core = ARDUINO_CORES[0] as ArduinoCore;
    if (!needs(`${core.tools}g++`)) this.skip();
    const guide = readFileSync(join(library, '../../../docs/arduino.md'), 'utf8');
    const [, sketch] = /^```cpp\n(.*?)^```/ms.exec(guide) ?? [];
    assert.ok(sketch !== undefined);
    const includes = [...core.includes, join(library, 'src')].map((folder) => `-I${folder}`);
    const language = ['-x', 'c++', `-std=${core.cpp}`, '-include', 'Arduino.h', '-fsyntax-only', '-'];
    const warnings = ['-Os', '-Wall', '-Wextra', '-Werror'];
    execFileSync(`${core.tools}g++`, [...core.flags, ...includes, ...warnings, ...language], {
      input: sketch,
    });
  });

  it('fuses no product and sum on a core that could, though the IDE gives a library no flags', function () {
    if (!needs('arm-none-eabi-gcc')) this.skip();
    const src = join(library, 'src');
    const object = join(library, '../rls.o');
    const core = ['-mcpu=cortex-m4', '-mthumb', '-mfloat-abi=hard', '-mfpu=fpv4-sp-d16'];
    const args = [
      '-std=gnu11',
      '-Os',
      ...core,
      `-I${src}`,
      '-c',
      join(src, 'models/esn/rls.c'),
      '-o',
      object,
    ];
    execFileSync('arm-none-eabi-gcc', args);
    const code = execFileSync('arm-none-eabi-objdump', ['-d', object], { encoding: 'utf8' });
    assert.match(code, /\bvmul\.f32/, 'it multiplies');
    assert.doesNotMatch(code, /\bvfn?m[as]\.f32/);
  });

  it('says the same of itself to the Arduino IDE, PlatformIO and ESP-IDF, and what it names is there', () => {
    const text = (name: string): string => readFileSync(join(library, name), 'utf8');
    const lines = text('library.properties').trim().split('\n');
    const properties = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
    // What the IDE refuses a library without (Arduino library specification, 1.5 format).
    for (const key of ['name', 'version', 'author', 'maintainer', 'sentence', 'paragraph', 'category', 'url'])
      assert.match(properties[key] ?? '', /\S/, key);
    assert.equal(properties.category, 'Data Processing');
    const platformio = JSON.parse(text('library.json'));
    const [, idf] = /^version: "(.*)"$/m.exec(text('idf_component.yml')) ?? [];
    assert.match(properties.version as string, /^\d+\.\d+\.\d+$/);
    assert.deepEqual([platformio.name, platformio.version], [properties.name, properties.version]);
    assert.equal(idf, properties.version);
    assert.equal(platformio.headers, properties.includes);
    const headers = ['EdgeTrainer.h', 'EdgeTrainerEeprom.h', 'EdgeTrainerFile.h', 'edge_trainer/svm.h']
      .map((name) => text(join('src', name)))
      .join('\n');
    const words = text('keywords.txt').trim().split('\n');
    assert.ok(words.length > 10);
    for (const word of words) {
      const [, name = '', kind = ''] = /^(\w+)\t(KEYWORD[12])$/.exec(word) ?? [];
      assert.match(headers, new RegExp(kind === 'KEYWORD1' ? `class ${name}\\b` : `\\b${name}\\(`), word);
    }
  });

  it('is a component of ESP-IDF by its CMake file', function () {
    if (!needs('cmake')) this.skip();
    const project = join(library, '../idf');
    mkdirSync(project, { recursive: true });
    // What ESP-IDF's build does with a component: it includes the file, and gives it this function.
    writeFileSync(
      join(project, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.22)
project(component C)
function(idf_component_register)
  cmake_parse_arguments(ARG "" "" "SRCS;INCLUDE_DIRS" \${ARGN})
  add_library(component STATIC \${ARG_SRCS})
  target_include_directories(component PUBLIC ${library}/\${ARG_INCLUDE_DIRS})
endfunction()
set(COMPONENT_LIB component)
include(${library}/CMakeLists.txt)
add_executable(svm ${library}/../../../firmware/examples/svm.c)
target_link_libraries(svm component m)
`,
    );
    execFileSync('cmake', ['-G', 'Ninja', '-S', project, '-B', join(project, 'build')], { stdio: 'pipe' });
    execFileSync('cmake', ['--build', join(project, 'build')], { stdio: 'pipe' });
    assert.match(execFileSync(join(project, 'build/svm'), { encoding: 'utf8' }), /^class 1, 8 of 8 right/);
  });

  describe('as a module of Zephyr', () => {
    const project = (name: string): string => join(library, '../zephyr', name);
    const example = (name: string): string => join(library, `../../../firmware/examples/${name}.c`);
    before(function () {
      if (!needs('cmake') || !hasKconfig()) this.skip();
    });

    it('has an option for every part, all of them on, and none of them defines anything', () => {
      const module = zephyrModule(library);
      assert.equal(module.name, 'edge_trainer');
      const switches = readFileSync(join(library, 'src/edge_trainer/switches.h'), 'utf8');
      const parts = [...switches.matchAll(/^#ifndef ET_WITH_(\w+)$/gm)].map(([, name]) => name as string);
      const config = zephyrConfig(module, project('all'), { EDGE_TRAINER: 'y' });
      assert.deepEqual(
        [...config].sort(),
        [['EDGE_TRAINER', 'y'], ...parts.map((part) => [`EDGE_TRAINER_${part}`, 'y'])].sort(),
      );
      const build = configureZephyr(module, project('all'), config, example('svm'));
      const commands = readFileSync(join(build, 'compile_commands.json'), 'utf8');
      assert.match(commands, /models\/svm\/\w+\.c/);
      assert.match(commands, /-ffp-contract=off/);
      assert.doesNotMatch(commands, /-DET_WITH/);
    });

    it('compiles without the parts that are off, and the application sees the same trainer as the library', () => {
      const module = zephyrModule(library);
      const all = zephyrConfig(module, project('few'), { EDGE_TRAINER: 'y' });
      const off = [...all.keys()].filter(
        (name) => !['EDGE_TRAINER', 'EDGE_TRAINER_SVM_LINEAR'].includes(name),
      );
      const few = { EDGE_TRAINER: 'y', ...Object.fromEntries(off.map((name) => [name, 'n'])) } as const;
      const config = zephyrConfig(module, project('few'), few);
      const build = configureZephyr(module, project('few'), config, example('trainer'));
      execFileSync('cmake', ['--build', build], { stdio: 'pipe' });
      assert.match(execFileSync(join(build, 'app'), { encoding: 'utf8' }), /^01 03 08 /);
      const symbols = (file: string): string =>
        execFileSync('nm', ['-S', join(build, file)], { encoding: 'utf8' });
      assert.match(symbols('app'), / et_svm_linear\n/);
      assert.doesNotMatch(symbols('app'), / et_(?:esn|dnn_family|svm_kernel_ops)\n/);
      const sizeOf = (said: string): string | undefined => /^\S+ (\S+) b trainer(?:\.\d+)?$/m.exec(said)?.[1];
      const own = sizeOf(symbols(`CMakeFiles/app.dir${example('trainer')}.o`));
      assert.ok(own !== undefined);
      assert.equal(own, sizeOf(symbols('module/libmodule.a')), 'sizeof(et_trainer)');
    });
  });

  /** Flash of a sketch compiled by Arduino's core for the Mega. */
  async function mega(example: string): Promise<string> {
    const elf = images.get('avr')?.get(example);
    assert.ok(elf !== undefined, 'it was not compiled');
    return binaryOf(ARDUINO_CORES[0] as ArduinoCore, elf);
  }

  /** The sketch on an emulated Mega, as a wire. */
  const onMega = (board: () => Promise<AtmegaBoard>) => ({
    kind: 'virtual' as const,
    id: 'Arduino sketch on a Mega',
    connect: board,
    settleMs: 300,
    responseTimeoutMs: 60_000,
    deadlineMs: 120_000,
    readRetries: 3,
    // The emulator lives in this process: when that stands still on a loaded machine, a frame does too.
    frameGapMs: 20_000,
  });

  it('closes the loop by itself on an emulated Mega: its converter in, its pin out, and safe while its sensor is broken', async function () {
    if (!needs('avr-g++')) this.skip();
    const board = await AtmegaBoard.start({ image: await mega('OwnLoop') });
    const bus = openBus(onMega(async () => board));
    try {
      const trainer = new Trainer(bus, { unit: 1, planner: await firmwarePlanner() });
      assert.deepEqual((await trainer.identify()).channels, { inputs: 2, outputs: 2 });
      const place = { voltsPerCount: 5 / 1024, heater: PIN_13 };
      await regulatesRoom(trainer, { board, ...place, watched: 30, intervalMs: 50 });
    } finally {
      await bus.close();
    }
  });

  it('learns from two buttons on an emulated Mega without any wire, and still knows it after a power cut', async function () {
    if (!needs('avr-g++')) this.skip();
    const board = await AtmegaBoard.start({ image: await mega('SelfLearningThermostat') });
    try {
      // The start rule heats below 20 degrees; these people want 22.
      assert.deepEqual(await heated(board, [[19], [21], [21]]), [true, false, false]);
      const lesson: Moment[] = [
        [21, 'too cold'],
        [24, 'too warm'],
        [20.5, 'too cold'],
        [23.5, 'too warm'],
      ];
      await heated(board, [...lesson, ...lesson, ...lesson, ...lesson, ...lesson, ...lesson]);
      const after: Moment[] = [[21], [24], [20.5], [23.5]];
      assert.deepEqual(await heated(board, after), [true, false, true, false]);
      for (let before = ''; before !== hex(board.store); await heated(board, after))
        before = hex(board.store);
      assert.match(hex(board.store), /[^f]/, 'nothing is stored');
      board.powerCycle();
      assert.deepEqual(await heated(board, after), [true, false, true, false]);
    } finally {
      await board.close();
    }
  });

  it('is a Modbus device on an emulated Mega: learns Iris to the bit, and keeps it through a restart', async function () {
    if (!needs('avr-g++')) this.skip();
    const image = await mega('ModbusTrainer');
    const wires = [
      { ...virtualWire({ unit: 1 }), responseTimeoutMs: 5000, deadlineMs: 30_000 },
      onMega(() => AtmegaBoard.start({ image })),
    ];
    const results = [];
    for (const wire of wires) {
      const bus = openBus(wire);
      try {
        results.push(await learnIris(new Trainer(bus, { unit: 1, planner: await firmwarePlanner() })));
      } finally {
        await bus.close();
      }
    }
    const [reference, sketch] = results;
    assert.ok(reference !== undefined && sketch !== undefined);
    assert.equal(sketch.board, 'ATmega2560');
    assert.deepEqual(sketch.decisions, reference.decisions);
    assert.equal(sketch.modelFingerprint, reference.modelFingerprint);
    assert.equal(sketch.keptFingerprint, sketch.modelFingerprint);
    assert.equal(sketch.framesBad, 0);
  });
});
