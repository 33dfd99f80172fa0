/** Fields of the form by the path of the validator, and the marks on those that are wrong. */
namespace EdgeTrainer {
  /** The field, or the cell of a table. */
  export function fieldAt(body: JQuery, path: string): JQuery {
    const at = (wanted: string): JQuery =>
      body.find('[data-path]').filter((_, element) => $(element).attr('data-path') === wanted);
    const field = at(path);
    const [, row, column] = /^(.+\[\d+\])\.(\w+)$/.exec(path) ?? [];
    return field.length > 0 || row === undefined ? field : at(row).find(`[data-column="${column}"]`);
  }

  export function markFields(body: JQuery, found: readonly Issue[]): void {
    body.find('.input-error').removeClass('input-error').removeAttr('aria-invalid');
    for (const { path, problem } of found) {
      const field = fieldAt(body, path);
      // Of a layer as a whole, its kind is marked.
      const marked = field.is('.edge-trainer-layer')
        ? field.find('select').first()
        : field.find('input, select').addBack('input, select');
      marked.addClass('input-error').attr({ title: worded(problem), 'aria-invalid': 'true' });
    }
  }
}
