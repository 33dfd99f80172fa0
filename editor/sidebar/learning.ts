/** The parts of a card that show how a deciding trainer learns: accuracy, samples, confusion matrix, decisions, log. */
namespace EdgeTrainer {
  const charts = new WeakMap<HTMLElement, Plot>();

  /** The plot of an element; made anew when its lines are others. */
  export function plotIn(
    element: JQuery,
    lines: readonly Line[],
    bounds?: readonly [number, number],
    times = true,
  ): Plot {
    const holder = element[0] as HTMLElement;
    const key = JSON.stringify(lines);
    const present = charts.get(holder);
    if (present !== undefined && element.attr('data-lines') === key) return present;
    present?.destroy();
    element.empty().attr('data-lines', key);
    const plot = new Plot(element, lines, bounds, times);
    charts.set(holder, plot);
    return plot;
  }

  /** Lets go of the plots below an element. */
  export function dropPlots(element: JQuery): void {
    element.find('[data-lines]').each((_, chart) => {
      charts.get(chart)?.destroy();
      charts.delete(chart);
      $(chart).removeAttr('data-lines');
    });
  }

  export function heading(words: string): JQuery {
    return $('<h5>', { text: words });
  }

  export const inOrder = <T>(items: Readonly<Record<string, T>> | undefined): T[] =>
    Object.keys(items ?? {})
      .sort((a, b) => Number(a) - Number(b))
      .map((key) => (items as Readonly<Record<string, T>>)[key] as T);

  function defaultShare(card: Card): number | null {
    const counts = card.perClass;
    const at = card.definition?.classes.indexOf(card.definition.defaultClass) ?? -1;
    const all = (counts ?? []).reduce((sum, count) => sum + count, 0);
    return counts === undefined || at < 0 || all === 0 ? null : (counts[at] ?? 0) / all;
  }

  function drawAccuracy(element: JQuery, card: Card): void {
    const points = inOrder(card.points);
    if (points.length < 2) {
      dropPlots(element.parent());
      element
        .empty()
        .removeAttr('data-lines')
        .append($('<div>', { class: 'edge-trainer-hint', text: say('noPoints') }));
      return;
    }
    const constant = defaultShare(card);
    const lines: Line[] = [
      {
        label: say('line.satisfied', { n: card.status?.windowFilled ?? 0 }),
        colour: '--edge-trainer-1',
        percent: true,
      },
      { label: say('line.startRule'), colour: '--edge-trainer-2', dashed: true },
      { label: say('line.lastTruth'), colour: '--edge-trainer-3', dashed: true },
    ];
    // Continuous outputs have no class that could always be said.
    const classes = (card.definition?.outputs.length ?? 0) === 0;
    if (classes)
      lines.push({
        label: say('line.default', { label: card.definition?.defaultClass ?? '' }),
        colour: '--edge-trainer-4',
        dashed: true,
      });
    const marks = inOrder(card.log)
      .filter(({ event, at }) => event === 'promoted' && at > 0)
      .map(({ at, generation }) => ({ at, label: String(generation) }));
    plotIn(element, lines, [0, 1.02]).show(
      [
        points.map(([at]) => at),
        points.map(([, satisfied]) => satisfied),
        points.map(([, , rule]) => rule),
        points.map(([, , , last]) => last),
        ...(classes ? [points.map(() => constant)] : []),
      ],
      marks,
    );
  }

  function voicesText({ voices }: Card): string {
    const of = (name: string): string => percent(voices?.find((voice) => voice.name === name)?.accuracy);
    return say('voicesText', { model: of('model'), rule: of('start-rule'), last: of('last-truth') });
  }

  function drawConfusion(element: JQuery, card: Card): void {
    element.empty();
    const { evaluation, definition } = card;
    if (evaluation === undefined || definition === undefined || definition.outputs.length > 0) return;
    const { classes } = definition;
    const most = Math.max(1, ...evaluation.confusion.flat());
    const head = $('<tr>').append(
      $('<td>'),
      ...classes.map((label) => $('<th>', { scope: 'col', text: label, title: label })),
    );
    const rows = evaluation.confusion.map((row, truth) =>
      $('<tr>').append(
        $('<th>', { scope: 'row', text: classes[truth] ?? '' }),
        ...row.map((count, decided) =>
          $('<td>', {
            text: String(count),
            class: count === 0 ? '' : truth === decided ? 'edge-trainer-right' : 'edge-trainer-wrong',
          }).css('--edge-trainer-share', String(0.12 + (0.5 * count) / most)),
        ),
      ),
    );
    element.append(
      heading(say('heading.confusion')),
      $('<table>', { class: 'edge-trainer-confusion' })
        .css('min-width', `${40 * classes.length + 60}px`)
        .append(
          $('<caption>', {
            text: joined(
              [
                say('confusionText', {
                  generation: evaluation.generation,
                  samples: evaluation.samples,
                  percent: Math.round(100 * evaluation.balancedAccuracy),
                }),
                say('confusionHead'),
              ],
              'clauses',
            ),
          }),
          head,
          ...rows,
        ),
    );
  }

