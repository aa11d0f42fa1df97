// Every row of Meta's and Instagram's error tables by a name of ours, for faults.
import { type Answer, html } from '../answer.ts';
import { graphError, invalidParameter, publishingError, unknownObject } from './errors.ts';
import { expiredToken, malformedToken, missingPermission, missingToken, revokedToken } from './token-errors.ts';

const failed = 'Media upload has failed.';

/** The refusals a container or its publishing can meet, as the stand-in itself gives them. */
export const mediaRefusals = {
  download_timeout: publishingError(-2, 2207003, failed, 'It takes too long to download the media.'),
  media_expired: publishingError(
    -2,
    2207020,
    failed,
    'The media you are trying to access has expired. Please upload again.',
  ),
  image_too_large: publishingError(
    36000,
    2207004,
    'Image size is too large',
    'The image is too large to download. It should be less than 8 MiB.',
  ),
  image_format: publishingError(
    36001,
    2207005,
    'Unsupported image format',
    'The image format is not supported. Supported formats: JPEG.',
  ),
  aspect_ratio: publishingError(
    36003,
    2207009,
    'Aspect ratio not allowed',
    'The submitted image with aspect ratio cannot be published. Please submit an image with a valid aspect ratio.',
  ),
  caption_too_long: publishingError(
    36004,
    2207010,
    'Caption is too long',
    'The submitted caption exceeds 2,200 characters, 30 hashtags or 20 mentions.',
  ),
  not_found: publishingError(24, 2207006, 'Media not found', 'The media with the ID cannot be found.'),
  not_found_for_now: publishingError(
    24,
    2207008,
    'Media builder not found',
    'The media builder does not exist or has expired.',
  ),
  not_ready: publishingError(
    9007,
    2207027,
    'Media ID is not available',
    'The media is not ready for publishing, please wait for a moment',
  ),
  unknown_media_type: publishingError(100, 2207023, 'Unknown media type', 'The media type is unknown.'),
  carousel_size: publishingError(100, 2207028, 'Carousel validation failed', 'A carousel needs 2 to 10 items.'),
  quota_used_up: publishingError(
    9,
    2207042,
    'Application request limit reached',
    'You reached the maximum number of posts that can be published by Content Publishing API.',
  ),
  spam_block: publishingError(
    4,
    2207051,
    'Application request limit reached',
    'We restrict certain activity to protect our community. Tell us if you think we made a mistake.',
  ),
} satisfies Record<string, Answer>;

/** Media that could not be fetched from this address. */
export function unfetchable(url: string): Answer {
  return publishingError(
    9004,
    2207052,
    'Only photo or video can be accepted as media type.',
    `The media could not be fetched from this URI: ${url}`,
  );
}

const throttle = (code: number, status: number, message: string, subcode?: number) =>
  graphError({
    code,
    status,
    message: `(#${code}) ${message}`,
    transient: true,
    ...(subcode === undefined ? {} : { subcode }),
  });

/** More user tags than a post takes. */
export const tooManyTags = publishingError(100, 2207040, 'Too many tags', 'Cannot use more than 20 tags.');

const publishing: Record<string, Answer> = {
  ...mediaRefusals,
  unfetchable: unfetchable('https://cdn.example/x.jpg'),
  instagram_server_error: publishingError(-1, 2207001, 'Instagram server error', 'Instagram server error. Try again.'),
  container_failed: publishingError(-1, 2207032, 'Create media fail', 'Failed to create media, please try again.'),
  unknown_upload_error: publishingError(-1, 2207053, 'Unknown upload error', 'Unknown upload error.'),
  thumb_offset: publishingError(1, 2207057, 'Thumbnail offset', 'Thumbnail offset must be within the video.'),
  account_restricted: publishingError(25, 2207050, 'User is restricted', 'The Instagram account is restricted.'),
  product_tags: publishingError(
    100,
    2207035,
    'Product tag',
    'Product tag positions should not be specified for video media.',
  ),
  product_tag_missing: publishingError(
    100,
    2207036,
    'Product tag',
    'Product tag positions are required for photo media.',
  ),
  product_tag_invalid: publishingError(100, 2207037, 'Product tag', 'Not all product tags could be added.'),
  too_many_tags: tooManyTags,
  param_not_allowed: invalidParameter('param collaborators is not allowed'),
  video_format: publishingError(
    352,
    2207026,
    'Unsupported video format',
    'The video format is not supported. Please check spec.',
  ),
  user_unavailable: graphError({ code: 9009, message: '(#9009) The Instagram user is unavailable.' }),
  video_download: graphError({ code: 1, subcode: 2207076, message: failed }),
  video_upload: graphError({ code: 1, subcode: 2207077, message: failed }),
  trial_reels: graphError({ code: 1, subcode: 2207081, message: 'This account cannot publish trial reels.' }),
  processing_failed: graphError({ code: 1, subcode: 2207082, message: failed }),
  fatal: graphError({ code: -1, subcode: 2207085, message: 'Fatal' }),
  invalid_location: graphError({ code: 100, message: 'INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID' }),
};

