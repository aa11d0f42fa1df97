// The leakage gate: every way in which a planning marker or a placeholder may go out, in Markdown, on a page, in a feed.
import { describe, expect, it, test } from 'vitest';
import { HtmlTooDeep } from '../../../src/domain/pipeline/html/tree.ts';
import { leaksInFeed } from '../../../src/domain/pipeline/leakage/in-feed.ts';
import { leaksInHtml } from '../../../src/domain/pipeline/leakage/in-html.ts';
import { leaksInMarkdown } from '../../../src/domain/pipeline/leakage/in-markdown.ts';
import type { Leak } from '../../../src/domain/pipeline/leakage/leak.ts';

const MARKER = '<!-- ZCP:ASSET id="a" kind="image" required="true" -->';
const ESCAPED = MARKER.replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const told = (leaks: readonly Leak[]) => leaks.map(({ kind, place }) => `${kind} ${place}`);

const page = (body: string, head = '') =>
  `<!doctype html><html><head><title>T</title>${head}</head><body>${body}</body></html>`;
const jsonLd = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`;

/** Forms of `ZCP:ASSET` that are one to whoever decodes them. */
const DISGUISES = [
  'ZCP:ASSET',
  'zcp:asset',
  'ZCP:ASSET-REF',
  '/ZCP:ASSET',
  'ZCP&#58;ASSET',
  'ZCP&#x3a;ASSET',
  'ZCP&#0058;ASSET',
  'ZCP&colon;ASSET',
  'ZCP&amp;colon;ASSET',
  'ZCP&amp;#58;ASSET',
  'ZCP%3AASSET',
  'ZCP%3aASSET',
  'ZCP%253AASSET',
  '%5a%43%50%3a%41%53%53%45%54',
  '&#90;&#67;&#80;&#58;&#65;&#83;&#83;&#69;&#84;',
  '&#x5A;CP:ASSET',
  'ZCP\u200B:ASSET',
  'ZCP&#8203;:ASSET',
  'ZCP\uFF1AASSET',
  'ZC\u00ADP:ASSET',
];

describe('a marker on a page is found', () => {
  it.each([
    ['as a comment', page(`<p>x</p>${MARKER}`), 'marker comment'],
    ['as the end of one', page('<!-- /ZCP:ASSET-REF -->'), 'marker comment'],
    ['as a comment in code', page(`<pre>${MARKER}</pre>`), 'marker comment'],
    ['as a comment of another name', page('<!-- ZCP:FIGURE -->'), 'marker comment'],
    ['as a conditional comment', page('<!--[if IE]><p>ZCP:ASSET</p><![endif]-->'), 'marker comment'],
    ['escaped into the text', page(`<p>${ESCAPED}</p>`), 'marker visible_text'],
    ['cut by tags', page('<p>ZCP:<wbr>AS<b>SET</b></p>'), 'marker visible_text'],
    ['in the title', page('', '<title>ZCP:ASSET</title>'), 'marker visible_text'],
    ['in a text area', page(`<textarea>${MARKER}</textarea>`), 'marker visible_text'],
    ['in what only readers without scripts see', page('<noscript><p>ZCP:ASSET</p></noscript>'), 'marker visible_text'],
    ['in a template', page(`<template><p>ZCP:ASSET</p></template>`), 'marker visible_text'],
    ['in an alternative text', page(`<img src="/a.png" alt="${ESCAPED}">`), 'marker alt_text'],
    ['in a title of an image', page('<img src="/a.png" title="ZCP:ASSET">'), 'marker attribute'],
    ['in data', page('<p data-note="ZCP:ASSET">x</p>'), 'marker attribute'],
    ['in an address', page('<a href="/search?q=%3C!--%20ZCP%3AASSET%20--%3E">x</a>'), 'marker attribute'],
    ['in a description', page('', '<meta name="description" content="ZCP:ASSET">'), 'marker attribute'],
    ['in a framed page', page(`<iframe srcdoc="<!-- ZCP&amp;colon;ASSET -->"></iframe>`), 'marker attribute'],
    ['in JSON-LD', page('', jsonLd({ '@type': 'Article', articleBody: [{ text: MARKER }] })), 'marker json_ld'],
    [
      'in JSON-LD with escapes',
      page('', '<script type="application/ld+json">{"a":"ZCP\\u003aASSET"}</script>'),
      'marker json_ld',
    ],
    [
      'in JSON-LD that cannot be read',
      page('', '<script type="application/ld+json">{"a":ZCP:ASSET</script>'),
      'marker json_ld',
    ],
    ['in a script', page('<script>window.state={"body":"ZCP\\u003aASSET"}</script>'), 'marker script'],
    ['in a style', page('<style>p::after{content:"ZCP:ASSET"}</style>'), 'marker script'],
  ])('%s', (_, html, expected) => {
    expect(told(leaksInHtml(html)).filter((one) => one.startsWith('marker'))).toEqual([expected]);
  });

  test.each(DISGUISES)('in the text, written as %s', (form) => {
    expect(told(leaksInHtml(page(`<p>so ${form} it is</p>`)))).toEqual(['marker visible_text']);
  });
  test.each(DISGUISES)('in an attribute, written as %s', (form) => {
    expect(told(leaksInHtml(page(`<p title="so ${form} it is">x</p>`)))).toEqual(['marker attribute']);
  });

  test('with its place, and a sentence', () => {
    expect(leaksInHtml(`<p>x</p>\n  ${MARKER}`)).toEqual([
      {
        kind: 'marker',
        place: 'comment',
        found: 'ZCP:ASSET id="a" kind="image" required="true"',
        line: 2,
        column: 3,
        sentence: 'A planning marker stands in a comment. Take it out of the text before it goes out.',
      },
    ]);
  });
});

test('code that shows a marker may go out', () => {
  expect(leaksInHtml(page(`<pre><code class="x">${ESCAPED}</code></pre><p>Write <code>ZCP:ASSET</code>.</p>`))).toEqual(
    [],
  );
  expect(leaksInMarkdown(`Write \`${MARKER}\`:\n\n\`\`\`\n${MARKER}\n\`\`\`\n\n    ${MARKER}\n`)).toEqual([]);
  expect(leaksInFeed(`<rss><description>${escapeXml(`<code>${ESCAPED}</code>`)}</description></rss>`)).toEqual([]);
});

