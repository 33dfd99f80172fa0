/** What the definition takes of the board's memory, in the firmware's own words, and what is wrong with it. */
namespace EdgeTrainer {
  /** Parts of the need, in the order of the bar. A board keeps three generations of a model. */
  const PARTS = [
    { name: 'dataset', times: 1 },
    { name: 'model', times: 3 },
    { name: 'shared', times: 1 },
    { name: 'work', times: 1 },
  ] as const;

  const bytes = (count: number): string => count.toLocaleString();

  export class MemoryBar {
    private readonly bar: JQuery;
    private readonly legend: JQuery;
    private readonly told: JQuery;

    constructor(container: JQuery) {
      const whole = $('<div>', { class: 'edge-trainer-memory' }).appendTo(container);
      this.told = $('<div>', { class: 'edge-trainer-memory-text', role: 'status' }).appendTo(whole);
      this.bar = $('<div>', { class: 'edge-trainer-memory-bar' }).appendTo(whole);
      this.legend = $('<div>', { class: 'edge-trainer-memory-legend' }).appendTo(whole);
    }

    failed(error: Error): void {
      this.clear();
      this.told.addClass('edge-trainer-bad').text(error.message);
    }

    /** Nothing to plan: the board's own definition is used. */
    none(): void {
      this.clear();
      this.told.text(text('form.ownDefinition'));
    }

    show(report: MemoryReport, board: Board | undefined): void {
      this.clear();
      const [issue] = report.issues;
      if (issue !== undefined) {
        const more = report.issues.length - 1;
        this.told
          .addClass('edge-trainer-bad')
          .text(
            `${issue.path} ${issue.problem}${more > 0 ? ` ${text('form.moreIssues', { count: more })}` : ''}`.trim(),
          );
        return;
      }
      const { need } = report;
      if (need === undefined) return;
      const values = {
        used: bytes(need.total),
        arena: bytes(report.arenaBytes),
        board: board?.title ?? report.board,
      };
      const line = report.fits
        ? text('form.fits', { ...values, percent: ((100 * need.total) / report.arenaBytes).toFixed(1) })
        : text(report.largestCapacity ? 'form.tooLargeCapacity' : 'form.tooLarge', {
            ...values,
            capacity: report.largestCapacity ?? 0,
          });
      this.told.toggleClass('edge-trainer-bad', !report.fits).text(line);
      const scale = 100 / Math.max(need.total, report.arenaBytes);
      for (const { name, times } of PARTS) {
        const size = need[name] * times;
        if (size <= 0) continue;
        const label = text(`form.memory.${name}`);
        $('<span>', { class: `edge-trainer-part-${name}`, title: `${label}: ${bytes(size)}` })
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
      this.bar.empty().removeClass('edge-trainer-over');
      this.legend.empty();
      this.told.removeClass('edge-trainer-bad').text('');
    }
  }
}
