/** The parts of a card that show a stream trainer: score, residuals, patterns, regimes, and the answers to an alarm. */
namespace EdgeTrainer {
  /** What the last window was. */
  export function streamWords({ stream, definition, regimes }: Card): string {
    if (stream === undefined) return '';
    if (stream.learning) return say('stream.learning');
    if (!stream.calibrated) return say('stream.uncalibrated');
    if (stream.stopped) return say('stream.stopped');
    if (stream.machineOff) return say('stream.off');
    if (stream.constantChannels.length > 0)
      return say('stream.constant', {
        channels: joined(
          stream.constantChannels.map(
            (channel) => definition?.features[channel]?.name ?? String(channel + 1),
          ),
          'names',
        ),
      });
    if (stream.notLearned) return say('stream.notLearned');
    if (stream.alarm) {
      if (stream.pattern === 0) return say('stream.alarmOpen');
      if (stream.newPattern) return say('stream.alarmNew');
      return say('stream.alarm', { pattern: stream.patternName || stream.pattern });
    }
    const regime = stream.regime === 0 ? '' : regimeName(stream.regime, regimes);
    return regime === '' ? say('stream.healthy') : joined([say('stream.healthy'), regime], 'facts');
  }

  function regimeName(regime: number, names: readonly string[] | undefined): string {
    return names?.[regime - 1] || say('stream.regime', { regime });
  }

  /** A field for a name with its button; Enter takes it, too. */
  function nameField(label: string, name: string, give: (name: string) => void): JQuery {
    const field = $('<input>', {
      type: 'text',
      maxlength: 64,
      'aria-label': joined([label, say('name')], 'colon'),
    }).val(name);
    return $('<form>', { class: 'edge-trainer-name' })
      .append(
        $('<label>', { text: label }),
        field,
        $('<button>', {
          type: 'submit',
          class: 'red-ui-button red-ui-button-small',
          text: say('action.name'),
        }),
      )
      .on('submit', (event) => {
        event.preventDefault();
        give(String(field.val()));
      });
  }

  /** An alarm is answered once: the buttons for it, or what somebody has answered. */
  function answers(id: string, { answer, answeredAt }: NonNullable<Card['stream']>): JQuery[] {
    if (answer === undefined)
      return [
        actionButton(id, 'answer', say('action.confirm'), { body: { answer: true } }),
        actionButton(id, 'answer', say('action.falseAlarm'), { body: { answer: 'false' } }),
      ];
    const words = $('<p>', { class: 'edge-trainer-answered', text: say(`stream.answered.${answer}`) });
    if (answeredAt !== undefined)
      words.append(
        joined(['', ''], 'facts'),
        $('<span>', { class: 'edge-trainer-ago' }).attr('data-at', answeredAt),
      );
    return [words];
  }

  /** Somebody writes there: what is drawn anew would take the words away. */
  const isBeingWritten = (element: JQuery): boolean => element.find('input:focus').length > 0;

  /** Scores come once a second while somebody looks. */
  const UNSEEN_SECONDS = 10;
  /** Made once: fifty cards would make a hundred and fifty formats a second. */
  const oneDigit = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

  export const STREAM_PARTS: readonly Part[] = [
    {
      name: 'stream',
      needs: ['stream', 'definition', 'regimes'],
      draw(element, card, id) {
        const { stream } = card;
        const answered = [stream?.answer, stream?.answeredAt];
        if (unchanged(element, [stream?.alarm, answered, streamWords(card), stream?.samplesLost])) return;
        element.empty();
        if (stream === undefined) return;
        element.append($('<p>', { class: stream.alarm ? 'edge-trainer-bad' : '', text: streamWords(card) }));
        if (stream.samplesLost > 0)
          element.append(
            $('<p>', { class: 'edge-trainer-hint', text: say('stream.lost', { count: stream.samplesLost }) }),
          );
        if (stream.alarm) element.append(...answers(id, stream));
        tellAgo(element);
      },
    },
    {
      name: 'score',
      needs: ['scores', 'definition'],
      draw(element, card) {
        if (card.scores === undefined) {
          element.empty();
          return;
        }
        if (element.children().length === 0)
          element.append(heading(say('heading.score')), $('<div>', { class: 'edge-trainer-chart' }));
        const chart = element.children('.edge-trainer-chart');
        const scores = withGaps(inOrder(card.scores), UNSEEN_SECONDS);
        if (scores.length < 2) {
          dropPlots(element);
          chart.empty().append($('<div>', { class: 'edge-trainer-hint', text: say('noScores') }));
          return;
        }
        plotIn(chart, [
          { label: say('line.score'), colour: '--edge-trainer-1' },
          { label: say('line.threshold'), colour: '--edge-trainer-mark', dashed: true },
        ]).show(
          [
            scores.map(([at]) => at),
            scores.map(([, score]) => score),
            scores.map(([, , threshold]) => threshold),
          ],
          [],
        );
      },
    },
    {
      name: 'residuals',
      needs: ['stream', 'definition'],
      draw(element, { stream, definition }) {
        element.empty();
        if (stream === undefined || definition === undefined || !stream.calibrated) return;
        const most = Math.max(3, ...stream.residuals.map(Math.abs));
        element.append(heading(say('heading.residuals')));
        for (const [index, { name }] of definition.features.entries()) {
          const residual = stream.residuals[index] ?? 0;
          element.append(
            $('<div>', { class: 'edge-trainer-bar-row' }).append(
              $('<span>', { text: name, title: name }),
              $('<span>', { class: 'edge-trainer-bar' }).append(
                $('<span>').css('width', `${(100 * Math.abs(residual)) / most}%`),
              ),
              $('<span>', { text: `${oneDigit.format(residual)} σ` }),
            ),
          );
        }
      },
    },
    {
      name: 'patterns',
      needs: ['patterns', 'definition', 'lock', 'hasKey'],
      draw(element, card, id) {
        const { patterns } = card;
        if (isBeingWritten(element)) return;
        element.empty();
        if (patterns === undefined || patterns.length === 0) return;
        element.append(heading(say('heading.patterns')));
        for (const { pattern, name, seen } of patterns)
          element.append(
            nameField(
              say('pattern', { pattern }),
              name,
              (given) => void act(id, 'name-pattern', { pattern, name: given }),
            )
              .append(
                isClosed(card)
                  ? $()
                  : actionButton(id, 'forget-pattern', say('action.forget'), {
                      body: { pattern },
                      question: say('ask.forget-pattern'),
                    }),
              )
              .attr('title', say('patternSeen', { seen })),
          );
      },
    },
    {
      name: 'regimes',
      needs: ['regimes', 'stream', 'definition'],
      draw(element, { regimes, stream }, id) {
        const count = Math.max(regimes?.length ?? 0, stream?.regime ?? 0);
        if (isBeingWritten(element) || unchanged(element, [count, regimes])) return;
        element.empty();
        if (count === 0) return;
        element.append(heading(say('heading.regimes')));
        for (let regime = 1; regime <= count; regime++)
          element.append(
            nameField(
              say('regime', { regime }),
              regimes?.[regime - 1] ?? '',
              (name) => void act(id, 'name-regime', { regime, name }),
            ),
          );
      },
    },
  ];
}
