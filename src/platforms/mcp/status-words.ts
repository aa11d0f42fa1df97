// What sites call a page that readers see, and one that they do not. A word that is in neither list is not guessed at.

const PUBLISHED = new Set(['published', 'publish', 'live', 'public', 'posted', 'visible', 'active', 'online']);

const DRAFT = new Set([
  'draft',
  'drafted',
  'pending',
  'pending_review',
  'in_review',
  'review',
  'scheduled',
  'future',
  'queued',
  'private',
  'unpublished',
  'hidden',
  'unlisted',
  'inactive',
  'offline',
  'archived',
  'trash',
  'trashed',
  'deleted',
]);

/** True and false are told of a field like `published`. Null: it does not say. */
export function statusOf(value: unknown): 'published' | 'draft' | null {
  if (typeof value === 'boolean') return value ? 'published' : 'draft';
  if (typeof value !== 'string') return null;
  const word = value
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  if (PUBLISHED.has(word)) return 'published';
  return DRAFT.has(word) ? 'draft' : null;
}
