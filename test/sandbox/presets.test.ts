// The documented errors by name, against the reference's tables written out by hand.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { standIn as instagram } from '../../src/sandbox/instagram/stand-in.ts';
import { standIn as x } from '../../src/sandbox/x/stand-in.ts';
import { instagramAccount, instagramOf } from './instagram-stage.ts';
import { openStage, type Stage, send, tweet, xAccount } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

/** Name, HTTP status, and what in the answer tells it apart. */
const xTable: [string, number, RegExp][] = [
  ['invalid_media_ids', 400, /"title":"Invalid Request".*\/problems\/invalid-request"/],
  ['invalid_parameter', 400, /\/problems\/invalid-request"/],
  ['text_too_long', 400, /too long/],
  ['token_invalid_request', 400, /"error":"invalid_request".*Value passed for the token was invalid\./],
  ['token_invalid_grant', 400, /"error":"invalid_grant"/],
  ['token_unauthorized_client', 401, /"error":"unauthorized_client"/],
  ['token_invalid_client', 401, /"error":"invalid_client"/],
  ['unauthorized', 401, /"title":"Unauthorized"/],
  ['credits_depleted', 402, /"title":"CreditsDepleted".*\/problems\/credits"/],
  ['credits_depleted_alt', 402, /\/problems\/credits-depleted"/],
  ['forbidden', 403, /"detail":"Forbidden"/],
  ['duplicate_content', 403, /duplicate content/],
  ['duplicate_code_187', 403, /^\{"code":187,"message":"Status is a duplicate\."\}$/],
  ['no_such_page', 404, /"errors":\[\{.*"code":34/],
  ['not_permitted', 403, /"detail":"You are not permitted to perform this action\."/],
  ['video_too_long', 403, /not allowed to post a video longer than 2 minutes\./],
  ['invalid_url', 403, /contains an invalid URL\./],
  ['cashtags', 403, /maximum of one cashtag/],
  ['unsupported_authentication', 403, /\/problems\/unsupported-authentication"/],
  ['oauth1_permissions', 403, /\/problems\/oauth1-permissions"/],
  ['client_forbidden', 403, /\/problems\/client-forbidden".*"reason":"client-not-enrolled"/],
  ['code_453', 403, /"errors":\[\{.*"code":453/],
  ['not_authorized_for_resource', 403, /\/problems\/not-authorized-for-resource"/],
  ['user_suspended', 403, /\/problems\/user-suspended"/],
  ['account_locked', 403, /temporarily locked/],
  ['resource_not_found', 404, /\/problems\/resource-not-found"/],
  ['payload_too_large', 413, /^$/],
  ['request_timeout', 408, /Request Timeout/],
  ['usage_capped', 429, /\/problems\/usage-capped"/],
  ['rate_limited_code_88', 429, /"errors":\[\{.*"code":88/],
  ['internal_error', 500, /Internal Server Error/],
  ['bad_gateway', 502, /<h1>502 Bad Gateway<\/h1>/],
  ['over_capacity', 503, /^Over capacity$/],
  ['gateway_timeout', 504, /<html>/],
];

/** Name, HTTP status, code, subcode. */
const instagramTable: [string, number, number, number | undefined][] = [
  ['token_malformed', 400, 190, undefined],
  ['token_missing', 400, 2500, undefined],
  ['token_expired', 400, 190, 463],
  ['token_invalid', 400, 190, undefined],
  ['app_removed', 400, 190, 458],
  ['checkpointed', 400, 190, 459],
  ['checkpointed_bare', 400, 459, undefined],
  ['password_changed', 400, 190, 460],
  ['unconfirmed_user', 400, 190, 464],
  ['session_invalid', 400, 190, 467],
  ['role_lost', 400, 190, 492],
  ['consent_flow', 400, 483, undefined],
  ['session_key', 400, 102, undefined],
  ['appsecret_proof', 400, 104, undefined],
  ['app_id', 400, 101, undefined],
  ['permission_missing', 403, 10, undefined],
  ['not_business', 400, 10, undefined],
  ['permission_200', 403, 200, undefined],
  ['permission_283', 403, 283, undefined],
  ['capability', 403, 3, undefined],
  ['object_missing', 400, 100, 33],
  ['parameter', 400, 100, undefined],
  ['parameter_permission', 400, 100, undefined],
  ['too_many_parameters', 400, 105, undefined],
  ['parameter_missing', 400, 194, undefined],
  ['throttle_app', 403, 4, undefined],
  ['throttle_user', 400, 17, undefined],
  ['throttle_page', 403, 32, undefined],
  ['throttle_341', 400, 341, undefined],
  ['throttle_custom', 400, 613, undefined],
  ['throttle_page_buc', 400, 80001, undefined],
  ['throttle_instagram_buc', 400, 80002, 2446079],
  ['abusive', 400, 368, undefined],
  ['duplicate', 400, 506, undefined],
  ['link_scrape', 400, 1609005, undefined],
  ['invalid_url', 400, 1500, undefined],
  ['service_unknown', 500, 1, undefined],
  ['service_unavailable', 503, 2, undefined],
  ['download_timeout', 400, -2, 2207003],
  ['media_expired', 400, -2, 2207020],
  ['instagram_server_error', 400, -1, 2207001],
  ['container_failed', 400, -1, 2207032],
  ['unknown_upload_error', 400, -1, 2207053],
  ['thumb_offset', 400, 1, 2207057],
  ['spam_block', 400, 4, 2207051],
  ['quota_used_up', 400, 9, 2207042],
  ['not_found', 400, 24, 2207006],
  ['not_found_for_now', 400, 24, 2207008],
  ['account_restricted', 400, 25, 2207050],
  ['unknown_media_type', 400, 100, 2207023],
  ['carousel_size', 400, 100, 2207028],
  ['product_tags', 400, 100, 2207035],
  ['product_tag_missing', 400, 100, 2207036],
  ['product_tag_invalid', 400, 100, 2207037],
  ['too_many_tags', 400, 100, 2207040],
  ['param_not_allowed', 400, 100, undefined],
  ['video_format', 400, 352, 2207026],
  ['unfetchable', 400, 9004, 2207052],
  ['not_ready', 400, 9007, 2207027],
  ['user_unavailable', 400, 9009, undefined],
  ['image_too_large', 400, 36000, 2207004],
  ['image_format', 400, 36001, 2207005],
  ['aspect_ratio', 400, 36003, 2207009],
  ['caption_too_long', 400, 36004, 2207010],
  ['video_download', 400, 1, 2207076],
  ['video_upload', 400, 1, 2207077],
  ['trial_reels', 400, 1, 2207081],
  ['processing_failed', 400, 1, 2207082],
  ['fatal', 400, -1, 2207085],
  ['invalid_location', 400, 100, undefined],
];

test.each(xTable)('x.%s is a %i', async (preset, status, marker) => {
  const account = await xAccount(stage);
  const fault = { kind: 'refuse_before', preset: `x.${preset}` } as const;
  await stage.control.addFault({ platform: 'x', account: account.id, call: 'create_post', fault });
  const reply = await tweet(stage, account, 'Hello');
  expect(reply.status).toBe(status);
  expect(reply.text).toMatch(marker);
  expect(await stage.control.live({ account: account.id })).toEqual([]);
});

test.each(instagramTable)('instagram.%s is a %i with code %i/%s', async (preset, status, code, subcode) => {
  const account = await instagramAccount(stage);
  const fault = { kind: 'refuse_before', preset: `instagram.${preset}` } as const;
  await stage.control.addFault({ platform: 'instagram', account: account.id, call: 'me', fault });
  const reply = await instagramOf(stage, account).read('/me');
  expect(reply.status).toBe(status);
  expect(reply.body).toMatchObject({ error: { code, type: expect.any(String), fbtrace_id: expect.any(String) } });
  if (subcode === undefined) expect(reply.text).not.toContain('error_subcode');
  else expect(reply.body).toMatchObject({ error: { error_subcode: subcode } });
});

test('no preset is missing from these tables', () => {
  expect(Object.keys(x.refusals.presets).sort()).toEqual(xTable.map(([name]) => name).sort());
  const tabled = [...instagramTable.map(([name]) => name), 'bad_gateway'];
  expect(Object.keys(instagram.refusals.presets).sort()).toEqual(tabled.sort());
});

test('an address the platform does not have is an error in its own words, and is recorded', async () => {
  expect((await send(`${stage.url}/x/2/nothing`, { method: 'POST' })).body).toMatchObject({ errors: [{ code: 34 }] });
  expect((await send(`${stage.url}/instagram/nothing`)).body).toMatchObject({ error: { code: 2500 } });
  expect(await stage.control.calls({ call: 'unknown' })).toHaveLength(2);
});
