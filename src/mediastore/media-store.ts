// The media store of a process: where the bytes lie, where uploads are received, and who may fetch them.
import type { Blobs } from './blobs.ts';
import type { SignedAddresses } from './signed-address.ts';

export interface MediaStore {
  readonly blobs: Blobs;
  /** A folder of this machine in which uploads are written until they are whole. */
  readonly incoming: string;
  readonly addresses: SignedAddresses;
}
