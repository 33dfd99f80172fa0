import { type Text, text, WordedError } from '../text';

/** Why a memory file cannot be used. */
export type FileProblem =
  | { readonly kind: 'FOREIGN' }
  | { readonly kind: 'GEOMETRY'; readonly found: string; readonly wanted: string }
  | { readonly kind: 'MISSING' }
  | { readonly kind: 'IN_USE'; readonly pid: number | undefined };

function sentence(path: string, problem: FileProblem): Text {
  switch (problem.kind) {
    case 'FOREIGN':
      return text('memoryFile.foreign', { path });
    case 'GEOMETRY':
      return text('memoryFile.geometry', { path, found: problem.found, wanted: problem.wanted });
    case 'MISSING':
      return text('memoryFile.missing', { path });
    case 'IN_USE':
      if (problem.pid === process.pid) return text('memoryFile.here', { path });
      return problem.pid === undefined
        ? text('memoryFile.inUseByAnother', { path })
        : text('memoryFile.inUse', { path, pid: problem.pid });
  }
}

/** A memory file that cannot be used. Nothing of it was changed. */
export class MemoryFileError extends WordedError {
  readonly code = 'MEMORY_FILE';
  readonly path: string;
  readonly problem: FileProblem;

  constructor(path: string, problem: FileProblem) {
    super(sentence(path, problem));
    this.path = path;
    this.problem = problem;
  }
}
