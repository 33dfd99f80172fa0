/** How many files a person writes to add something small and real, counted by doing it in a copy: what is generated is not counted. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Copy, inCopy, ROOT } from './copy';

interface Field {
  readonly stored?: { readonly section: string; readonly at: number; readonly type: string };
  readonly fields?: readonly Field[];
  readonly variants?: readonly { readonly fields: readonly Field[] }[];
}

/** Where a section of the blob ends. */
function freeByte(section: string, fields: readonly Field[]): number {
  const ends = fields.map(({ stored, fields: inner = [], variants = [] }) => {
    const own = stored?.section === section ? stored.at + Number(stored.type.slice(1)) / 8 : 0;
    return Math.max(
      own,
      freeByte(section, inner),
      ...variants.map((variant) => freeByte(section, variant.fields)),
    );
  });
  return Math.max(0, ...ends);
}

/** Adds a field to a section, and sees it in the C struct with its range, in the types, the schema and the layout of the blob. */
function addField(copy: Copy, section: 'core' | 'stitching', more: object): void {
  copy.change('firmware/contract/definition.json', (text) => {
    const definition = JSON.parse(text);
    const stitching = definition.document.find((field: { name: string }) => field.name === 'stitching');
    const fields = section === 'core' ? definition.document : stitching.fields;
    fields.push({
      name: 'scratchShare',
      kind: 'number',
      min: 0,
      max: 0.2,
      default: 0.1,
      stored: { section, at: freeByte(section, definition.document), type: 'u8', coding: 'milli' },
      ...more,
      meaning: 'a field of the bench',
    });
    return JSON.stringify(definition, undefined, 2);
  });
  copy.generate();
  copy.holds('firmware/include/edge_trainer/definition_sections.h', 'uint8_t scratch_share');
  copy.holds(
    'firmware/src/loop/core/definition_sections.c',
    'scratch_share), ET_FIELD_U8, { .whole = 0 }, { .whole = 200 }',
  );
  copy.holds('trainer/contract/definition.generated.ts', 'scratchShare?: number');
  copy.holds('trainer/contract/schema.generated.ts', '"scratchShare"');
  for (const source of ['definition_sections', 'definition'])
    if (!copy.compiles(`firmware/src/loop/core/${source}.c`)) throw new Error(`${source}.c does not compile`);
}

/** A field of a definition that is written on the JSON page. */
export function definitionField(): number {
  return inCopy((copy) => addField(copy, 'core', {}));
}

/** A field of a definition that the form shows: with its words in every language; the contract has the English ones. */
export function formField(): number {
  return inCopy((copy) => {
    addField(copy, 'stitching', { label: 'Share of the bench' });
    copy.holds('locales/en-US/definition.json', 'Share of the bench');
    for (const name of readdirSync(join(ROOT, 'locales')).filter((candidate) => candidate !== 'en-US'))
      copy.change(`locales/${name}/definition.json`, (text) => {
        const catalogue = JSON.parse(text);
        catalogue.field.stitching.scratchShare = { label: 'scratch', tip: 'scratch' };
        return JSON.stringify(catalogue, undefined, 2);
      });
  });
}

interface Register {
  readonly at: number;
  readonly name: string;
  readonly shows?: string;
}

/** A register: in the table, the host's constants and the document; it does not compile without a value, nor with one that is not there. */
export function register(): number {
  return inCopy((copy) => {
    const compiles = (shows?: string): boolean => {
      copy.change('firmware/contract/registers.json', (text) => {
        const map = JSON.parse(text);
        const status = map.blocks.find((block: { name: string }) => block.name === 'status');
        const others = status.registers.filter(({ name }: Register) => name !== 'trainings_failed');
        const added = {
          at: others.at(-1).at + 1,
          name: 'trainings_failed',
          type: 'u16',
          access: 'r',
          shows,
          doc: 'trainings in a row that did not reach the threshold',
        };
        status.registers = [...others, added];
        return JSON.stringify(map, undefined, 2);
      });
      copy.generate();
      return ['read', 'shown'].every((what) => copy.compiles(`firmware/src/loop/registers_${what}.c`));
    };
    if (compiles()) throw new Error('a register without a value compiles');
    if (compiles('decide.on_demand.no_such_member')) throw new Error('a register of a wrong path compiles');
    if (!compiles('decide.on_demand.failed_trainings')) throw new Error('a register does not compile');
    copy.holds('trainer/contract/contract.generated.ts', 'trainingsFailed');
    copy.holds('docs/register-map.md', 'trainings_failed');
  });
}

