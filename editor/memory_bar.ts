/** What the definition takes of the board's memory, in the firmware's own words, and what is wrong with it. */
namespace EdgeTrainer {
  /** Parts of the need, in the order of the bar. A board keeps three generations of a model. */
  const PARTS = [
    { name: 'dataset', times: 1 },
    { name: 'model', times: 3 },
    { name: 'shared', times: 1 },
    { name: 'work', times: 1 },
  ] as const;

  /** A problem with the page and the field that it is about. */
  export interface Found {
    readonly page: string;
    readonly path: string;
    readonly sentence: string;
  }

  const bytes = (count: number): string => count.toLocaleString();

  export class MemoryBar {
    private readonly bar: JQuery;
    private readonly legend: JQuery;
    private readonly status: JQuery;
    private readonly list: JQuery;
    private readonly goTo: (page: string, path: string) => void;

    /** @param goTo shows the field that a problem is about */
    constructor(container: JQuery, goTo: (page: string, path: string) => void) {
      this.goTo = goTo;
      const whole = $('<div>', { class: 'edge-trainer-memory' }).appendTo(container);
      this.status = $('<div>', { class: 'edge-trainer-memory-text', role: 'status' }).appendTo(whole);
      this.list = $('<ul>', { class: 'edge-trainer-problems' }).appendTo(whole);
      this.bar = $('<div>', { class: 'edge-trainer-memory-bar' }).appendTo(whole);
      this.legend = $('<div>', { class: 'edge-trainer-memory-legend' }).appendTo(whole);
    }

    /** Something is wrong that is no problem of a field. */
    say(problem: string): void {
      this.clear();
      this.status.addClass('edge-trainer-bad').text(problem);
    }

    /** Nothing to plan: the board's own definition is used. */
    none(): void {
      this.clear();
      this.status.text(text('form.ownDefinition'));
    }

    show(report: MemoryReport, problems: readonly Found[], board: Board | undefined): void {
      this.clear();
      if (problems.length > 0) {
        this.status.addClass('edge-trainer-bad').text(text('form.problems', { count: problems.length }));
        for (const { sentence, page, path } of problems)
          $('<button>', { type: 'button', class: 'edge-trainer-problem', text: sentence })
            .on('click', () => this.goTo(page, path))
            .appendTo($('<li>').appendTo(this.list));
        return;
      }
      const { need, unknown = [] } = report;
      if (unknown.length > 0) {
        this.status.text(text('form.unknown', { fields: joined(unknown, 'names') }));
        return;
      }
      if (need === undefined) return;
      const values = {
        used: bytes(need.total),
        arena: bytes(report.arenaBytes),
        board: board === undefined ? report.board : boardTitle(board),
      };
      const line = report.fits
        ? text('form.fits', { ...values, percent: ((100 * need.total) / report.arenaBytes).toFixed(1) })
        : text(report.largestCapacity ? 'form.tooLargeCapacity' : 'form.tooLarge', {
            ...values,
            capacity: report.largestCapacity ?? 0,
          });
      this.status.toggleClass('edge-trainer-bad', !report.fits).text(line);
      const scale = 100 / Math.max(need.total, report.arenaBytes);
      for (const { name, times } of PARTS) {
        const size = need[name] * times;
        if (size <= 0) continue;
        const label = text(`form.memory.${name}`);
        $('<span>', { class: `edge-trainer-part-${name}`, title: joined([label, bytes(size)], 'colon') })
          .css('width', `${size * scale}%`)
          .appendTo(this.bar);
        $('<span>', { class: 'edge-trainer-memory-key' })
          .append($('<i>', { class: `edge-trainer-part-${name}` }))
          .append(document.createTextNode(`${label} ${bytes(size)}`))
          .appendTo(this.legend);
      }
      this.bar.toggleClass('edge-trainer-over', !report.fits);
    }

    private clear(): void {
      this.list.empty();
      this.bar.empty().removeClass('edge-trainer-over');
      this.legend.empty();
      this.status.removeClass('edge-trainer-bad').text('');
    }
  }
}
