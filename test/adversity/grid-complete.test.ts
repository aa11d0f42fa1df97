// The grid is whole: each call meets each fault, but for those named here, which mean nothing at it.
import { expect, it } from 'vitest';
import { faultSchema } from '../../src/sandbox/faults/kinds.ts';
import { BLUESKY_CELLS, GHOST_CELLS, INSTAGRAM_CELLS, WORDPRESS_CELLS, X_CELLS } from './grid/cells.ts';

interface Met {
  readonly meets: readonly { readonly call: string; readonly fault: { readonly kind: string } }[];
}

/** Of each call that is met by a fault at all, the faults it is not met by. */
function gapsOf(cells: readonly Met[], kinds: readonly string[]): Record<string, string[]> {
  const met = cells.flatMap(({ meets }) => meets);
  const kindsOf = (call: string) => new Set(met.filter((one) => one.call === call).map(({ fault }) => fault.kind));
  const calls = [...new Set(met.map(({ call }) => call))].toSorted();
  return Object.fromEntries(calls.map((call) => [call, kinds.filter((kind) => !kindsOf(call).has(kind)).toSorted()]));
}

const sorted = (...groups: readonly (readonly string[])[]) => groups.flat().toSorted();

const KINDS = [...new Set(faultSchema.options.map(({ shape }) => shape.kind.value))];

/** What only a call that makes a post can do: come true later, lie, be a duplicate, stay hidden. */
const OF_A_CREATE = ['commit_later', 'duplicate_refusal', 'hidden_from_list', 'lying_refusal'] as const;
/** What only media that is worked on can do. */
const OF_PROCESSING = ['processing_failed', 'processing_never_ends'] as const;
/** What a server of files without a platform's tongue cannot say; when it is cut off, it has changed nothing. */
const OF_AN_API = [
  'commit_then_reset',
  'commit_then_slow',
  'commit_then_status',
  'commit_then_hang',
  'rate_limited',
  'redirect',
  'refuse_before',
  'unauthorized',
] as const;

/** A best-effort read that is cut off is cut off, whatever was done behind it: `reset_before` and `hang_before` say it. */
const CUT_OFF = ['commit_then_reset', 'commit_then_slow', 'commit_then_status'] as const;

it('on X', () => {
  expect(gapsOf(X_CELLS, KINDS)).toEqual({
    create_post: sorted(OF_PROCESSING),
    media_append: sorted(OF_A_CREATE, OF_PROCESSING),
    media_finalize: sorted(OF_A_CREATE),
    media_host: sorted(OF_A_CREATE, OF_PROCESSING, OF_AN_API),
    media_initialize: sorted(OF_A_CREATE, OF_PROCESSING),
    media_metadata: sorted(OF_A_CREATE, OF_PROCESSING),
    media_status: sorted(OF_A_CREATE, OF_PROCESSING),
    media_upload: sorted(OF_A_CREATE, OF_PROCESSING),
    timeline: sorted(OF_A_CREATE, OF_PROCESSING),
    // Its answer may come late, with tokens that are good; its refusal of a token is a 400.
    token: sorted(OF_A_CREATE, OF_PROCESSING, ['unauthorized']).filter((kind) => kind !== 'commit_later'),
  });
});

it('on Instagram', () => {
  expect(gapsOf(INSTAGRAM_CELLS, KINDS)).toEqual({
    container_status: sorted(OF_A_CREATE, OF_PROCESSING),
    'create_container.child': sorted(OF_A_CREATE),
    'create_container.parent': sorted(OF_A_CREATE, ['processing_failed']),
    'create_container.single': sorted(OF_A_CREATE),
    media_host: sorted(OF_A_CREATE, OF_PROCESSING, OF_AN_API, ['commit_then_truncate']),
    media_list: sorted(OF_A_CREATE, OF_PROCESSING),
    media_lookup: sorted(OF_A_CREATE, OF_PROCESSING, CUT_OFF),
    publish: sorted(OF_PROCESSING),
    publishing_limit: sorted(OF_A_CREATE, OF_PROCESSING, CUT_OFF),
    // Its refusal of a token is a 400.
    refresh_token: sorted(OF_A_CREATE, OF_PROCESSING, ['commit_then_status', 'unauthorized']),
  });
});

it('on Bluesky', () => {
  const kinds = [
    'commit_later',
    'commit_then_garbage',
    'commit_then_hang',
    'commit_then_html',
    'commit_then_reset',
    'commit_then_slow',
    'commit_then_truncate',
    'hang_before',
    'html_error',
    'lying_refusal',
    'rate_limited',
    'redirect',
    'refuse_before',
    'reset_before',
  ];
  expect(gapsOf(BLUESKY_CELLS, kinds)).toEqual({
    createSession: ['commit_later', 'lying_refusal'],
    getRecord: ['commit_later', 'commit_then_hang', 'lying_refusal'],
    putRecord: [],
    refreshSession: ['commit_later', 'lying_refusal'],
    resolveHandle: ['commit_later', 'lying_refusal'],
    uploadBlob: ['commit_later', 'lying_refusal'],
  });
});

it('on Ghost', () => {
  const kinds = [
    'commit_then_garbage',
    'commit_then_hang',
    'commit_then_reset',
    'commit_then_truncate',
    'hang_before',
    'html_error',
    'rate_limited',
    'redirect',
    'refuse_before',
    'reset_before',
  ];
  expect(gapsOf(GHOST_CELLS, kinds)).toEqual({
    listPages: [],
    listPosts: [],
    listTags: [],
    makeDraft: [],
    publish: [],
    // A read that is cut off is cut off, whatever was done behind it: `hang_before` says it.
    readPost: ['commit_then_hang'],
    uploadImage: [],
  });
});

it('on WordPress', () => {
  const kinds = [
    'commit_then_fatal',
    'commit_then_hang',
    'commit_then_html',
    'commit_then_notice',
    'commit_then_reset',
    'commit_then_truncate',
    'fatal_before',
    'hang_before',
    'html_error',
    'rate_limited',
    'refuse_before',
    'reset_before',
  ];
  /** A page in the place of an answer is one, whatever was done behind it: `html_error` says it where nothing is live. */
  const step = ['commit_then_html'];
  expect(gapsOf(WORDPRESS_CELLS, kinds)).toEqual({
    categories: step,
    find_marked: step,
    find_media: step,
    find_slug: step,
    index: step,
    make_draft: step,
    pages: step,
    publish: [],
    // A look changes nothing; cut off is cut off, and its throttle is that of every read.
    read_post: ['commit_then_fatal', 'commit_then_hang', 'commit_then_html', 'commit_then_reset', 'rate_limited'],
    tags: step,
    upload: step,
    who_stands: step,
  });
});
