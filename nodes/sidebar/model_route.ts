/** Admin routes of the model view: the model with its stored samples, and the regions that it decides. */
import type { NodeAPI } from 'node-red';
import type { CompleteDefinition } from '../../trainer/definition';
import { modelView, regions } from '../../trainer/overview';
import type { Session } from '../../trainer/session';
import { MessageError } from '../shared/message_error';
import { answerOf } from '../shared/runtime';
import { bodyOf } from './actions';

/** One picture at a time: each asks the firmware a thousand times. */
let drawing: Promise<unknown> = Promise.resolve();

async function picture(link: Session, body: Readonly<Record<string, unknown>>): Promise<number[]> {
  const { across, up, which } = body;
  const view = await modelView(link.trainer);
  const isFeature = (value: unknown): value is number =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) < view.features.length;
  if (!isFeature(across) || !isFeature(up)) throw new MessageError('sidebar.badPicture');
  const backup = await link.trainer.backup.take(which === 'previous' ? 'previous' : 'running');
  return regions(link.trainer.definition as CompleteDefinition, backup, view, across, up);
}

/** @param linkOf throws when the device is not there */
export function modelRoutes(RED: NodeAPI, linkOf: (id: string) => Session): void {
  const mayRead = RED.auth.needsPermission('edge-trainer.read');
  RED.httpAdmin.get('/edge-trainer/trainers/:id/model', mayRead, (request, response) => {
    (async () => modelView(linkOf(String(request.params.id)).trainer))().then(
      (view) => response.json(view),
      (error: unknown) => response.status(500).json(answerOf(RED, error)),
    );
  });
  RED.httpAdmin.post('/edge-trainer/trainers/:id/regions', mayRead, (request, response) => {
    const turn = drawing.then(() =>
      picture(linkOf(String(request.params.id)), bodyOf(request.body, 'regions')),
    );
    drawing = turn.catch(() => undefined);
    turn.then(
      (decided) => response.json(decided),
      (error: unknown) => response.status(500).json(answerOf(RED, error)),
    );
  });
}