/** A language: a folder of catalogues and help texts, which the build finds and the tests of the catalogues compare with English. */
export function language(): number {
  return inCopy((copy) => {
    copy.addFolder('locales/scratch', 'locales/de');
    const found = copy.ask('nodes.mjs', 'tool.languages()');
    if (!Array.isArray(found) || !found.includes('scratch')) throw new Error('the build does not find it');
  });
}

/** A board: CMake finds it, and the host knows its facts. Its port is that of the nRF51 under another name. */
export function board(): number {
  return inCopy((copy) => {
    const port = (name: string): string => readFileSync(join(ROOT, 'firmware/ports/nrf51', name), 'utf8');
    copy.add('firmware/ports/scratch/port.c', port('port.c'));
    copy.add('firmware/ports/scratch/nrf51822.ld', port('nrf51822.ld'));
    copy.add('firmware/ports/scratch/board.cmake', port('board.cmake'));
    copy.add(
      'firmware/ports/scratch/board.json',
      JSON.stringify({ ...JSON.parse(port('board.json')), name: 'scratch', place: 9 }),
    );
    copy.generate();
    copy.holds('trainer/contract/boards.generated.ts', '"scratch"');
    const toolchain = '-DCMAKE_TOOLCHAIN_FILE=cmake/arm-none-eabi.cmake';
    execFileSync('cmake', ['-G', 'Ninja', '-S', 'firmware', '-B', 'built', '-DET_BOARD=scratch', toolchain], {
      cwd: copy.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    execFileSync('cmake', ['--build', 'built', '--target', 'edge-trainer'], {
      cwd: copy.folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  });
}

const NODE = {
  runtime: `import type { Node, NodeAPI } from 'node-red';
import { DeviceUser, type DeviceUserConfig } from '../shared/device_node';

export default function scratch(RED: NodeAPI): void {
  function EdgeTrainerScratch(this: Node, config: DeviceUserConfig): void {
    RED.nodes.createNode(this, config);
    const user = new DeviceUser(RED, this, config);
    user.intake.take(
      async (msg, send) => {
        msg.payload = await user.link.trainer.identify();
        send(msg);
      },
      (error) => user.status.failed(error),
    );
    user.intake.onClose(() => user.status.close());
  }

  RED.nodes.registerType('edge-trainer-scratch', EdgeTrainerScratch);
}
`,
  editor: `RED.nodes.registerType('edge-trainer-scratch', {
  ...EdgeTrainer.look('scratch'),
  defaults: {
    name: { value: '' },
    version: { value: EdgeTrainer.version('scratch') },
    device: { value: '', type: 'edge-trainer-device', required: true },
  },
  inputs: 1,
  outputs: 1,
});
`,
  template: '{{device}}\n{{name}}\n',
  words: JSON.stringify({ scratch: { palette: 'scratch' } }),
  help: '<script type="text/html" data-help-name="edge-trainer-scratch"><p>Says what the board is.</p></script>\n',
};

/** A node that says what its board is: types, dialog, words and help, compiled and packaged; its runtime is what Node-RED loads. */
export function node(): number {
  return inCopy((copy) => {
    copy.add('nodes/scratch/scratch.ts', NODE.runtime);
    copy.add('nodes/scratch/editor.ts', NODE.editor);
    copy.add('nodes/scratch/template.html', NODE.template);
    for (const name of readdirSync(join(ROOT, 'locales'))) {
      copy.add(`locales/${name}/scratch.json`, NODE.words);
      copy.add(`locales/${name}/scratch.html`, NODE.help);
    }
    copy.add('icons/scratch.svg', readFileSync(join(ROOT, 'icons/train.svg'), 'utf8'));
    copy.change('package.json', (text) => {
      const manifest = JSON.parse(text);
      manifest['node-red'].nodes.scratch = 'dist/nodes/scratch.js';
      return JSON.stringify(manifest, undefined, 2);
    });
    copy.generate();
    copy.holds('docs/nodes.md', 'Says what the board is.');
    const typescript = join(ROOT, 'node_modules/typescript/bin/tsc');
    execFileSync('node', [typescript, '-p', 'nodes', '--noEmit', 'false'], {
      cwd: copy.folder,
      stdio: 'pipe',
    });
    copy.run("import { buildNodes } from './tools/nodes.mjs'; buildNodes();");
    copy.holds('dist/nodes/scratch.html', "RED.nodes.registerType('edge-trainer-scratch'");
    copy.holds('dist/nodes/locales/de/scratch.json', 'palette');
    copy.run(
      "import { createRequire } from 'node:module'; const load = createRequire(process.cwd() + '/')('./dist/nodes/scratch.js');" +
        " if (typeof load !== 'function') throw new Error('Node-RED cannot load it');",
    );
  });
}
