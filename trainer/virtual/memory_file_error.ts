/** Why a memory file cannot be used. */
export type FileProblem =
  | { readonly kind: 'FOREIGN' }
  | { readonly kind: 'GEOMETRY'; readonly found: string; readonly wanted: string }
  | { readonly kind: 'MISSING' }
  | { readonly kind: 'IN_USE'; readonly pid: number | undefined };

function sentence(path: string, problem: FileProblem): string {
  switch (problem.kind) {
    case 'FOREIGN':
      return `${path} is not the memory of a virtual trainer; the file is untouched. Name another file.`;
    case 'GEOMETRY':
      return `${path} holds a memory of ${problem.found}, this board has ${problem.wanted}; the file is untouched. Name another file, or the board that it belongs to.`;
    case 'MISSING':
      return `${path} does not exist, so there is no trainer to look at. "edge-trainer deploy" creates it.`;
    case 'IN_USE':
      return problem.pid === process.pid
        ? `${path} is already the memory of another trainer in this process; the file is untouched. Give each trainer a file of its own.`
        : `${path} is in use by ${problem.pid === undefined ? 'another process' : `process ${problem.pid}`}; the file is untouched. Stop that process first, or reach its trainer over its port.`;
  }
}

/** A memory file that cannot be used. Nothing of it was changed. */
export class MemoryFileError extends Error {
  readonly code = 'MEMORY_FILE';
  readonly path: string;
  readonly problem: FileProblem;

  constructor(path: string, problem: FileProblem) {
    super(sentence(path, problem));
    this.name = 'MemoryFileError';
    this.path = path;
    this.problem = problem;
  }
}
