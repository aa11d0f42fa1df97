// outline.json -> article.md, left in the folder: a heading, the lead, and a section for each point.
import { readFileSync, writeFileSync } from 'node:fs';

const { title, lead, points } = JSON.parse(readFileSync('outline.json', 'utf8'));
const sections = points.map(({ heading, text }) => `## ${heading}\n\n${text}\n`);
writeFileSync('article.md', [`# ${title}\n`, `${lead}\n`, ...sections].join('\n'));
console.log('{}');
