// outline.json -> seo.json: the title, the lead as the description, and the headings as tags.
import { readFileSync } from 'node:fs';

const { title, lead, points } = JSON.parse(readFileSync('outline.json', 'utf8'));
const tags = points.map(({ heading }) => heading.toLowerCase());
console.log(JSON.stringify({ artifacts: { 'seo.json': { title, description: lead, tags } } }));
