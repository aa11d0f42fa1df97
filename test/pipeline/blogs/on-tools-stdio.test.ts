// Runs that publish to a site by the tools of a program over stdio: what stands there decides as it does over HTTP.
import { describe } from 'vitest';
import { aroundBlog } from './blog-place.ts';
import { openToolsBlog } from './tools-blog.ts';
import { testNobodyCanTell, testWhileItWaits } from './what-stands.ts';

describe('a run that publishes to a site with tools over stdio', () => {
  const place = aroundBlog(() => openToolsBlog({ overStdio: true }));
  testWhileItWaits(place);
  testNobodyCanTell(place);
});