  const TICKS = { satisfied: '✓', unsatisfied: '✗', discarded: '–', open: '…' } as const;

  function drawDecisions(element: JQuery, card: Card): void {
    const list = $('<ul>', { class: 'edge-trainer-decisions' });
    const newest = Object.values(card.decisions ?? {}).sort((a, b) => b.at - a.at);
    for (const { at, label, by, judgement = 'open', truth } of newest) {
      const words =
        judgement === 'unsatisfied' && truth !== undefined
          ? say('decision.wrongText', { label, truth })
          : label;
      list.append(
        $('<li>').append(
          $('<span>', {
            class: `edge-trainer-tick edge-trainer-${judgement}`,
            text: TICKS[judgement],
            title: say(`decision.${judgement}`),
            'aria-label': say(`decision.${judgement}`),
            role: 'img',
          }),
          $('<span>', { text: words, class: 'edge-trainer-decided', title: by }),
          $('<time>', { text: clock(at) }),
        ),
      );
    }
    element
      .empty()
      .append(
        heading(say('heading.decisions')),
        newest.length === 0 ? $('<div>', { class: 'edge-trainer-hint', text: say('noDecisions') }) : list,
      );
  }

  export const LEARNING_PARTS: readonly Part[] = [
    {
      name: 'accuracy',
      needs: ['points', 'perClass', 'definition', 'log', 'status'],
      draw(element, card) {
        if (card.points === undefined) {
          element.empty();
          return;
        }
        if (element.children().length === 0)
          element.append(heading(say('heading.accuracy')), $('<div>', { class: 'edge-trainer-chart' }));
        drawAccuracy(element.children('.edge-trainer-chart'), card);
      },
    },
    {
      name: 'voices',
      needs: ['voices'],
      draw(element, card) {
        const spoke = card.voices?.some(({ accuracy }) => accuracy !== undefined) === true;
        element.toggle(spoke).text(spoke ? voicesText(card) : '');
      },
    },
    {
      name: 'per-class',
      needs: ['perClass', 'definition'],
      draw(element, { perClass, definition }) {
        element.empty();
        if (perClass === undefined || definition === undefined || definition.outputs.length > 0) return;
        const most = Math.max(1, ...perClass);
        element.append(heading(say('heading.perClass')));
        for (const [index, label] of definition.classes.entries()) {
          const count = perClass[index] ?? 0;
          element.append(
            $('<div>', { class: 'edge-trainer-bar-row' }).append(
              $('<span>', { text: label, title: label }),
              $('<span>', { class: 'edge-trainer-bar' }).append(
                $('<span>').css('width', `${(100 * count) / most}%`),
              ),
              $('<span>', { text: String(count) }),
            ),
          );
        }
      },
    },
    { name: 'confusion', needs: ['evaluation', 'definition'], draw: drawConfusion },
    {
      name: 'decisions',
      needs: ['decisions', 'definition'],
      draw(element, card) {
        if (card.decisions === undefined) element.empty();
        else drawDecisions(element, card);
      },
    },
  ];

  export const LOG_PART: Part = {
    name: 'log',
    needs: ['log'],
    draw(element, card) {
      let list = element.find('ul');
      if (list.length === 0) {
        list = $('<ul>', { class: 'edge-trainer-log' });
        element.append($('<details>').append($('<summary>', { text: say('heading.log') }), list));
      }
      list.empty();
      for (const record of inOrder(card.log).reverse())
        list.append(
          $('<li>').append(
            $('<time>', { text: record.at === 0 ? say('before') : clock(record.at) }),
            $('<span>', { text: logWords(record) }),
          ),
        );
    },
  };

  /** A record in the reader's language; in English where this version has no words for it. */
  function logWords({ event, detail, a, b, generation, text }: NonNullable<Card['log']>[string]): string {
    const key = detail === undefined ? `log.${event}` : `log.${event}-${detail}`;
    const share = (permille: number): string => percent(permille > 1000 ? null : permille / 1000);
    const found = say(key, { a, b, generation, share: share(a), other: share(b), place: b + 1 });
    return found.endsWith(key) ? text : found;
  }
}
