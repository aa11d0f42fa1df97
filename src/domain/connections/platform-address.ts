// The address of a platform's server where it is not the public one: a PDS, a sandbox.
import { z } from 'zod';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Secrets go there, so it must be HTTPS, but on this machine. Without a slash at its end. */
export const platformAddressSchema = z
  .string()
  .trim()
  .max(500)
  .refine(isAddress, 'must be an https address without a user, a query or a fragment')
  .transform((address) => address.replace(/\/+$/, ''));

function isAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));
}
