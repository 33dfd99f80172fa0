// npm run arduino: build/arduino/EdgeTrainer, the firmware's library as an Arduino library, which is also a library of PlatformIO, a
// component of ESP-IDF and a module of Zephyr. Sources are those of firmware/; names, version and settings come from where they stand.
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './zig.mjs';

const FIRMWARE = join(root, 'firmware');
const PORT = join(FIRMWARE, 'ports/arduino');
export const library = join(root, 'build/arduino/EdgeTrainer');
const SENTENCE = 'A microcontroller that trains itself and speaks Modbus.';
const PARAGRAPH =
  'SVM, networks and stream models that learn on the board, alone or as a whole Modbus device that Node-RED or any master teaches.';
/** The IDE cannot give flags to a library: each C file begins with what a build of a board says on its command line. */
const BUILD_HEADER = 'edge_trainer/build.h';

const { version, license, homepage, repository } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** What an AVR leaves out: the switches of the ATmega2560's own board, whose channels a sketch has all the same. */
function avrSwitches() {
  const board = readFileSync(join(FIRMWARE, 'ports/atmega2560/board.cmake'), 'utf8');
  const [, defines = ''] = /ET_PORT_DEFINES([^)]*)\)/.exec(board) ?? [];
  const switches = [...defines.matchAll(/\b(ET_(?:WITH|BUILD)\w+)(?:=(\w+))?/g)].filter(
    ([, name]) => name !== 'ET_WITH_LOCAL_IO',
  );
  if (switches.length === 0) throw new Error('ports/atmega2560/board.cmake names no switch');
  return switches.map(([, name, value]) => `#define ${name}${value === undefined ? '' : ` ${value}`}`);
}

const buildHeader =
  () => `/* What the build of a board says on its command line, and an Arduino library cannot. */
#ifndef ET_BUILD_H
#define ET_BUILD_H

/* Board and host agree to the bit: no product and sum are fused, whatever the core could. clang: models/kernels/exact.h. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("fp-contract=off", "no-math-errno")
#ifdef __AVR__
/* Linked as one program (-flto), a caller would get the frames of all that it calls once, and 8 kB have no room for that stack. */
#pragma GCC optimize("no-inline-functions-called-once")
#endif
#endif

#ifdef __AVR__
${avrSwitches().join('\n')}
#endif

#endif
`;

/** Copies a source; a C file gets the build's header in front. */
function source(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  if (!to.endsWith('.c')) copyFileSync(from, to);
  else writeFileSync(to, `#include "${BUILD_HEADER}"\n#line 1\n${readFileSync(from, 'utf8')}`);
}

function tree(from, to) {
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' }))
    if (/\.[ch]$/.test(name)) source(join(from, name), join(to, name));
}

/** The flowers as whole millimetres, which fit a byte, and their species. */
function iris() {
  const [, ...lines] = readFileSync(join(root, 'test/data/iris/iris.csv'), 'utf8').trim().split('\n');
  const rows = lines.map((line) => {
    const values = line.split(',').map(Number);
    return `  {${values.map((value, at) => (at < 4 ? Math.round(value * 10) : value)).join(', ')}},`;
  });
  return `/* Iris (UCI): sepal length and width, petal length and width in millimetres, species. */
#include <Arduino.h>

#define IRIS_ROWS ${rows.length}
#define IRIS_FEATURES 4

static const uint8_t iris[IRIS_ROWS][IRIS_FEATURES + 1] PROGMEM = {
${rows.join('\n')}
};
`;
}

/** Names that the IDE colours: the classes and functions of the port's headers, and the SVM's. */
function keywords() {
  const lines = new Map();
  const headers = ['EdgeTrainer.h', 'EdgeTrainerEeprom.h', 'EdgeTrainerFile.h'].map((name) =>
    join(PORT, name),
  );
  for (const header of [...headers, join(FIRMWARE, 'include/edge_trainer/svm.h')]) {
    const text = readFileSync(header, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    const [open = text] = text.split('private:');
    for (const [, name] of open.matchAll(/^class (\w+)/gm)) lines.set(name, 'KEYWORD1');
    for (const [, name] of open.matchAll(/^(?: {2}| *inline )?[\w ]+?[ *](\w+)\([^;{]*\) ?(?:;|\{)/gm))
      if (!lines.has(name) && !/^(?:read|write|prepare)/.test(name)) lines.set(name, 'KEYWORD2');
  }
  return `${[...lines].map(([name, kind]) => `${name}\t${kind}`).join('\n')}\n`;
}

const properties = () => `name=EdgeTrainer
version=${version}
author=Edge Trainer
maintainer=Edge Trainer <${homepage}>
sentence=${SENTENCE}
paragraph=${PARAGRAPH}
category=Data Processing
url=${homepage}
architectures=*
includes=EdgeTrainer.h
`;

const platformio = () => ({
  name: 'EdgeTrainer',
  version,
  description: `${SENTENCE} ${PARAGRAPH}`,
  keywords: ['machine learning', 'modbus', 'svm', 'tinyml'],
  repository: { type: 'git', url: repository.url.replace(/^git\+/, '') },
  homepage,
  license,
  frameworks: 'arduino',
  platforms: '*',
  headers: 'EdgeTrainer.h',
});

const idf = () => `version: "${version}"
description: ${SENTENCE}
url: ${homepage}
license: ${license}
dependencies:
  idf: ">=5.0"
`;

/** Writes the library anew; returns its folder. */
export function writeLibrary() {
  rmSync(library, { recursive: true, force: true });
  const src = join(library, 'src');
  tree(join(FIRMWARE, 'include'), src);
  tree(join(FIRMWARE, 'src'), src);
  for (const name of readdirSync(PORT))
    if (/\.(?:c|h|cpp)$/.test(name)) source(join(PORT, name), join(src, name));
  for (const name of ['examples', 'zephyr', 'CMakeLists.txt'])
    cpSync(join(PORT, name), join(library, name), { recursive: true });
  // The definition of the closed loop is that of the C library's example.
  copyFileSync(
    join(FIRMWARE, 'examples/thermostat.h'),
    join(library, 'examples/SelfLearningThermostat/thermostat.h'),
  );
  copyFileSync(join(root, 'LICENSE'), join(library, 'LICENSE'));
  const written = {
    [`src/${BUILD_HEADER}`]: buildHeader(),
    'examples/SvmIris/iris.h': iris(),
    'keywords.txt': keywords(),
    'library.properties': properties(),
    'library.json': `${JSON.stringify(platformio(), undefined, 2)}\n`,
    'idf_component.yml': idf(),
  };
  for (const [name, text] of Object.entries(written)) writeFileSync(join(library, name), text);
  return library;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  console.log(relative(process.cwd(), writeLibrary()));
