// X's error answers, body for body as its documentation and captures show them (reference: X, table of errors).
import { type Answer, html, json, text } from '../answer.ts';

const type = (tail: string) => `https://api.x.com/2/problems/${tail}`;

/** A generic 403 without a type of its own: missing scope, or missing capability. */
export const forbidden = json(403, { title: 'Forbidden', status: 403, detail: 'Forbidden', type: 'about:blank' });

/** Expired, revoked and unknown access tokens look alike. */
export const unauthorized = json(401, {
  title: 'Unauthorized',
  type: 'about:blank',
  status: 401,
  detail: 'Unauthorized',
});

/** An address X does not have. */
export const noSuchPage = json(404, { errors: [{ message: 'Sorry, that page does not exist', code: 34 }] });

/** Text that was posted a short while ago; it names no post. */
export const duplicateContent = forbiddenBecause('You are not allowed to create a Tweet with duplicate content.');

/** A refresh token that is dead or was used before. */
export const deadRefreshToken = json(400, {
  error: 'invalid_request',
  error_description: 'Value passed for the token was invalid.',
});

/** A 403 whose reason stands only in its detail. */
export function forbiddenBecause(detail: string): Answer {
  return json(403, { detail, type: 'about:blank', title: 'Forbidden', status: 403 });
}

/** A 400 that names the parameter it refuses. */
export function invalidRequest(parameter: string, value: string, message: string): Answer {
  return json(400, {
    errors: [{ parameters: { [parameter]: [value] }, message }],
    title: 'Invalid Request',
    detail: 'One or more parameters to your request was invalid.',
    type: type('invalid-request'),
  });
}

/** Media that is unknown, not ours, expired or not ready. */
export function invalidMediaIds(mediaId: string): Answer {
  return invalidRequest('media.media_ids', mediaId, 'Your media IDs are invalid.');
}

/** The 404 of an object that is not there. */
export function notFound(parameter: string, value: string, resource: string): Answer {
  return json(404, { ...missing(parameter, value, resource), status: 404 });
}

/** The entry of `errors[]` in a 200 answer whose object is not there. */
export function missing(parameter: string, value: string, resource: string) {
  return {
    value,
    detail: `Could not find ${resource} with ${parameter}: [${value}].`,
    title: 'Not Found Error',
    resource_type: resource,
    parameter,
    resource_id: value,
    type: type('resource-not-found'),
  };
}

/** An entry of `errors` beside the data: fields that X could not fetch are left out of it (reference: X, 1.4). */
export const notHydrated = {
  title: 'Field Hydration Failure',
  detail: 'Some of the requested fields could not be fetched.',
  type: type('field-hydration-failure'),
  field: 'entities',
  resource_type: 'tweet',
};

/** The entry of `errors` for a post that X could not fetch. */
export function unavailable(postId: string) {
  return {
    title: 'Resource Unavailable',
    detail: `Temporarily unable to fetch tweet with ids: [${postId}].`,
    type: type('resource-unavailable'),
    parameter: 'ids',
    resource_id: postId,
    resource_type: 'tweet',
  };
}

function typed(
  status: number,
  title: string,
  detail: string,
  tail: string,
  more: Record<string, unknown> = {},
): Answer {
  return json(status, { title, detail, type: type(tail), status, ...more });
}

/** Every row of X's error table by a name of ours, for faults. */
export const presets: Record<string, Answer> = {
  unauthorized,
  forbidden,
  duplicate_content: duplicateContent,
  /** One error of the older kind, alone at the top (reference: X, 1.3 and 1.4). */
  duplicate_code_187: json(403, { code: 187, message: 'Status is a duplicate.' }),
  no_such_page: noSuchPage,
  invalid_media_ids: invalidMediaIds('1840000000000000000'),
  invalid_parameter: invalidRequest(
    'media.media_ids',
    '[5]',
    'The number of values in media_ids exceeds the maximum of 4.',
  ),
  text_too_long: invalidRequest('text', '', 'Your Tweet text is too long.'),
  token_invalid_request: deadRefreshToken,
  token_invalid_grant: json(400, { error: 'invalid_grant', error_description: 'The refresh token is invalid.' }),
  token_unauthorized_client: json(401, {
    error: 'unauthorized_client',
    error_description: 'Missing valid authorization header',
  }),
  token_invalid_client: json(401, { error: 'invalid_client', error_description: 'Client authentication failed.' }),
  credits_depleted: json(402, {
    title: 'CreditsDepleted',
    detail: 'Your enrolled account [1] does not have any credits to fulfill this request.',
    type: 'https://api.twitter.com/2/problems/credits',
    account_id: 1,
  }),
  credits_depleted_alt: typed(402, 'CreditsDepleted', 'Your account does not have any credits.', 'credits-depleted'),
  not_permitted: forbiddenBecause('You are not permitted to perform this action.'),
  video_too_long: forbiddenBecause('This user is not allowed to post a video longer than 2 minutes.'),
  invalid_url: forbiddenBecause('This Tweet contains an invalid URL.'),
  cashtags: forbiddenBecause('Posts are limited to a maximum of one cashtag.'),
  unsupported_authentication: typed(
    403,
    'Unsupported Authentication',
    'Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.',
    'unsupported-authentication',
  ),
  oauth1_permissions: typed(
    403,
    'Forbidden',
    'Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.',
    'oauth1-permissions',
  ),
  client_forbidden: typed(
    403,
    'Client Forbidden',
    'When authenticating requests to the Twitter API v2 endpoints, you must use keys and tokens from a developer App that is attached to a Project.',
    'client-forbidden',
    { reason: 'client-not-enrolled', client_id: '100001', required_enrollment: 'Appropriate Level of API Access' },
  ),
  code_453: json(403, {
    errors: [
      {
        message: 'You currently have access to a subset of X API endpoints and limited v1.1 endpoints only.',
        code: 453,
      },
    ],
  }),
  not_authorized_for_resource: typed(
    403,
    'Authorization Error',
    'Sorry, you are not authorized to see the Post with id: [1].',
    'not-authorized-for-resource',
  ),
  user_suspended: typed(403, 'Forbidden', 'User has been suspended.', 'user-suspended'),
  account_locked: forbiddenBecause('To protect our users, this account is temporarily locked.'),
  resource_not_found: notFound('in_reply_to_tweet_id', '1840000000000000000', 'tweet'),
  payload_too_large: { status: 413, headers: {}, body: '' },
  usage_capped: typed(429, 'UsageCapExceeded', 'Usage cap exceeded: Monthly product cap', 'usage-capped', {
    period: 'Monthly',
    scope: 'Product',
  }),
  rate_limited_code_88: json(429, { errors: [{ message: 'Rate limit exceeded', code: 88 }] }),
  internal_error: json(500, {
    title: 'Internal Server Error',
    status: 500,
    detail: 'Internal Server Error',
    type: 'about:blank',
  }),
  bad_gateway: html(502, '502 Bad Gateway'),
  over_capacity: text(503, 'Over capacity'),
  gateway_timeout: html(504, '504 Gateway Timeout'),
  request_timeout: text(408, 'Request Timeout'),
};
