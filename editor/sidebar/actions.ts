/** The buttons of a card. A button that the user may not press is not there; what cannot be undone is asked first. */
namespace EdgeTrainer {
  interface Answer {
    readonly message?: string;
    readonly started?: boolean;
  }

  /** Permission of an action; the runtime asks for the same. */
  const permission = (action: string): string => `edge-trainer.${action}.write`;

  export function may(action: string): boolean {
    const { user } = RED as unknown as { user: { hasPermission?(name: string): boolean } };
    return user.hasPermission?.(permission(action)) ?? true;
  }

  function refused(action: string, { message }: Error): void {
    const words = /^40[13]/.test(message) ? say('notAllowed', { permission: permission(action) }) : message;
    notify(words, 'error');
  }

  /** Does it, and says how it went. Resolves with whether it went well. */
  export async function act(id: string, action: string, body: object = {}): Promise<boolean> {
    try {
      const { message, started } = await ask<Answer>(`trainers/${id}/${action}`, body);
      notify(started === true ? say('done.started') : (message ?? ''), 'success');
      return true;
    } catch (error) {
      refused(action, error as Error);
      return false;
    }
  }

  interface Press {
    readonly body?: object;
    /** Asked before it is done; undefined = done at once. */
    readonly question?: string | undefined;
    /** Why it cannot be done now. */
    readonly cannot?: string | undefined;
  }

  function button(action: string, label: string, cannot: string | undefined): JQuery {
    const made = $('<button>', {
      type: 'button',
      class: 'red-ui-button red-ui-button-small',
      text: label,
    }).attr('data-action', action);
    return cannot === undefined ? made : made.prop('disabled', true).attr('title', cannot);
  }

  export function actionButton(
    id: string,
    action: string,
    label: string,
    { body = {}, question, cannot }: Press = {},
  ): JQuery {
    if (!may(action)) return $();
    const made = button(action, label, cannot);
    // Pressed twice, it is done once.
    const go = (): void => {
      made.prop('disabled', true);
      void act(id, action, body).then(() => made.prop('disabled', false));
    };
    return made.on('click', () => {
      if (question === undefined) go();
      else confirm(made, question, go);
    });
  }

  /** A panel under the buttons: a question or some fields, "do it" and "leave it". Escape leaves it; `false` from `go` keeps it. */
  function panel(near: JQuery, fill: (panel: JQuery) => void, go: () => unknown): void {
    const card = near.closest('.edge-trainer-card');
    card.find('.edge-trainer-panel').remove();
    const form = $('<form>', { class: 'edge-trainer-panel' });
    const leave = (): void => {
      form.remove();
      near.trigger('focus');
    };
    fill(form);
    form
      .append(
        $('<button>', {
          type: 'submit',
          class: 'red-ui-button red-ui-button-small edge-trainer-go',
          text: say('action.go'),
        }),
        $('<button>', {
          type: 'button',
          class: 'red-ui-button red-ui-button-small',
          text: say('action.stop'),
        }).on('click', leave),
      )
      .on('submit', (event) => {
        event.preventDefault();
        if (go() !== false) leave();
      })
      .on('keydown', (event) => {
        // The keys are the panel's: the editor would look for an element that has gone.
        event.stopPropagation();
        if (event.key === 'Escape') leave();
      });
    form.insertAfter(near.closest('.edge-trainer-part'));
    form.find('input, select, button').first().trigger('focus');
  }

  function confirm(near: JQuery, question: string, go: () => void): void {
    panel(near, (form) => form.append($('<p>', { text: question })), go);
  }

  function field(label: string, input: JQuery): JQuery {
    return $('<label>', { class: 'edge-trainer-panel-field' }).append($('<span>', { text: label }), input);
  }

  const named = (name: string, unit: string): string => (unit === '' ? name : `${name} (${unit})`);

