/** One process and one board at a time on a memory file: a lock file beside it that names its owner. */
import { readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { type FileProblem, MemoryFileError } from './memory_file_error';

/** What a lock file holds. */
interface Owner {
  readonly pid: number;
  /** When that process started, in the system's own unit; undefined where the system does not say. */
  readonly started?: string | undefined;
}

/** Start time of a process: two processes that get the same id one after the other differ by it. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold spaces and brackets; field 22 is the 20th behind its last bracket (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it runs, as another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const started = startOf(owner.pid);
  return owner.started === undefined || started === undefined || owner.started === started;
}

function ownerOf(lockPath: string): Owner | undefined {
  try {
    const owner = JSON.parse(readFileSync(lockPath, 'utf8')) as Partial<Owner>;
    return Number.isInteger(owner.pid) ? (owner as Owner) : undefined;
  } catch {
    return undefined;
  }
}

/** Creates the lock file; false when there is one already. */
function create(lockPath: string): boolean {
  const owner: Owner = { pid: process.pid, started: startOf(process.pid) };
  try {
    writeFileSync(lockPath, `${JSON.stringify(owner)}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a process that is gone. Of several that try, one gets it. */
function removeStale(lockPath: string): void {
  const aside = `${lockPath}.${process.pid}.stale`;
  try {
    renameSync(lockPath, aside);
    unlinkSync(aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/**
 * Locks a memory file for this board.
 * @returns what releases it
 * @throws MemoryFileError IN_USE while a living process holds it (this one too: another board)
 */
export function lockMemory(path: string): () => void {
  const lockPath = `${path}.lock`;
  for (let attempt = 0; ; attempt++) {
    if (create(lockPath)) break;
    const owner = ownerOf(lockPath);
    const problem: FileProblem = { kind: 'IN_USE', pid: owner?.pid };
    // A lock file without an owner is being written at this moment, or was cut short: one more look decides.
    if ((owner !== undefined && isAlive(owner)) || attempt > 1) throw new MemoryFileError(path, problem);
    removeStale(lockPath);
  }
  let held = true;
  return () => {
    if (held) removeStale(lockPath);
    held = false;
  };
}
