// Which pictures of a page belong to the post: those between its blocks, and those planned, wherever the theme puts them.
import { findInOrder } from './find-in-order.ts';
import { normalText } from './normal-text.ts';
import type { PlannedContent, SeenContent } from './signals.ts';

export interface PostImages {
  /** The addresses to ask, whole, in the order of the page. */
  readonly addresses: readonly string[];
  /** Planned pictures that no picture of the page can be, by their planned address. */
  readonly missing: readonly string[];
}

/** `url`: where the page was found. */
export function postImages(planned: PlannedContent, seen: SeenContent, url: string): PostImages {
  const { range } = findInOrder(planned.blocks, seen.blocks);
  const within = seen.images.filter(({ after }) => range !== null && after > range.first && after <= range.last);
  const wanted = planned.images.filter(({ addresses }) => addresses.length > 0);
  const pairs = wanted.map((image) => ({ image, there: seen.images.filter((other) => mayBe(image, other)) }));
  const those = new Set([...within, ...pairs.flatMap(({ there }) => there)]);
  const addresses = seen.images
    .filter((image) => those.has(image))
    .flatMap((image) => image.addresses.map((address) => URL.parse(address, url)?.href))
    .filter((address) => address !== undefined);
  return {
    addresses: [...new Set(addresses)],
    missing: pairs.filter(({ there }) => there.length === 0).map(({ image }) => image.addresses[0] ?? ''),
  };
}

type Image = PlannedContent['images'][number];

/** Blogs serve a picture under a name of their own, and keep its alternative text or the beginning of its name. */
function mayBe(planned: Image, other: Image): boolean {
  const alt = normalText(planned.alt ?? '');
  if (alt !== '' && alt === normalText(other.alt ?? '')) return true;
  const stems = planned.addresses.map(stemOf).filter((stem) => stem !== '');
  return other.addresses.some((address) => stems.some((stem) => stemOf(address).startsWith(stem)));
}

/** The name of a file without its ending, in lower case. */
function stemOf(address: string): string {
  const name = URL.parse(address, 'https://here.invalid/')?.pathname.split('/').at(-1) ?? '';
  return name.replace(/\.[a-z0-9]+$/i, '').toLowerCase();
}
