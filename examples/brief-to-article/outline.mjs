// brief.md -> outline.json: its heading, its first paragraph, and its points, each as `- HEADING: TEXT`.
import { readFileSync } from 'node:fs';

const lines = readFileSync('brief.md', 'utf8').split(/\r?\n/);
const title = lines
  .find((line) => line.startsWith('# '))
  ?.slice(2)
  .trim();
const lead = lines.find((line) => /^[^#\-\s]/.test(line))?.trim();
const points = lines.flatMap((line) => {
  const [, heading, text] = /^- ([^:]+): (.+)$/.exec(line) ?? [];
  return heading && text ? [{ heading: heading.trim(), text: text.trim() }] : [];
});

const missing = [
  title ? null : 'a heading ("# ...")',
  lead ? null : 'a first paragraph',
  points.length > 0 ? null : 'a point ("- HEADING: TEXT")',
].filter((part) => part !== null);
const answer =
  missing.length > 0
    ? { refused: `The brief lacks ${missing.join(' and ')}; start another run with a whole one.` }
    : { artifacts: { 'outline.json': { title, lead, points } } };
console.log(JSON.stringify(answer));
