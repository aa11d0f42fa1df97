// The two vocabularies of X's descriptions of its API: 2.166, which its prose still speaks, and 2.167 (reference: X, 1.4,
// names in motion). What a parameter may be called, and which values it takes, follows from the account's setting.
import type { XSettings } from './settings.ts';

/** How X names what it answers. */
export type Vocabulary = {
  /** The parameter that asks for fields of a post. */
  fieldsParameter: 'tweet.fields' | 'post.fields';
  note: 'note_tweet' | 'note_post';
  references: 'referenced_tweets' | 'referenced_posts';
  history: 'edit_history_tweet_ids' | 'edit_history_post_ids';
};

const old: Vocabulary = {
  fieldsParameter: 'tweet.fields',
  note: 'note_tweet',
  references: 'referenced_tweets',
  history: 'edit_history_tweet_ids',
};
const renamed: Vocabulary = {
  fieldsParameter: 'post.fields',
  note: 'note_post',
  references: 'referenced_posts',
  history: 'edit_history_post_ids',
};

/** The vocabulary of an account; `mixed` takes the old parameter and answers with the new names. */
export function vocabularyOf({ names }: XSettings): Vocabulary {
  if (names === 'old') return old;
  return names === 'new' ? renamed : { ...renamed, fieldsParameter: old.fieldsParameter };
}

const shared =
  'article attachments author_id card_uri community_id context_annotations conversation_id created_at display_text_range edit_controls entities geo id in_reply_to_user_id lang matched_media_notes media_metadata non_public_metrics note_request_suggestions organic_metrics paid_partnership possibly_sensitive promoted_metrics public_metrics reply_settings scopes source suggested_source_links suggested_source_links_with_counts text withheld';

/** The values of each field parameter, as the two descriptions list them. */
export const postFields: Record<Vocabulary['fieldsParameter'], readonly string[]> = {
  'tweet.fields': `${shared} edit_history_tweet_ids note_tweet referenced_tweets`.split(' '),
  'post.fields': `${shared} article_title note_post`.split(' '),
};

const sharedExpansions =
  'article.cover_media article.media_entities attachments.media_keys attachments.media_source_tweet attachments.poll_ids author_id entities.mentions.username geo.place_id in_reply_to_user_id';

/** The values of `expansions`. */
export const expansions: Record<Vocabulary['fieldsParameter'], readonly string[]> = {
  'tweet.fields':
    `${sharedExpansions} edit_history_tweet_ids entities.note.mentions.username referenced_tweets.id referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id`.split(
      ' ',
    ),
  'post.fields': `${sharedExpansions} edit_history_post_ids referenced_posts username`.split(' '),
};

/** The values of `media.fields`. */
export const mediaFields =
  'alt_text duration_ms height media_key non_public_metrics organic_metrics preview_image_url promoted_metrics public_metrics type url variants width'.split(
    ' ',
  );
