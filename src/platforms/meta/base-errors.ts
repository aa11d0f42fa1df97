// The base error table of Meta's Graph API, shared by Instagram, Facebook Pages and Threads (platform reference 1.1).
// A platform's own rows stand before these: the first row that matches wins.
import { causeOfStage, type Signature } from '../../domain/causes/classify.ts';

/** Codes 200 to 299 all mean a permission that is missing. */
const PERMISSION_CODES = Array.from({ length: 100 }, (_, index) => String(200 + index));

/**
 * Our app is refused, whichever account it speaks for: a passing fault of Meta's own, or our configuration. No account is
 * disconnected for one of them, whatever code the sentence comes under.
 */
const APP_ROWS: readonly Signature[] = [
  { code: ['104', '101', '2500'], cause: 'auth_failed', app: true },
  { code: ['190'], message: 'cannot get application info', cause: 'auth_failed', app: true },
];

const TOKEN_ROWS: readonly Signature[] = [
  { code: ['190'], subcode: ['463'], cause: 'auth_expired' },
  { code: ['190'], subcode: ['467', '458', '460', '459', '464', '492'], cause: 'reconnect_required' },
  { code: ['190'], message: 'cannot parse access token', cause: 'auth_failed' },
  { code: ['190'], message: 'malformed access token', cause: 'auth_failed' },
  { code: ['190'], cause: 'reconnect_required' },
  { code: ['459', '483', '102'], cause: 'reconnect_required' },
];

const PERMISSION_ROWS: readonly Signature[] = [
  { code: ['10', ...PERMISSION_CODES], cause: 'permissions_missing' },
  // It is the app that lacks the capability; connecting an account again gives it none.
  { code: ['3'], cause: 'permissions_missing', app: true },
  // "Object does not exist": a wrong id or lost access; about a container already sent, it proves nothing.
  { code: ['100'], subcode: ['33'], cause: 'permissions_missing', lies: true },
  { code: ['100'], message: 'no permission', cause: 'permissions_missing' },
];

const THROTTLE_ROWS: readonly Signature[] = [
  { code: ['4', '17', '32', '341', '613'], cause: 'rate_limited' },
  {
    code: ['80000', '80001', '80002', '80003', '80004', '80005', '80006', '80008', '80009', '80014'],
    cause: 'rate_limited',
  },
  { code: ['368'], cause: 'rate_limited' },
];

const CONTENT_ROWS: readonly Signature[] = [
  { code: ['506'], cause: 'publish_failed', lies: true },
  { subcode: ['506'], cause: 'publish_failed', lies: true },
  { code: ['1609005', '1500'], cause: 'publish_failed' },
  { subcode: ['1609005', '1500'], cause: 'publish_failed' },
  { code: ['100', '105', '194'], cause: causeOfStage },
];

const SERVICE_ROWS: readonly Signature[] = [
  { code: ['1', '2'], cause: 'unknown', lies: true },
  { status: [500, 502, 503, 504], cause: 'unknown', lies: true },
];

/** Every row of the table, in the order in which they are tried. */
export const META_SIGNATURES: readonly Signature[] = [
  ...APP_ROWS,
  ...TOKEN_ROWS,
  ...PERMISSION_ROWS,
  ...THROTTLE_ROWS,
  ...CONTENT_ROWS,
  ...SERVICE_ROWS,
];