  function teach(near: JQuery, id: string, { definition }: Card): void {
    if (definition === undefined) return;
    const inputs = definition.features.map(({ min, max }) =>
      $('<input>', { type: 'number', step: 'any', required: true, min, max }),
    );
    const label = $('<select>').append(
      definition.classes.map((word) => $('<option>', { value: word, text: word })),
    );
    const targets = definition.outputs.map(({ name, unit, min, max }) => ({
      name,
      label: named(name, unit),
      input: $('<input>', { type: 'number', step: 'any', required: true, min, max }),
    }));
    const values = targets.length > 0;
    panel(
      near,
      (form) =>
        form.append(
          $('<p>', { text: say('ask.teach') }),
          ...definition.features.map(({ name, unit }, index) =>
            field(named(name, unit), inputs[index] as JQuery),
          ),
          ...(values
            ? targets.map((target) => field(joined([say('ask.label'), target.label], 'colon'), target.input))
            : [field(say('ask.label'), label)]),
        ),
      () =>
        void act(id, 'teach', {
          features: inputs.map((input) => Number(input.val())),
          ...(values
            ? { targets: Object.fromEntries(targets.map(({ name, input }) => [name, Number(input.val())])) }
            : { label: label.val() }),
        }),
    );
  }

  function restore(near: JQuery, id: string, { status }: Card): void {
    const file = $('<input>', { type: 'file', accept: '.json,application/json', required: true });
    const deploy = $('<input>', { type: 'checkbox' });
    const generation = status?.generation ?? 0;
    panel(
      near,
      (form) =>
        form.append(
          $('<p>', {
            text: generation > 0 ? say('ask.restore', { generation }) : say('ask.restoreFirst'),
          }),
          field(say('ask.file'), file),
          field(say('ask.restoreDeploy'), deploy),
        ),
      () => {
        const [chosen] = (file[0] as HTMLInputElement).files ?? [];
        const also = deploy.prop('checked') === true;
        void chosen?.text().then((written) => {
          try {
            const backup = JSON.parse(written) as unknown;
            void act(id, 'restore', { backup, deploy: also, discard: also });
          } catch {
            notify(say('notBackup'), 'error');
          }
        });
      },
    );
  }

  const answers = ({ link }: Card): boolean => !['lost', 'connecting', 'not-configured'].includes(link.kind);

  function clone(near: JQuery, id: string): void {
    const boxes = cardNames()
      .filter((card) => card.id !== id)
      .map(({ id: target, name, card }) => {
        const away = !answers(card);
        return {
          target,
          name: away ? joined([name, standing(card).words], 'colon') : name,
          box: $('<input>', { type: 'checkbox' }).prop('disabled', away),
        };
      });
    panel(
      near,
      (form) =>
        form.append($('<p>', { text: say('ask.clone') }), ...boxes.map(({ name, box }) => field(name, box))),
      () => {
        const targets = boxes.filter(({ box }) => box.prop('checked')).map(({ target }) => target);
        if (targets.length === 0) return false;
        void act(id, 'clone', { targets, discard: true });
        return true;
      },
    );
  }

  function deploy(near: JQuery, id: string): void {
    const discard = $('<input>', { type: 'checkbox' });
    panel(
      near,
      (form) => form.append($('<p>', { text: say('ask.deploy') }), field(say('ask.deployDiscard'), discard)),
      () => void act(id, 'deploy', { discard: discard.prop('checked') === true }),
    );
  }

  const nameOf = (id: string): string => cardNames().find((card) => card.id === id)?.name ?? id;

  async function backUp(id: string, name: string): Promise<void> {
    try {
      const backup = await ask<{ model?: { generation: number } }>(`trainers/${id}/backup`);
      const file = new Blob([JSON.stringify(backup, null, 2)], { type: 'application/json' });
      const address = URL.createObjectURL(file);
      const generation = backup.model?.generation ?? 0;
      $('<a>', {
        href: address,
        download: `${name.replace(/[^\w-]+/g, '-')}-generation-${generation}.json`,
      })[0]?.click();
      URL.revokeObjectURL(address);
    } catch (error) {
      refused('backup', error as Error);
    }
  }

  /** A button that opens a panel or does something of its own. */
  function opener(action: string, open: (near: JQuery) => void, cannot?: string): JQuery {
    if (!may(action)) return $();
    const made = button(action, say(`action.${action}`), cannot);
    return made.on('click', () => open(made));
  }

