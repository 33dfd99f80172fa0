// A child process with everything that it starts itself, such as a compiler: they end together.
import { spawn } from 'node:child_process';

/** Windows has no process groups: there, the child alone ends. */
const GROUPS = process.platform !== 'win32';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 */
export function startGroup(command, args, options) {
  return spawn(command, args, { ...options, detached: GROUPS });
}

/**
 * Asks a child of `startGroup`, and what it has started, to end.
 * @param {import('node:child_process').ChildProcess} child
 */
export function endGroup(child) {
  if (!GROUPS || child.pid === undefined) {
    child.kill('SIGTERM');
    return;
  }
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch (error) {
    // The whole group has ended already.
    if (/** @type {{ code?: string }} */ (error).code !== 'ESRCH') throw error;
  }
}
