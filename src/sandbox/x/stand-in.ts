// The stand-in of X (API v2): posts, media, timelines and OAuth tokens as https://api.x.com gives them.
import { Hono } from 'hono';
import type { StandIn } from '../contract.ts';
import type { SandboxEnv } from '../request.ts';
import { openSettings } from '../settings.ts';
import { account } from './account-form.ts';
import { registerAuthorize } from './authorize.ts';
import { registerCreatePost } from './create-post.ts';
import { registerMedia } from './media.ts';
import { registerMediaUpload } from './media-upload.ts';
import { registerReads } from './reads.ts';
import { refusals } from './refusals.ts';
import { xSettingsSchema } from './settings.ts';
import { createXState, registerUnknown } from './state.ts';
import { registerTokens } from './tokens.ts';

/** X. Addresses begin with `/x`, as in `POST /x/2/tweets`. */
export const standIn: StandIn = {
  platform: 'x',
  account,
  refusals,
  calls: [
    'authorize',
    'authorize.decide',
    'token',
    'token.code',
    'revoke',
    'users_me',
    'create_post',
    'delete_post',
    'media_upload',
    'media_initialize',
    'media_append',
    'media_finalize',
    'media_status',
    'media_metadata',
    'timeline',
    'lookup',
    'unknown',
  ],
  open: (rooms) => {
    const app = new Hono<SandboxEnv>();
    const settings = openSettings(rooms.journal, 'x', xSettingsSchema);
    const state = createXState(app, rooms, settings);
    registerAuthorize(state);
    registerTokens(state);
    registerCreatePost(state);
    registerMedia(state);
    registerMediaUpload(state);
    registerReads(state);
    registerUnknown(state);
    return { app, settings };
  },
};
