// Reading a document piece by piece says the same as parsing it whole.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { definitionsIn, parsePiece } from '../../../src/domain/pipeline/markers/parsed.ts';
import { settingsAt } from '../../../src/domain/pipeline/markers/settings.ts';
import { documents } from './documents.ts';

const offsetsIn = (source: string) => Array.from(source.matchAll(/ZCP:/g), ({ index }) => index);

/** Code or not, by the parser, over the whole document at once. */
function parsedWhole(source: string): boolean[] {
  const shift = source.startsWith('\uFEFF') ? 1 : 0;
  const { markup } = parsePiece(source.slice(shift), definitionsIn(source));
  return offsetsIn(source).map((offset) => {
    const around = markup.filter(({ start, end }) => start + shift <= offset && offset < end + shift);
    return around.at(-1)?.kind === 'code' && !around.some(({ kind }) => kind === 'attribute');
  });
}

const readInPieces = (source: string) => settingsAt(source, offsetsIn(source)).map(({ kind }) => kind === 'code');

/** Lines that open, hold and end blocks, in any order: most of what comes of it is no tidy document. */
const line = fc.constantFrom(
  '',
  ' ',
  '<!-- ZCP:x -->',
  'a <!-- ZCP:x --> b',
  '    <!-- ZCP:x -->',
  '\t<!-- ZCP:x -->',
  '  <!-- ZCP:x -->',
  '`<!-- ZCP:x -->`',
  'a ` <!-- ZCP:x -->',
  'a `b` <!-- ZCP:x -->',
  'a [b](c) `d` <!-- ZCP:x --> `',
  '`a <!-- ` --> b` <!-- ZCP:x --> `',
  '![a <!-- ](u) --> <!-- ZCP:x -->](v)',
  '``a` b` <!-- ZCP:x -->',
  '[a`b](c) d` <!-- ZCP:x -->',
  '```',
  '````',
  '``` x',
  '  ```',
  '    ```',
  '~~~',
  '~~~ `',
  '- a',
  '-     <!-- ZCP:x -->',
  '  - <!-- ZCP:x -->',
  '- ```',
  '  ```',
  '1. a',
  '> a',
  '> ```',
  '> <!-- ZCP:x -->',
  '# a',
  '| a | b |',
  '|---|---|',
  '| `<!-- ZCP:x | -->` | c |',
  '<!-- open',
  '-->',
  '<!-- a -->',
  '<pre>',
  '</pre>',
  '<script>',
  '</script>',
  '<div>',
  '<b title="',
  '<![CDATA[',
  ']]>',
  '<?php',
  '?>',
  '<!DOC',
  '[a]: /b',
  '[a',
  '![<!-- ZCP:x -->][a]',
  '![a](b "',
  '\\',
  '---',
  'ZCP:x',
  '[^1]: a',
);

test('for tidy documents', () => {
  fc.assert(
    fc.property(documents({ missing: true }), ({ source }) => {
      expect(readInPieces(source)).toEqual(parsedWhole(source));
    }),
    { numRuns: 300 },
  );
});

test('for lines in any order', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\r\n', '\r'), (lines, eol) => {
      const source = lines.join(eol);
      expect(readInPieces(source)).toEqual(parsedWhole(source));
    }),
    { numRuns: 3_000 },
  );
});
