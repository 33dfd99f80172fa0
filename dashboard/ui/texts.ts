/** The words of the pages, in the language of the browser; a language that is missing is English. */
type Texts = { readonly [key: string]: string | Texts };

const CATALOGUES = import.meta.glob<Texts>('../locales/*/widgets.json', { eager: true, import: 'default' });
const byLanguage = Object.fromEntries(
  Object.entries(CATALOGUES).map(([path, texts]) => [path.split('/').at(-2) as string, texts]),
);

function chosen(): Texts {
  const wanted = [...navigator.languages, 'en-US'];
  for (const language of wanted) {
    const exact = byLanguage[language] ?? byLanguage[language.split('-')[0] as string];
    if (exact !== undefined) return exact;
    const near = Object.keys(byLanguage).find(
      (candidate) => candidate.split('-')[0] === language.split('-')[0],
    );
    if (near !== undefined) return byLanguage[near] as Texts;
  }
  return byLanguage['en-US'] as Texts;
}

const texts = chosen();

export function say(key: string, values: Readonly<Record<string, string | number>> = {}): string {
  const found = key.split('.').reduce<string | Texts | undefined>((at, part) => (at as Texts)?.[part], texts);
  return String(found ?? key).replace(/__(\w+)__/g, (_, name: string) => String(values[name] ?? ''));
}

export const clock = (time: number): string =>
  new Date(time).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const figure = (value: number | null, digits = 2): string =>
  value === null ? '–' : value.toLocaleString(undefined, { maximumFractionDigits: digits });
