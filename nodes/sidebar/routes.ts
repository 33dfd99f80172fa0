/** Admin routes of the sidebar. Reading needs `edge-trainer.read`; every action needs its own permission (actions.ts). */
import type { NodeAPI } from 'node-red';
import { deviceOf } from '../device/device';
import { MessageError } from '../shared/message_error';
import { answerOf, asError, translated, words } from '../shared/runtime';
import { ACTIONS, type Actor, bodyOf } from './actions';
import { modelRoutes } from './model_route';
import { memberOf } from './roster';
import { Overview } from './sidebar';

/** A job that takes longer is answered with "started"; the card says later how it ended. */
const PATIENCE_MS = 1500;
const NAME = /^[\w-]{1,64}$/;
const OPEN_MOST = 1000;

/** @throws MessageError when the device is not there or its settings are wrong */
function actorOf(RED: NodeAPI, id: string, body: Actor['body']): Actor {
  const device = deviceOf(RED, id);
  const link = device?.link;
  if (device === undefined || link === undefined)
    throw device?.problem === undefined
      ? new MessageError('sidebar.gone')
      : new MessageError('error.deviceProblem', { problem: device.problem });
  return { RED, device, link, body };
}

export function sidebarRoutes(RED: NodeAPI): void {
  const overview = new Overview(RED);
  const mayRead = RED.auth.needsPermission('edge-trainer.read');
  const { httpAdmin } = RED;

  httpAdmin.post('/edge-trainer/cards', mayRead, (request, response) => {
    const { editor, open } = bodyOf(request.body, 'cards');
    const valid = typeof editor === 'string' && NAME.test(editor) && Array.isArray(open);
    if (!valid || open.length > OPEN_MOST) {
      response.status(400).json({ message: words(RED, 'sidebar.badLook') });
      return;
    }
    overview
      .look(
        editor,
        open.filter((id) => typeof id === 'string'),
      )
      .then(
        (snapshot) => response.json(snapshot),
        (error: unknown) => response.status(500).json({ message: asError(error).message }),
      );
  });

  httpAdmin.post('/edge-trainer/cards/leave', mayRead, (request, response) => {
    overview.leave(String(bodyOf(request.body, 'cards').editor));
    response.json({});
  });

  httpAdmin.get(
    '/edge-trainer/trainers/:id/backup',
    RED.auth.needsPermission('edge-trainer.backup.write'),
    (request, response) => {
      (async () => {
        const { link } = actorOf(RED, String(request.params.id), {});
        return link.trainer.backup.take('running', { samples: true });
      })().then(
        (backup) => response.json(backup),
        (error: unknown) => response.status(500).json(answerOf(RED, error)),
      );
    },
  );

  modelRoutes(RED, (id) => actorOf(RED, id, {}).link);

  for (const [name, action] of Object.entries(ACTIONS))
    httpAdmin.post(
      `/edge-trainer/trainers/:id/${name}`,
      RED.auth.needsPermission(`edge-trainer.${name}.write`),
      (request, response) => {
        const id = String(request.params.id);
        let answered = false;
        const answer = (code: number, body: object): void => {
          if (answered) return;
          answered = true;
          response.status(code).json(body);
        };
        const late = setTimeout(() => answer(202, { started: true }), PATIENCE_MS);
        // The card shows what comes after the answer.
        const report = (message: string, bad: boolean): void => {
          clearTimeout(late);
          if (answered) overview.notice(id, message, bad);
          else answer(bad ? 500 : 200, { message });
        };
        (async () => action(actorOf(RED, id, bodyOf(request.body, name))))().then(
          (message) => {
            if (name === 'evaluate') memberOf(id)?.gatherer?.evaluated();
            overview.touched();
            report(message, false);
          },
          (error: unknown) => report(translated(RED, error).message, true),
        );
        overview.touched();
      },
    );
}
