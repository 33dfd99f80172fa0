/** The parts of a card that are words and figures. */
namespace EdgeTrainer {
  /** A part of a card: what it depends on, and how it is drawn when that has changed. */
  export interface Part {
    readonly name: string;
    readonly needs: readonly (keyof Card)[];
    /** Shown on a card that is folded, too. */
    readonly always?: boolean;
    draw(this: Part, element: JQuery, card: Card, id: string): void;
  }

  type Tone = 'good' | 'busy' | 'warn' | 'bad';

  /** How a trainer is, in words and as a colour. */
  export function standing(card: Card): { readonly words: string; readonly tone: Tone } {
    const { link, job, status } = card;
    if (link.kind === 'lost')
      return { words: text(`status.fault.${link.fault ?? 'wire'}`, { unit: card.unit }), tone: 'bad' };
    if (link.kind === 'not-configured') return { words: say('state.not-configured'), tone: 'bad' };
    if (link.kind === 'busy' && job !== undefined)
      return { words: `${say(`job.${job.doing}`)} ${percent(job.progress)}`, tone: 'busy' };
    if (link.kind !== 'ready') return { words: say(`state.${link.kind}`), tone: 'warn' };
    if (card.stream?.alarm === true) return { words: streamWords(card), tone: 'bad' };
    if (status?.drift === true) return { words: text('status.drift'), tone: 'warn' };
    if (status === undefined || status.generation === 0)
      return { words: say('state.untrained'), tone: 'warn' };
    const parts = [say('state.ready', { generation: status.generation })];
    if (status.windowAccuracy !== null) parts.push(percent(status.windowAccuracy));
    if (status.mode === 'frozen') parts.push(text('status.mode.frozen'));
    return { words: joined(parts, 'facts'), tone: 'good' };
  }

  /** The board refuses whatever would change it. */
  export const isClosed = ({ lock, hasKey }: Card): boolean => lock === 'locked' && hasKey !== true;

  function advice(card: Card): string[] {
    const { problem, link, unit, status, suspicion } = card;
    if (problem !== undefined) return [problem];
    const lines: string[] = [];
    if (link.kind === 'lost') lines.push(say(`advice.${link.fault ?? 'wire'}`, { unit }));
    if (link.why !== undefined) lines.push(worded(link.why));
    else if (card.deployable === true && /definition$/.test(link.kind)) lines.push(say('advice.deploy'));
    if (link.kind !== 'lost' && isClosed(card)) lines.push(say('advice.locked'));
    if (status?.drift === true) lines.push(say('drift'));
    if (suspicion !== undefined) lines.push(say(`suspicion.${suspicion}`));
    return lines;
  }

  function lockWords({ lock, hasKey }: Card): string {
    if (lock !== 'locked') return say(`lock.${lock ?? 'none'}`);
    return say(hasKey === true ? 'lock.key' : 'lock.noKey');
  }

  function waitWords({ waits }: Card): string | undefined {
    return waits === undefined ? undefined : say(`waits.${waits.key}`, { ...waits.values });
  }

  function windowWords({ window }: Card): string | undefined {
    if (window === undefined) return undefined;
    const { held, needed } = window;
    return say(window.stopped ? 'windowStopped' : 'windowText', { held, needed });
  }

