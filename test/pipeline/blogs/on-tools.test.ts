// Runs that publish to a site by its tools: what stands there decides, whatever any record says.
import { describe } from 'vitest';
import { aroundBlog } from './blog-place.ts';
import { testOthersAtWork } from './others-at-work.ts';
import { openToolsBlog } from './tools-blog.ts';
import { testWhatStands } from './what-stands.ts';

describe('a run that publishes to a site with tools', () => {
  const place = aroundBlog(openToolsBlog);
  testWhatStands(place);
  testOthersAtWork(place);
});
