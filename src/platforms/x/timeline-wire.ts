// What X answers of a timeline, as far as we read it. Its descriptions disagree on the names of fields (version 2.166 of
// 2026 has `note_tweet`, 2.167 `note_post`) and call many of them nullable: both names are read, and a field that is null,
// unreadable or absent says nothing.
import { z } from 'zod';
import { postIdSchema } from './wire.ts';

/** A field that proves nothing when it is absent, null, or not what X documents. */
const hint = <Field extends z.ZodType>(field: Field) => field.nullish().catch(undefined);

const entitiesSchema = z.object({
  urls: hint(z.array(z.object({ url: hint(z.string()), expanded_url: hint(z.string()), media_key: hint(z.string()) }))),
});
const noteSchema = z.object({ text: z.string(), entities: hint(entitiesSchema) });
const referencesSchema = z.array(z.object({ type: z.string(), id: z.string() }));

/** A link in a text of X's: what stands there, and what X says it stands for. */
export interface ShownLink {
  readonly url: string;
  readonly expandedUrl: string | undefined;
  readonly mediaKey: string | undefined;
}

/** One post of a timeline; `undefined` is what X did not tell. */
export interface TimelinePost {
  readonly id: string;
  /** Its whole text: of a long post that of its note. */
  readonly text: string | undefined;
  readonly links: readonly ShownLink[];
  /** Epoch milliseconds. */
  readonly createdMs: number | undefined;
  readonly mediaKeys: readonly string[];
  /** The posts it refers to, and how: `replied_to`, `quoted`, `retweeted`. */
  readonly references: readonly { readonly type: string; readonly id: string }[];
  readonly repliesToUser: boolean;
  /** The ids of its versions, its own among them: an edit gives a post a new id. */
  readonly versions: readonly string[];
}

const shownSchema = z.object({
  id: postIdSchema,
  text: hint(z.string()),
  created_at: hint(z.iso.datetime({ offset: true })),
  entities: hint(entitiesSchema),
  attachments: hint(z.object({ media_keys: hint(z.array(z.string())) })),
  in_reply_to_user_id: hint(z.string()),
  note_tweet: hint(noteSchema),
  note_post: hint(noteSchema),
  referenced_tweets: hint(referencesSchema),
  referenced_posts: hint(referencesSchema),
  edit_history_tweet_ids: hint(z.array(z.string())),
  edit_history_post_ids: hint(z.array(z.string())),
});
type Shown = z.infer<typeof shownSchema>;

/** One post of a timeline. */
export const timelinePostSchema = shownSchema.transform(
  (shown): TimelinePost => ({
    id: shown.id,
    text: (shown.note_tweet ?? shown.note_post ?? shown).text ?? undefined,
    links: linksOf(shown),
    createdMs: shown.created_at ? Date.parse(shown.created_at) : undefined,
    mediaKeys: shown.attachments?.media_keys ?? [],
    references: [...(shown.referenced_tweets ?? []), ...(shown.referenced_posts ?? [])],
    repliesToUser: typeof shown.in_reply_to_user_id === 'string',
    versions: [...new Set([shown.id, ...(shown.edit_history_tweet_ids ?? []), ...(shown.edit_history_post_ids ?? [])])],
  }),
);

function linksOf({ note_tweet, note_post, entities }: Shown): ShownLink[] {
  const shown = [note_tweet?.entities, note_post?.entities, entities].flatMap((part) => part?.urls ?? []);
  return shown.flatMap(({ url, expanded_url, media_key }) =>
    url ? [{ url, expandedUrl: expanded_url ?? undefined, mediaKey: media_key ?? undefined }] : [],
  );
}

/**
 * `GET /2/users/{id}/tweets`: an empty page has no `data`; an answer without `meta` is no page at all. `errors` beside the
 * data name what X could not fetch.
 */
export const timelineSchema = z
  .object({
    data: z
      .array(timelinePostSchema)
      .nullish()
      .transform((data) => data ?? []),
    meta: z.object({ result_count: z.int().nonnegative(), next_token: z.string().min(1).nullish() }),
    errors: z.array(z.unknown()).nullish(),
  })
  .refine(({ data, meta }) => data.length >= meta.result_count, 'counts posts that it does not show');
