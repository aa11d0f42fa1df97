// Reads a page out of a tool's answer, by the shapes of the settings in their order. An answer that none of them fits is
// unreadable; it is never a page that is missing.
import { valueAt } from '../../domain/mcp/json-pointer.ts';
import type { AnswerShape } from '../../domain/mcp/server.ts';
import { payloadsOf, type ToolResult } from './payload.ts';
import { statusOf } from './status-words.ts';

export interface ReadPage {
  /** The site's own id, or its address where the site told none. */
  readonly id: string;
  readonly slug: string;
  readonly zone: string | null;
  readonly url: string | null;
  readonly status: 'published' | 'draft';
  readonly title: string | null;
  readonly html: string | null;
  readonly canonicalUrl: string | null;
  /** The idempotency key that it was made with. */
  readonly key: string | null;
}

/** The page, or null: unreadable. */
export function readPage(result: ToolResult, shapes: readonly AnswerShape[]): ReadPage | null {
  for (const payload of payloadsOf(result)) {
    for (const shape of shapes) {
      const page = pageBy(shape, payload);
      if (page !== null) return page;
    }
  }
  return null;
}

function pageBy(shape: AnswerShape, payload: unknown): ReadPage | null {
  const at = (pointer: string | undefined) => (pointer === undefined ? undefined : valueAt(payload, pointer));
  const slug = slugOf(at(shape.slug));
  const url = urlOf(at(shape.url));
  const id = idOf(at(shape.id)) ?? url;
  // A status that is asked for and not understood may be any: the page may not be live.
  const status = shape.status === undefined ? 'published' : statusOf(at(shape.status));
  if (slug === null || id === null || status === null) return null;
  return {
    id,
    slug,
    url,
    status,
    zone: textOf(at(shape.zone)),
    title: textOf(at(shape.title)),
    html: textOf(at(shape.html)),
    canonicalUrl: urlOf(at(shape.canonicalUrl)),
    key: textOf(at(shape.key)),
  };
}

const MOST_CHARS = 500;

/** A number beyond 2^53 was rounded when it was parsed: it is another's id by now. */
function idOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? String(value) : null;
  const text = typeof value === 'string' ? value.trim() : '';
  return text !== '' && text.length <= MOST_CHARS ? text : null;
}

function slugOf(value: unknown): string | null {
  return typeof value === 'string' && value.length <= MOST_CHARS && /^[^\s/?#]+$/.test(value) ? value : null;
}

function urlOf(value: unknown): string | null {
  if (typeof value !== 'string' || !/^https?:$/.test(URL.parse(value)?.protocol ?? '')) return null;
  return value.length <= 2_048 ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
