// Names of workspaces and accounts: 1 to 100 characters that can be shown, and never the form of an id.
import { describe, expect, it } from 'vitest';
import { assertName, NameRefused } from '../../src/domain/people/names.ts';

describe('a name', () => {
  it.each(['a', 'ACME & Söhne', '株式会社', 'Team 👩‍🚀', 'a'.repeat(100), '0b7c9a52', 'launch-42'])(
    'may be %j',
    (name) => {
      expect(() => assertName('account', name)).not.toThrow();
    },
  );

  const LENGTH = 'must have at most 100 characters';
  const SHOWN = 'must be of characters that can be shown (no control characters)';
  const SPACE = 'must neither begin nor end with a space';
  const ID = 'must not have the form of an id (a UUID)';
  it.each([
    ['', 'must have at least 1 character'],
    ['a'.repeat(101), LENGTH],
    ['a\u0000b', SHOWN],
    ['two\nlines', SHOWN],
    ['tab\there', SHOWN],
    ['\u001b[31mred', SHOWN],
    ['\u009b31mred', SHOWN],
    ['a\u007f', SHOWN],
    ['line\u2028separator', SHOWN],
    ['lone \ud83d', SHOWN],
    ['Gr\ufffd\ufffde', SHOWN],
    [' acme', SPACE],
    ['acme ', SPACE],
    ['acme\u00a0', SPACE],
    [' ', SPACE],
    ['0b7c9a52-3f4e-4d6a-9b1c-2d3e4f5a6b7c', ID],
    ['0B7C9A52-3F4E-7D6A-9B1C-2D3E4F5A6B7C', ID],
  ])('may not be %j, and the sentence says what it must be', (name, problem) => {
    expect(() => assertName('workspace', name)).toThrow(new NameRefused('workspace', problem));
    expect(() => assertName('workspace', name)).toThrow(
      `The name of the workspace ${problem}, so nothing was stored; choose another.`,
    );
  });
});
