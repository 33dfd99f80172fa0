/** Admin route that makes a definition and weights of a network file. It looks at the file alone: no board is asked, nothing is kept. */
import type { NodeAPI } from 'node-red';
import { Limits } from '../../trainer/contract/contract.generated';
import { type Imported, type ImportOptions, importTflite, NetworkImportError } from '../../trainer/network';
import { text } from '../../trainer/text';
import { answerOf } from '../shared/runtime';

/** Bytes of a file; what a definition can hold is far smaller. */
export const IMPORT_MOST = 1_048_576;

const PARTS = ['head', 'biases', 'all'] as const;
const LABEL_MOST = 64;

interface Upload {
  readonly file: Buffer;
  readonly options: ImportOptions;
}

const isLabel = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= LABEL_MOST;

/** Undefined: the body is no upload. @throws NetworkImportError for a file that is too large */
function uploadOf(body: unknown): Upload | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { file, trained = 'all', classes, name } = body as Record<string, unknown>;
  if (typeof file !== 'string') return undefined;
  const bytes = Math.floor((3 * file.length) / 4);
  if (bytes > IMPORT_MOST + 2)
    throw new NetworkImportError([text('network.file', { bytes, most: IMPORT_MOST })]);
  const part = PARTS.find((candidate) => candidate === trained);
  if (part === undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(file)) return undefined;
  if (name !== undefined && !isLabel(name)) return undefined;
  const labels = classes as unknown[] | undefined;
  if (labels !== undefined && !(Array.isArray(labels) && labels.length <= Limits.CLASSES_MAX))
    return undefined;
  if (labels?.every(isLabel) === false) return undefined;
  return {
    file: Buffer.from(file, 'base64'),
    options: {
      trained: part,
      ...(name === undefined ? {} : { name }),
      ...(labels === undefined ? {} : { classes: labels as string[] }),
    },
  };
}

export function importRoute(RED: NodeAPI): void {
  RED.httpAdmin.post(
    '/edge-trainer/import-network',
    RED.auth.needsPermission('edge-trainer.write'),
    (request, response) => {
      let imported: Imported;
      try {
        const upload = uploadOf(request.body);
        if (upload === undefined) {
          response.status(400).json({ message: RED._('device.import.badQuestion') });
          return;
        }
        imported = importTflite(upload.file, upload.options);
      } catch (error) {
        response.status(422).json(answerOf(RED, error));
        return;
      }
      response.json(imported);
    },
  );
}
