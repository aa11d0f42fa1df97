// The pictures of a text: found wherever Markdown or HTML names them, never in code, and nothing else of the text is touched.
import { describe, expect, it } from 'vitest';
import { declaredAs, names, overlap } from '../../../src/domain/pipeline/artifact-names.ts';
import { shownFiles, withAddresses } from '../../../src/domain/pipeline/visuals/pictures.ts';
import { bodyHtml } from '../../../src/platforms/blog/body.ts';

const OTHER = new Map([['flow.png', 'media:1']]);

describe('a picture of a text gets its other address', () => {
  it.each([
    ['![A](flow.png)', '![A](media:1)'],
    ['![A](./flow.png "Title")', '![A](media:1 "Title")'],
    ['![A](<flow.png>)', '![A](<media:1>)'],
    ['See [it](flow.png) and ![it](flow.png).', 'See [it](media:1) and ![it](media:1).'],
    ['![A][f]\r\n\r\n[f]: flow.png\r\n', '![A][f]\r\n\r\n[f]: media:1\r\n'],
    ['\uFEFF![A](flow.png)', '\uFEFF![A](media:1)'],
    ['- a\n\n\t![é́](flow.png)\n', '- a\n\n\t![é́](media:1)\n'],
    ['<img src="flow.png" alt="flow.png">', '<img src="media:1" alt="flow.png">'],
    ["a <img src='flow.png'> b", "a <img src='media:1'> b"],
    ['| a |\n| - |\n| ![A](flow.png) |', '| a |\n| - |\n| ![A](media:1) |'],
  ])('%j', (text, other) => {
    expect(withAddresses(text, OTHER)).toBe(other);
  });
});

it.each([
  '`![A](flow.png)`',
  '```md\n![A](flow.png)\n```',
  '    ![A](flow.png)',
  'flow.png',
  '![A](https://elsewhere.example/flow.png)',
  '![flow.png](other.png)',
])('%j stays as it is', (text) => {
  expect(withAddresses(text, OTHER)).toBe(text);
});

it('a text shows the files that its pictures name, and asks for none that lies in the web or is none', () => {
  const text =
    '![A](flow.png) ![B](./log.jpg) ![C](https://cdn.example/c.png) ![D](/content/d.png) <img src="x"> `![E](e.png)`';
  expect(shownFiles(bodyHtml(text, 'markdown'))).toEqual(['flow.png', 'log.jpg']);
});

it('a file of the media store keeps its address in the body of a blog', () => {
  const address = `media:${'a'.repeat(64)}`;
  expect(bodyHtml(`![A](${address}) and \`${address}\``, 'markdown')).toBe(
    `<p><img src="${address}" alt="A" /> and <code>${address}</code></p>`,
  );
  expect(bodyHtml('![A](media:other) [b](javascript:c)', 'markdown')).toBe(
    '<p><img src="" alt="A" /> <a href="">b</a></p>',
  );
});

it('a group stands for every plain file of its ending, and a name of its own comes first', () => {
  expect(['a.png', 'a.jpg', '../a.png', '.png', 'b/a.png', 'A-1.png'].filter((name) => names('*.png', name))).toEqual([
    'a.png',
    'A-1.png',
  ]);
  const declared = [{ name: '*.png' }, { name: 'cover.png' }];
  expect([declaredAs(declared, 'cover.png'), declaredAs(declared, 'a.png'), declaredAs(declared, 'a.gif')]).toEqual([
    { name: 'cover.png' },
    { name: '*.png' },
    undefined,
  ]);
  expect([
    overlap('*.png', 'a.png'),
    overlap('*.png', '*.png'),
    overlap('*.png', '*.jpg'),
    overlap('a.png', 'b.png'),
  ]).toEqual([true, true, false, false]);
});
