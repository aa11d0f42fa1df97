// The stand-in of Instagram's content publishing (Graph API, Instagram Login): containers, publishing, reads, tokens.
import { Hono } from 'hono';
import type { StandIn } from '../contract.ts';
import type { SandboxEnv } from '../request.ts';
import { openSettings } from '../settings.ts';
import { account } from './account-form.ts';
import { registerAuthorize } from './authorize.ts';
import { registerCreateContainer } from './create-container.ts';
import { resumeFetching } from './fetching.ts';
import { registerPublish } from './publish.ts';
import { registerQuota } from './quota.ts';
import { registerReads } from './reads.ts';
import { refusals } from './refusals.ts';
import { instagramSettingsSchema } from './settings.ts';
import { createInstagramState, registerUnknown } from './state.ts';
import { registerTokens } from './tokens.ts';

/** Instagram. Addresses begin with `/instagram`, as in `POST /instagram/v25.0/{ig}/media`. */
export const standIn: StandIn = {
  platform: 'instagram',
  account,
  refusals,
  calls: [
    'authorize',
    'authorize.decide',
    'code_token',
    'refresh_token',
    'exchange_token',
    'me',
    'create_container',
    'create_container.single',
    'create_container.child',
    'create_container.parent',
    'container_status',
    'publish',
    'media_list',
    'media_lookup',
    'publishing_limit',
    'unknown',
  ],
  open: (rooms) => {
    const app = new Hono<SandboxEnv>();
    const settings = openSettings(rooms.journal, 'instagram', instagramSettingsSchema);
    const state = createInstagramState(app, rooms, settings);
    registerAuthorize(state);
    registerTokens(state);
    registerCreateContainer(state);
    registerPublish(state);
    registerQuota(state);
    registerReads(state);
    registerUnknown(state);
    resumeFetching(state);
    return { app, settings };
  },
};