test('words that only begin alike may go out', () => {
  expect(leaksInHtml(page('<p>The ZCP: assets of it. ZCP ASSET.</p><!-- about ZCP -->'))).toEqual([]);
  expect(leaksInMarkdown('The ZCP: assets of it, e.g. [a](/ZCP:b).')).toEqual([]);
});

describe('a placeholder on a page is found', () => {
  it.each([
    ['by its service', page('<img src="https://via.placeholder.com/150" alt="x">'), ['placeholder image']],
    ['by its name', page('<img src="/img/hero-placeholder.png" alt="x">'), ['placeholder image']],
    ['by its scheme', page('<img src="asset:fig-1" alt="x">'), ['placeholder image']],
    [
      'among the addresses of one picture',
      page('<img srcset="/a.png 1x, https://placehold.co/9 2x">'),
      ['placeholder image'],
    ],
    ['in a late address', page('<img src="/x.gif" data-src="https://picsum.photos/9">'), ['placeholder image']],
    [
      'in a source',
      page('<picture><source srcset="https://dummyimage.com/1"><img src="/a.png"></picture>'),
      ['placeholder image'],
    ],
    ['as the picture of a video', page('<video poster="/placeholder.jpg"></video>'), ['placeholder image']],
    ['by its alternative text', page('<img src="/a.png" alt="Image placeholder">'), ['placeholder alt_text']],
    ['by an unfinished alternative text', page('<img src="/a.png" alt="TODO">'), ['placeholder alt_text']],
    ['in the text', page('<p>[Diagram placeholder: the flow]</p>'), ['placeholder visible_text']],
    ['as a variable', page('<p>{{ asset fig-1 }}</p>'), ['placeholder visible_text']],
    [
      'where it is shared',
      page('', '<meta property="og:image" content="https://placehold.co/9">'),
      ['placeholder attribute'],
    ],
    ['in JSON-LD', page('', jsonLd({ image: ['https://placehold.co/9'] })), ['placeholder json_ld']],
    ['because it is known', page('<img src="https://cdn.example/fig-1.png">'), ['placeholder image']],
  ])('%s', (_, html, expected) => {
    const placeholders = new Set(['https://cdn.example/fig-1.png']);
    expect(told(leaksInHtml(html, { placeholders }))).toEqual(expected);
  });

  test('but not where a theme only loads its pictures late', () => {
    const late =
      '<img src="/theme/placeholder.gif" data-src="/real.png"><img src="data:image/gif;base64,R0" data-srcset="/b.png 1x">';
    expect(leaksInHtml(page(late))).toEqual([]);
  });

  test('nor where a text speaks of them', () => {
    expect(
      leaksInHtml(page('<p>A placeholder holds a place.</p><img src="/a.png" alt="How a placeholder is replaced">')),
    ).toEqual([]);
  });
});

