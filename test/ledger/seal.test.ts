// Sealed grants: they open with their key, for their account, unaltered, and in no other way.
import { describe, expect, it } from 'vitest';
import { createSealer, GrantUnreadable } from '../../src/ledger/accounts/seal.ts';

const sealer = createSealer(new Uint8Array(32).fill(1));
const GRANT = { accessToken: 'the access token', refreshToken: 'the refresh token', clientId: 'client' };
const MINE = 'a1b2c3d4-0000-4000-8000-000000000001';

describe('a sealed grant', () => {
  const sealed = sealer.seal(MINE, GRANT);

  it('opens for its account, and shows nothing of itself before', () => {
    expect(sealer.open(MINE, sealed)).toEqual(GRANT);
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('token');
  });

  it('is sealed differently each time', () => {
    expect(Buffer.from(sealer.seal(MINE, GRANT)).equals(Buffer.from(sealed))).toBe(false);
  });

  it('opens for no other account', () => {
    expect(() => sealer.open('a1b2c3d4-0000-4000-8000-000000000002', sealed)).toThrow(GrantUnreadable);
  });

  it('opens under no other key', () => {
    expect(() => createSealer(new Uint8Array(32).fill(2)).open(MINE, sealed)).toThrow(GrantUnreadable);
  });

  it('does not open once any byte of it was altered', () => {
    expect(sealed.length).toBeGreaterThan(29);
    for (const index of sealed.keys()) {
      const altered = Uint8Array.from(sealed);
      altered[index] = (altered[index] ?? 0) ^ 1;
      expect(() => sealer.open(MINE, altered), `byte ${index}`).toThrow(GrantUnreadable);
    }
  });

  it('does not open when any of its end is missing', () => {
    for (const length of sealed.keys()) {
      expect(() => sealer.open(MINE, sealed.subarray(0, length)), `${length} bytes`).toThrow(GrantUnreadable);
    }
  });
});
