/** How the sidebar words things: texts, times, and sentences that the runtime sends as keys with values. */
namespace EdgeTrainer {
  export type Card = import('../../trainer/overview/card').Card;

  /** A text of the sidebar. */
  export function say(key: string, values: Record<string, string | number> = {}): string {
    return text(`sidebar.${key}`, values);
  }

  export function duration(seconds: number): string {
    const s = Math.max(0, Math.round(seconds));
    if (s < 100) return say('seconds', { n: s });
    if (s < 6000) return say('minutes', { n: Math.round(s / 60) });
    if (s < 172_800) return say('hours', { n: Math.round(s / 3600) });
    return say('days', { n: Math.round(s / 86_400) });
  }

  export const percent = (share: number | null | undefined): string =>
    share === null || share === undefined ? '–' : `${Math.round(100 * share)} %`;

  /** Time of day; with the date when it was not today. */
  export function clock(at: number): string {
    const time = new Date(1000 * at);
    const today = time.toDateString() === new Date().toDateString();
    return today ? time.toLocaleTimeString() : time.toLocaleString();
  }

  /** A message at the top of the editor, as text: nothing of it is taken for HTML. */
  export function notify(words: string, type: 'success' | 'error' | 'warning'): void {
    RED.notify($('<p>').text(words) as unknown as string, { type });
  }
}