  /** Why something cannot be done now: the board would refuse it. */
  function hindrances(
    card: Card,
  ): Readonly<Record<'train' | 'learn' | 'evaluate' | 'restore' | 'save', string | undefined>> {
    const { status, stream, definition, perClass } = card;
    const frozen = status?.mode === 'frozen' ? say('cannot.frozen') : undefined;
    const alarm = stream?.alarm === true && stream.answer !== 'false' ? say('cannot.alarm') : undefined;
    const few = (status?.samplesStored ?? 0) < 2 ? say('cannot.few') : undefined;
    const classes = (definition?.outputs.length ?? 0) === 0 ? perClass : undefined;
    const oneClass = classes !== undefined && classes.filter((count) => count > 0).length < 2;
    return {
      train: frozen ?? few ?? (oneClass ? say('cannot.oneClass') : undefined),
      learn: frozen ?? alarm,
      evaluate: status?.samplesStored === 0 ? say('cannot.none') : undefined,
      restore: alarm,
      save: status?.saveState === 'no-store' ? say('cannot.noStore') : undefined,
    };
  }

  /** Buttons that change nothing on the board. */
  function keeping(card: Card, id: string): JQuery[] {
    const { definition, status, job, link } = card;
    if (job !== undefined || link.kind !== 'ready' || definition === undefined || status === undefined)
      return [];
    const learned = status.generation > 0;
    return [
      ...(learned || status.samplesStored > 0 ? [opener('backup', () => void backUp(id, nameOf(id)))] : []),
      ...(learned && cardNames().length > 1 ? [opener('clone', (near) => clone(near, id))] : []),
      ...(learned && !definition.stream && definition.outputs.length === 0
        ? [opener('model', (near) => showModel(near, id, card))]
        : []),
    ];
  }

  function buttons(card: Card, id: string): JQuery[] {
    const { definition, status, job, link } = card;
    if (!answers(card)) return [];
    const kept = keeping(card, id);
    if (isClosed(card)) return kept;
    const deployButton = card.deployable === true ? [opener('deploy', (near) => deploy(near, id))] : [];
    if (job !== undefined) return [actionButton(id, 'cancel', say('action.cancel'))];
    if (link.kind !== 'ready' || definition === undefined || status === undefined) return deployButton;
    const learned = status.generation > 0;
    const frozen = status.mode === 'frozen';
    const cannot = hindrances(card);
    const now = (action: keyof typeof cannot, question?: string): JQuery =>
      actionButton(id, action, say(`action.${action}`), { question, cannot: cannot[action] });
    return [
      ...(definition.stream
        ? [now('learn', learned ? say('ask.learn') : undefined)]
        : [
            now('train'),
            ...(learned ? [now('evaluate')] : []),
            opener('teach', (near) => teach(near, id, card)),
          ]),
      actionButton(id, 'mode', say(frozen ? 'action.unfreeze' : 'action.freeze'), {
        body: { mode: frozen ? status.modeBefore : 'frozen' },
      }),
      ...(card.suspicion === undefined
        ? []
        : [actionButton(id, 'trust-feedback', say('action.trust-feedback'))]),
      now('save'),
      ...(status.previousGeneration > 0
        ? [
            actionButton(id, 'roll-back', say('action.roll-back'), {
              question: say('ask.roll-back', {
                generation: status.generation,
                previous: status.previousGeneration,
              }),
            }),
          ]
        : []),
      opener('restore', (near) => restore(near, id, card), cannot.restore),
      ...deployButton,
      ...kept,
    ];
  }

  export const ACTION_PART: Part = {
    name: 'actions',
    needs: [
      'link',
      'status',
      'job',
      'definition',
      'suspicion',
      'deployable',
      'name',
      'lock',
      'hasKey',
      'perClass',
      'stream',
    ],
    draw(element, card, id) {
      const { link, status, job, definition, suspicion, deployable } = card;
      // What the buttons depend on, and nothing that changes with every look.
      const key = [
        link.kind,
        job !== undefined,
        definition,
        suspicion,
        deployable,
        isClosed(card),
        status?.generation,
        status?.previousGeneration,
        status?.mode,
        status?.modeBefore,
        (status?.samplesStored ?? 0) > 0,
        hindrances(card),
        cardNames().length,
      ];
      if (unchanged(element, key)) return;
      element.empty().append(...buttons(card, id));
    },
  };
}