/** Every error by name. */
export const presets: Record<string, Answer> = {
  ...publishing,
  token_malformed: malformedToken,
  token_missing: missingToken,
  token_expired: expiredToken(Date.UTC(2026, 0, 6), Date.UTC(2026, 0, 7)),
  token_invalid: revokedToken(null),
  app_removed: revokedToken('458'),
  checkpointed: revokedToken('459'),
  checkpointed_bare: graphError({ code: 459, message: 'The user is in a checkpoint.' }),
  password_changed: revokedToken('460'),
  unconfirmed_user: revokedToken('464'),
  session_invalid: revokedToken('467'),
  role_lost: revokedToken('492'),
  consent_flow: graphError({ code: 483, message: 'The user is in a blocking flow.' }),
  session_key: graphError({ code: 102, message: 'Session key invalid or no longer valid' }),
  appsecret_proof: graphError({ code: 104, message: 'Invalid appsecret_proof provided in the API argument' }),
  app_id: graphError({
    code: 101,
    message: 'Error validating application. Cannot get application info due to a system error.',
  }),
  permission_missing: missingPermission,
  not_business: graphError({ code: 10, message: '(#10) The user is not an Instagram Business' }),
  permission_200: graphError({
    code: 200,
    status: 403,
    message: '(#200) Requires instagram_content_publish permission',
  }),
  permission_283: graphError({ code: 283, status: 403, message: '(#283) Requires pages_read_engagement permission' }),
  capability: graphError({
    code: 3,
    status: 403,
    message: '(#3) Application does not have the capability to make this API call.',
  }),
  object_missing: unknownObject('get', '17889615691921648'),
  parameter: invalidParameter('Invalid parameter'),
  parameter_permission: invalidParameter('No permission to publish the video'),
  too_many_parameters: graphError({
    code: 105,
    message: 'The number of parameters exceeded the maximum for this operation',
  }),
  parameter_missing: graphError({ code: 194, message: 'Missing at least one required parameter' }),
  throttle_app: throttle(4, 403, 'Application request limit reached'),
  throttle_user: throttle(17, 400, 'User request limit reached'),
  throttle_page: throttle(32, 403, 'Page request limit reached'),
  throttle_341: throttle(341, 400, 'Application limit reached'),
  throttle_custom: throttle(613, 400, 'Calls to this api have exceeded the rate limit.'),
  throttle_page_buc: throttle(80001, 400, 'There have been too many calls to this Page account.'),
  throttle_instagram_buc: throttle(80002, 400, 'There have been too many calls to this Instagram account.', 2446079),
  abusive: graphError({
    code: 368,
    message: 'The action attempted has been deemed abusive or is otherwise disallowed',
  }),
  duplicate: graphError({ code: 506, message: '(#506) Duplicate status message' }),
  link_scrape: graphError({ code: 1609005, message: '(#1609005) Error loading link' }),
  invalid_url: graphError({ code: 1500, message: '(#1500) The url you supplied is invalid' }),
  service_unknown: graphError({ code: 1, status: 500, transient: true, message: 'An unknown error occurred' }),
  service_unavailable: graphError({
    code: 2,
    status: 503,
    transient: true,
    message: 'An unexpected error has occurred. Please retry your request later.',
  }),
  bad_gateway: html(502, '502 Bad Gateway'),
};