  function facts(card: Card): (readonly [string, string])[] {
    const { status, board, bus } = card;
    const rows: (readonly [string, string | undefined])[] = [
      ['definition', card.match === undefined ? undefined : say(`match.${card.match}`)],
      [
        'generation',
        status === undefined
          ? undefined
          : status.generation === 0
            ? say('noGeneration')
            : status.previousGeneration === 0
              ? say('generationOnly', { generation: status.generation })
              : say('generation', { generation: status.generation, previous: status.previousGeneration }),
      ],
      ['mode', status === undefined ? undefined : say(`mode.${status.mode}`)],
      ['waits', waitWords(card)],
      [
        'samples',
        status === undefined || card.definition?.stream !== false
          ? undefined
          : say('samplesText', {
              stored: status.samplesStored,
              capacity: status.samplesCapacity,
              new: status.samplesNew,
              held: status.samplesHeldOut,
            }),
      ],
      ['window', windowWords(card)],
      [
        'memory',
        status === undefined || board === undefined
          ? undefined
          : say('memoryText', {
              used: status.memoryUsedBytes,
              arena: board.arenaBytes,
              percent: Math.round((100 * status.memoryUsedBytes) / board.arenaBytes),
            }),
      ],
      ['lock', card.lock === undefined ? undefined : lockWords(card)],
      [
        'board',
        board === undefined
          ? undefined
          : say('boardText', {
              board: board.board,
              firmware: board.firmwareVersion,
              serial: board.serialNumber,
            }),
      ],
      [
        'bus',
        bus === undefined
          ? undefined
          : say('busText', {
              ms: bus.meanReplyMs,
              timeouts: bus.timeouts,
              crc: bus.crcErrors,
              reconnects: bus.reconnects,
              waiting: bus.waiting,
            }),
      ],
    ];
    return rows.filter((row): row is readonly [string, string] => row[1] !== undefined);
  }

  function bar(share: number, label: string): JQuery {
    return $('<div>', { class: 'edge-trainer-progress', role: 'progressbar' })
      .attr({
        'aria-valuenow': Math.round(100 * share),
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        'aria-label': label,
      })
      .append($('<span>').css('width', `${100 * share}%`));
  }

  export const FACT_PARTS: readonly Part[] = [
    {
      name: 'advice',
      needs: ['problem', 'link', 'status', 'suspicion', 'lock', 'hasKey', 'deployable'],
      always: true,
      draw(element, card) {
        element.empty().append(advice(card).map((line) => $('<p>', { text: line })));
      },
    },
    {
      name: 'job',
      needs: ['job'],
      always: true,
      draw(element, { job }) {
        element.empty();
        if (job === undefined) return;
        const left = job.left === undefined ? [] : [say('left', { time: duration(job.left) })];
        const words = joined([`${say(`job.${job.doing}`)} ${percent(job.progress)}`, ...left], 'facts');
        element.append(bar(job.progress, words), $('<div>', { class: 'edge-trainer-hint', text: words }));
      },
    },
    {
      name: 'facts',
      needs: [
        'unit',
        'wire',
        'match',
        'status',
        'waits',
        'lock',
        'hasKey',
        'board',
        'bus',
        'definition',
        'window',
        'savedAt',
      ],
      draw(element, card) {
        const list = $('<dl>');
        for (const [name, words] of facts(card))
          list.append($('<dt>', { text: say(`fact.${name}`) }), $('<dd>', { text: words }));
        if (card.status !== undefined) {
          const state = say(`save.${card.status.saveState}`);
          const saved = $('<dd>').append($('<span>', { text: state }));
          if (card.savedAt !== undefined)
            saved.append(
              // When it was saved last is not when it came to wait.
              card.status.saveState === 'saved'
                ? joined(['', ''], 'facts')
                : joined(['', `${say('lastSaved')} `], 'clauses'),
              $('<span>', { class: 'edge-trainer-ago' }).attr('data-at', card.savedAt),
            );
          list.append($('<dt>', { text: say('fact.saved') }), saved);
        }
        element.empty().append(
          $('<div>', {
            class: 'edge-trainer-hint',
            text: say('unit', { unit: card.unit, wire: card.wire }),
          }),
          list,
        );
        tellAgo(element);
      },
    },
  ];

  /** Whether this was drawn already: what is drawn anew would lose the focus. */
  export function unchanged(element: JQuery, what: unknown): boolean {
    const key = JSON.stringify(what) ?? '';
    if (element.attr('data-drawn') === key) return true;
    element.attr('data-drawn', key);
    return false;
  }

  /** "3 s ago" of everything that has a time. */
  export function tellAgo(element: JQuery): void {
    const now = Date.now() / 1000;
    element.find('.edge-trainer-ago').each((_, shown) => {
      const words = say('ago', { time: duration(now - Number($(shown).attr('data-at'))) });
      if (shown.textContent !== words) shown.textContent = words;
    });
  }
}
