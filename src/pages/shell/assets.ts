// Styles and scripts, all of them served from here: read once, named by what is in them, kept by browsers for good.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Pages } from '../deps.ts';
import { nothingHere } from '../page-refused.ts';

const own = (name: string) => new URL(`../assets/${name}`, import.meta.url);

/** One sheet for the browser; what only some rooms need stands in files of their own, after what all of them share. */
const STYLES = ['style.css', 'styles/forms.css', 'styles/lists.css', 'styles/post.css'];

const FILES = {
  'style.css': { from: STYLES.map(own), type: 'text/css; charset=utf-8' },
  'page.js': { from: [own('page.js')], type: 'text/javascript; charset=utf-8' },
  'icon.svg': { from: [own('icon.svg')], type: 'image/svg+xml' },
  'no-picture.svg': { from: [own('no-picture.svg')], type: 'image/svg+xml' },
  'video.svg': { from: [own('video.svg')], type: 'image/svg+xml' },
  'htmx.js': {
    from: [new URL(import.meta.resolve('htmx.org/dist/htmx.min.js'))],
    type: 'text/javascript; charset=utf-8',
  },
} as const;
type AssetName = keyof typeof FILES;

interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly version: string;
}

const read = new Map<string, Asset>();

function load(name: AssetName): Asset {
  const known = read.get(name);
  if (known) return known;
  const { from, type } = FILES[name];
  const bytes = new Uint8Array(Buffer.concat(from.map((file) => readFileSync(file))));
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const loaded = { bytes, type, version };
  read.set(name, loaded);
  return loaded;
}

/** The address of a file, another one whenever its content is another. */
export function asset(name: AssetName): string {
  return `/assets/${name}?v=${load(name).version}`;
}

const isAsset = (name: string): name is AssetName => Object.hasOwn(FILES, name);

/** Registers their address. */
export function assets(pages: Pages): void {
  pages.get('/assets/:file', (c) => {
    const name = c.req.param('file');
    if (!isAsset(name)) throw nothingHere();
    const { bytes, type } = load(name);
    return c.body(bytes, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' });
  });
}
