// The grammar of planning markers: what is one, what is text, and what is wrong, each with its place.
import { describe, expect, it, test } from 'vitest';
import { readMarkers } from '../../../src/domain/pipeline/markers/read-markers.ts';

const open = (id: string, more = 'kind="image" required="true"') => `<!-- ZCP:ASSET id="${id}" ${more} -->`;
const CLOSE = '<!-- /ZCP:ASSET -->';
const ref = (id: string) => `<!-- ZCP:ASSET-REF id="${id}" -->`;
const REF_CLOSE = '<!-- /ZCP:ASSET-REF -->';

const found = (source: string) =>
  readMarkers(source).problems.map(({ code, line, column }) => `${code} ${line}:${column}`);

describe('a marked span', () => {
  test('is read with its id, kind and requirement, and where its markers stand', () => {
    const source = `Before.\n\n${open('fig-1', 'kind="diagram" required="false"')}\nIt shows.\n${CLOSE}\n`;
    const { spans, problems } = readMarkers(source);
    expect(problems).toEqual([]);
    expect(spans).toEqual([
      {
        type: 'ZCP:ASSET',
        id: 'fig-1',
        declares: { kind: 'diagram', required: false },
        at: { offset: 9, line: 3, column: 1 },
        opening: { start: 9, end: 70 },
        closing: { start: 81, end: 100 },
      },
    ]);
    expect(source.slice(81, 100)).toBe(CLOSE);
  });

  it.each([
    [
      'with its attributes in another order',
      '<!-- ZCP:ASSET required="true" id="a" kind="proof" -->x<!-- /ZCP:ASSET -->',
    ],
    ['without spaces', '<!--ZCP:ASSET id="a" kind="proof" required="true"-->x<!--/ZCP:ASSET-->'],
    [
      'over several lines',
      '<!--\n  ZCP:ASSET\n  id="a"\n  kind="proof"\n  required="true"\n-->\nx\n<!-- /ZCP:ASSET -->',
    ],
    ['in the middle of a sentence', `One ${open('a')}two${CLOSE} three.`],
    ['in a list in a list', `- one\n  - two ${open('a')}\n\n    three\n    ${CLOSE}\n`],
    ['in a quote', `> one\n> ${open('a')}\n> two ${CLOSE}\n`],
    ['in a cell of a table', `| a | b |\n|---|---|\n| ${open('a')}x${CLOSE} | y |\n`],
    ['in HTML', `<div class="x">\n${open('a')}<p>x</p>${CLOSE}\n</div>\n`],
    ['in a link', `[see ${open('a')}x${CLOSE}](https://a.example/)`],
    ['after a code span', `\`code\` ${open('a')}x${CLOSE}`],
    ['after a fence in a list that its item ends', `- \`\`\`\n  code\n\n${open('a')}x${CLOSE}\n`],
    ['behind a byte order mark', `\uFEFF${open('a')}x${CLOSE}`],
    ['with carriage returns', `One\r\n\r\n${open('a')}\r\nx\r\n${CLOSE}\r\n`],
    ['with carriage returns alone', `One\r\r${open('a')}\rx\r${CLOSE}\r`],
    ['across paragraphs and a heading', `${open('a')}\n\n# x\n\ny\n\n${CLOSE}`],
  ])('is read %s', (_, source) => {
    const { spans, problems } = readMarkers(source);
    expect(problems).toEqual([]);
    expect(spans.map(({ id }) => id)).toEqual(['a']);
    for (const { opening, closing } of spans) {
      expect(source.slice(opening.start, opening.end)).toMatch(/^<!--[^<>]*-->$/);
      expect(source.slice(closing.start, closing.end)).toMatch(/^<!--\s*\/ZCP:ASSET\s*-->$/);
    }
  });

  test('may be spoken of elsewhere, as often as wanted, before it too', () => {
    const source = `${ref('a')}first${REF_CLOSE} ${open('a')}x${CLOSE} ${ref('a')}again${REF_CLOSE}`;
    const { spans, problems } = readMarkers(source);
    expect(problems).toEqual([]);
    expect(spans.map(({ type, id }) => `${type} ${id}`)).toEqual(['ZCP:ASSET-REF a', 'ZCP:ASSET a', 'ZCP:ASSET-REF a']);
  });
});

describe('code is text', () => {
  it.each([
    ['a fence', `\`\`\`html\n${open('a')}\n\n${open('b')}\n\`\`\`\n`],
    ['a fence that nothing closes', `\`\`\`\n${open('a')}\n\nmore\n\n${CLOSE}`],
    ['a fence closed by more marks only', `\`\`\`\`\n\`\`\`\n${open('a')}\n\n\`\`\`\`\n`],
    ['a fence of tildes with blank lines', `~~~ html\`\n\n${open('a')}\n\n~~~\n`],
    ['a fence after a sentence', `So:\n\`\`\`\n\n${open('a')}\n\n\`\`\`\n`],
    ['a fence in a list', `- a\n\n  \`\`\`\n  ${open('a')}\n\n  x\n  \`\`\`\n`],
    ['an indented block', `So:\n\n    ${open('a')}\n    x\n`],
    ['a block indented by a tab', `So:\n\n\t${open('a')}\n`],
    ['an indented block in a list', `- a\n\n      ${open('a')}\n`],
    ['a code span', `Write \`${open('a')}\` before it.`],
    ['a code span over two lines', `Write \`\`a\nb ${open('a')}\`\` before.`],
    ['a code span with carriage returns', `One\r\n\r\nWrite \`${open('a')}\` here.\r\n`],
  ])('in %s', (_, source) => {
    expect(readMarkers(source)).toEqual({ spans: [], problems: [] });
  });

  test('but a code span that a bar of a table cuts is none', () => {
    expect(found('| a |\n|---|\n| `ZCP:ASSET | x` |\n')).toEqual(['in_text 3:4']);
  });
});

