/** The definition as a JSON document, to copy it or to bring one. What is written here counts while its page is open. */
namespace EdgeTrainer {
  /** A document, or the text that is none and what the parser says about it. */
  export type Written = { readonly document: Json } | { readonly draft: string; readonly problem: string };

  export function parseWritten(draft: string): Written {
    try {
      const document: unknown = JSON.parse(draft);
      return isObject(document) ? { document } : { draft, problem: text('form.noObject') };
    } catch (error) {
      return { draft, problem: (error as Error).message };
    }
  }

  export class JsonPage {
    private editor: AceAjax.Editor | undefined;
    private readonly changed: () => void;

    constructor(page: JQuery, changed: () => void) {
      this.changed = changed;
      $('<p>', { class: 'edge-trainer-hint', text: text('form.about.json') }).appendTo(page);
      $('<div>', { id: 'edge-trainer-json', class: 'node-text-editor' }).appendTo(page);
    }

    /** Shows a text; the page must be visible. */
    show(value: string): void {
      if (this.editor !== undefined) {
        // The code editor is slow to make and slow to take away: it stays while its page is hidden.
        if (this.editor.getValue() !== value) this.editor.setValue(value, -1);
        this.editor.focus();
        return;
      }
      const editor = RED.editor.createEditor({ id: 'edge-trainer-json', mode: 'ace/mode/json', value });
      editor.getSession().on('change', this.changed);
      editor.focus();
      this.editor = editor;
    }

    /** What is written; undefined while the page was not shown. */
    get written(): Written | undefined {
      return this.editor === undefined ? undefined : parseWritten(this.editor.getValue());
    }

    close(): void {
      this.editor?.destroy();
      this.editor = undefined;
    }
  }
}
