/**
 * What Zephyr's build does with a module, as far as this one asks for it. No tree of Zephyr is here: its reader of Kconfig is the real one
 * (kconfiglib, which Zephyr brings along), its CMake functions are stand-ins.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { needs } from './needs';

/** Debian's, which has the module; another may come first on the PATH. */
const PYTHON = '/usr/bin/python3';

export function hasKconfig(): boolean {
  try {
    execFileSync(PYTHON, ['-c', 'import kconfiglib'], { stdio: 'ignore' });
    return true;
  } catch {
    return needs('python3-kconfiglib');
  }
}

/** Settings as NAME=y -> every option as NAME=value. */
const CONFIGURE = `
import sys, kconfiglib
config = kconfiglib.Kconfig(sys.argv[1], warn_to_stderr=False)
for setting in sys.argv[2:]:
    name, value = setting.split('=')
    if not config.syms[name].set_value(value) or config.syms[name].str_value != value:
        sys.exit(setting + ' does not take effect')
if config.warnings:
    sys.exit('\\n'.join(config.warnings))
for symbol in config.unique_defined_syms:
    print(symbol.name + '=' + symbol.str_value)
`;

export interface ZephyrModule {
  readonly name: string;
  /** Folder of its CMakeLists.txt, and its Kconfig file. */
  readonly cmake: string;
  readonly kconfig: string;
}

/** What zephyr/module.yml says, as absolute paths. */
export function zephyrModule(folder: string): ZephyrModule {
  const said = readFileSync(join(folder, 'zephyr/module.yml'), 'utf8');
  const value = (key: string): string => {
    const [, found] = new RegExp(`^ *${key}: (\\S+)$`, 'm').exec(said) ?? [];
    if (found === undefined) throw new Error(`module.yml has no ${key}`);
    return found;
  };
  return {
    name: value('name'),
    cmake: join(folder, value('cmake')),
    kconfig: join(folder, value('kconfig')),
  };
}

/**
 * Every option of an application with the module, by its settings.
 * @throws Error for an option that does not exist or does not take effect, and for what Kconfig warns of
 */
export function zephyrConfig(
  { kconfig }: ZephyrModule,
  project: string,
  settings: Readonly<Record<string, 'y' | 'n'>>,
): Map<string, string> {
  mkdirSync(project, { recursive: true });
  const root = join(project, 'Kconfig');
  writeFileSync(root, `mainmenu "application"\nsource "${kconfig}"\n`);
  const asked = Object.entries(settings).map((pair) => pair.join('='));
  const said = execFileSync(PYTHON, ['-c', CONFIGURE, root, ...asked], { encoding: 'utf8' });
  return new Map(
    said
      .trim()
      .split('\n')
      .map((line) => line.split('=') as [string, string]),
  );
}

/** Configures an application of one source with the module; `build` of the folder that it returns compiles it. */
export function configureZephyr(
  { cmake }: ZephyrModule,
  project: string,
  config: ReadonlyMap<string, string>,
  application: string,
): string {
  // A boolean that is off is not set, as in Zephyr.
  const set = [...config]
    .filter(([, value]) => value !== 'n')
    .map(([name, value]) => `set(CONFIG_${name} ${value})`);
  writeFileSync(
    join(project, 'CMakeLists.txt'),
    `cmake_minimum_required(VERSION 3.22)
project(application C)
set(CMAKE_C_STANDARD 99)
add_compile_options(-Wall -Wextra -Werror)
add_library(zephyr_interface INTERFACE)
function(zephyr_include_directories)
  target_include_directories(zephyr_interface INTERFACE \${ARGN})
endfunction()
function(zephyr_compile_definitions)
  target_compile_definitions(zephyr_interface INTERFACE \${ARGN})
endfunction()
function(zephyr_library)
  add_library(module STATIC)
  target_link_libraries(module PRIVATE zephyr_interface)
endfunction()
function(zephyr_library_sources)
  target_sources(module PRIVATE \${ARGN})
endfunction()
function(zephyr_library_compile_options)
  target_compile_options(module PRIVATE \${ARGN})
endfunction()
${set.join('\n')}
add_subdirectory(${cmake} module)
add_executable(app ${application})
target_link_libraries(app zephyr_interface module m)
`,
  );
  const build = join(project, 'build');
  const options = ['-G', 'Ninja', '-DCMAKE_EXPORT_COMPILE_COMMANDS=ON'];
  execFileSync('cmake', [...options, '-S', project, '-B', build], { stdio: 'pipe' });
  return build;
}