describe('what is wrong is told by type and place', () => {
  it.each([
    ['an opening without an end', `x\n\n${open('a')} y`, ['unclosed 3:1']],
    ['an end without an opening', `x ${CLOSE}`, ['unopened 1:3']],
    ['an end of the other type', `${open('a')}x${REF_CLOSE}`, ['unclosed 1:1', `unopened 1:${open('a').length + 2}`]],
    ['a span in a span', `${open('a')}\n${open('b')}x${CLOSE}\n${CLOSE}`, ['nested 2:1']],
    ['a mention in a span', `${open('a')}\n${ref('a')}x${REF_CLOSE}\n${CLOSE}`, ['nested 2:1']],
    ['a mention of what is not declared', `${ref('b')}x${REF_CLOSE}`, ['unknown_id 1:1']],
    ['an id declared twice', `${open('a')}x${CLOSE}\n${open('a')}y${CLOSE}`, ['repeated_id 2:1']],
    ['an unknown kind', `${open('a', 'kind="video" required="true"')}`, ['unknown_kind 1:1']],
    ['a requirement that is neither', `${open('a', 'kind="image" required="yes"')}`, ['bad_attribute 1:1']],
    ['a missing attribute', `${open('a', 'kind="image"')}`, ['bad_attribute 1:1']],
    ['an attribute too many', `${open('a', 'kind="image" required="true" size="1"')}`, ['bad_attribute 1:1']],
    ['an attribute twice', `${open('a', 'id="b" kind="image" required="true"')}`, ['bad_attribute 1:1']],
    ['an attribute without quotes', `${open('a', 'kind=image required="true"')}`, ['bad_attribute 1:1']],
    ['an empty id', open(''), ['bad_attribute 1:1']],
    ['an id with a space', open('a b'), ['bad_attribute 1:1']],
    ['attributes at an end', '<!-- /ZCP:ASSET id="a" -->', ['bad_attribute 1:1']],
    ['another name', '<!-- ZCP:FIGURE id="a" -->', ['unknown_marker 1:1']],
    ['another case', '<!-- zcp:asset id="a" -->', ['unknown_marker 1:1']],
    ['a marker behind other words of its comment', '<!-- todo ZCP:ASSET -->', ['unknown_marker 1:1']],
    ['a comment without an end', `x\n\n<!-- ZCP:ASSET id="a"\n\ny`, ['unended_comment 3:1']],
    ['a comment without an end in a sentence', 'x <!-- ZCP:ASSET id="a"', ['in_text 1:8']],
    ['a marker in the text', 'We use ZCP:ASSET here.', ['in_text 1:8']],
    ['an escaped comment', `x \\${open('a')}`, ['in_text 1:9']],
    ['a marker in an attribute', `<p title="${open('a').replaceAll('"', "'")}">x</p>`, ['in_attribute 1:1']],
    ['a marker in an attribute of a sentence', `x <b title='${open('a')}'>y</b>`, ['in_attribute 1:3']],
    ['a marker in the text of an image', `![a ${open('a')}](b.png)`, ['in_attribute 1:10']],
    [
      'a marker in the text of an image named far away',
      `![${open('a')}][x]\n\ny\n\n[x]: /b.png\n`,
      ['in_attribute 1:8'],
    ],
    ['a marker in an address', '[a](/ZCP:ASSET)', ['in_attribute 1:6']],
    ['a marker in a title', '[a](/b "ZCP:ASSET")', ['in_attribute 1:9']],
    ['a marker in a definition', '[x]: /b "ZCP:ASSET"', ['in_attribute 1:10']],
  ])('%s', (_, source, problems) => {
    expect(found(source)).toEqual(problems);
  });

  test('lines are counted with every kind of ending, columns without the byte order mark', () => {
    expect(found(`\uFEFF${CLOSE}`)).toEqual(['unopened 1:1']);
    expect(found(`a\r\nb\rc\n\n  é😀 ${CLOSE}`)).toEqual(['unopened 5:7']);
  });

  test('each says in one sentence or two what it is and what to do', () => {
    const { problems } = readMarkers(`${open('a')}\n${open('a')}x${CLOSE}`);
    expect(problems.map(({ sentence }) => sentence)).toEqual([
      'ZCP:ASSET "a" is opened here and never closed. Write <!-- /ZCP:ASSET --> where its prose ends.',
      'ZCP:ASSET "a" is opened inside ZCP:ASSET "a". Close that one first; no marker stands in another.',
      'ZCP:ASSET "a" is declared a second time, first on line 1. Give one of them another id.',
    ]);
  });

  test('prose may speak of other things by that beginning', () => {
    expect(readMarkers('The ZCP: a protocol. <b title="ZCP:x">y</b>')).toEqual({ spans: [], problems: [] });
  });
});