describe('in Markdown, with line and column', () => {
  it.each([
    ['a marker', `x\n\n${MARKER}\ny\n<!-- /ZCP:ASSET -->`, ['marker comment 3:6', 'marker comment 5:7']],
    ['a marker of another name', '<!-- ZCP:FIGURE -->', ['marker comment 1:6']],
    ['an escaped marker', `x \\${MARKER}`, ['marker visible_text 1:9']],
    ['a marker as entities', `x &lt;!-- ZCP&#58;ASSET --&gt;`, ['marker visible_text 1:11']],
    ['a marker escaped for Markdown', 'x ZCP\\:ASSET', ['marker visible_text 1:3']],
    ['a marker in an address', '[a](/q?ZCP%3AASSET)', ['marker attribute 1:8']],
    ['a marker in the text of an image', `![ZCP:ASSET](/a.png)`, ['marker attribute 1:3']],
    ['a marker in an attribute', '<b title="ZCP:ASSET">x</b>', ['marker attribute 1:11']],
    ['a placeholder', 'x\n\n![Flow](https://placehold.co/9)', ['placeholder image 3:9']],
    ['a placeholder by its scheme', '![Flow](asset:fig-1)', ['placeholder image 1:9']],
    ['a placeholder in HTML', 'x <img src="/placeholder.png">', ['placeholder image 1:13']],
    ['a placeholder in the text', 'x [image placeholder]', ['placeholder visible_text 1:3']],
  ])('%s', (_, text, expected) => {
    expect(leaksInMarkdown(text).map(({ kind, place, line, column }) => `${kind} ${place} ${line}:${column}`)).toEqual(
      expected,
    );
  });
});

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

describe('in a feed', () => {
  const rss = (item: string) =>
    `<?xml version="1.0"?>\n<rss version="2.0"><channel>\n<item>${item}</item>\n</channel></rss>`;
  it.each([
    ['a comment of the XML', MARKER, ['marker comment 3']],
    ['escaped HTML', `<description>${escapeXml(`<p>x</p>${MARKER}`)}</description>`, ['marker comment 3']],
    ['HTML in CDATA', `<content:encoded><![CDATA[<p>x</p>\n${MARKER}]]></content:encoded>`, ['marker comment 3']],
    [
      'text in HTML in CDATA',
      `<content:encoded><![CDATA[<p>${ESCAPED}</p>]]></content:encoded>`,
      ['marker visible_text 3'],
    ],
    ['a title', '<title>ZCP&#58;ASSET</title>', ['marker visible_text 3']],
    [
      'an alternative text',
      `<description>${escapeXml('<img src="/a.png" alt="ZCP:ASSET">')}</description>`,
      ['marker alt_text 3'],
    ],
    ['an attribute', '<category domain="ZCP&#x3A;ASSET"/>', ['marker attribute 3']],
    ['an enclosure', '<enclosure url="https://placehold.co/600" type="image/png"/>', ['placeholder image 3']],
    [
      'an image in it',
      '<description><![CDATA[<img src="https://placehold.co/600">]]></description>',
      ['placeholder image 3'],
    ],
  ])('%s', (_, item, expected) => {
    expect(leaksInFeed(rss(item)).map(({ kind, place, line }) => `${kind} ${place} ${line}`)).toEqual(expected);
  });

  test('nothing where there is nothing', () => {
    expect(leaksInFeed(rss('<title>A &amp; B</title><description><![CDATA[<p>x</p>]]></description>'))).toEqual([]);
  });
});

test('what is no HTML is read, and what is nested without end is refused in good time', () => {
  expect(told(leaksInHtml(`${'<div>'.repeat(900)}ZCP:ASSET`))).toEqual(['marker visible_text']);
  expect(() => leaksInHtml('<div>'.repeat(500_000))).toThrow(HtmlTooDeep);
  expect(leaksInHtml('\u0000<<<>>&&#')).toEqual([]);
  expect(leaksInFeed('<![CDATA[<')).toEqual([]);
});
