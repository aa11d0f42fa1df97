// What is known to hold only the place of an asset.

/** Services that draw a picture for any address. */
const SERVICES = new Set([
  'placehold.co',
  'placehold.it',
  'via.placeholder.com',
  'placeholder.com',
  'placekitten.com',
  'placebear.com',
  'placeimg.com',
  'dummyimage.com',
  'fakeimg.pl',
  'picsum.photos',
  'loremflickr.com',
]);

const SCHEME = /^(?:asset|zcp|placeholder|todo):/i;
const FILE = /(?:^|[-_.])(?:placeholder|dummy-image|todo|tbd)(?:[-_.\d]|$)/i;
const WORDS =
  /^\W*(?:(?:image|picture|figure|diagram|screenshot|recording|asset|visual)\s+)?(?:placeholder|todo|tbd|tk|lorem ipsum)(?:\s+(?:image|picture|figure|diagram|screenshot|recording|asset|visual|text))?\W*$/i;
const VISIBLE =
  /\[\s*(?:(?:image|picture|figure|diagram|screenshot|recording|asset|visual)\s+)?(?:placeholder|todo|tbd)\b[^\]]{0,200}\]|\{\{\s*(?:asset|image|visual|placeholder)\b[^}]{0,200}\}\}/i;

/** Whether an address leads to a placeholder. `known`: addresses of assets that do not count as made. */
export function isPlaceholderAddress(address: string, known: ReadonlySet<string>): boolean {
  if (known.has(address) || SCHEME.test(address)) return true;
  const url = URL.parse(address, 'https://here.invalid/');
  if (!url) return false;
  if (known.has(url.href)) return true;
  const host = url.hostname.replace(/^www\./, '');
  return SERVICES.has(host) || FILE.test(url.pathname.split('/').at(-1) ?? '');
}

/** Whether an alternative text speaks of nothing but a placeholder. */
export const isPlaceholderAlt = (text: string): boolean => WORDS.test(text);

/** What in a visible text holds the place of an asset; null where nothing does. */
export const placeholderInText = (text: string): string | null => VISIBLE.exec(text)?.[0] ?? null;
