// Where somebody goes once they are signed in: a page of ours, and never another site, whatever the address says.

const HERE = 'http://here.invalid';

/** The path and query of a page of ours; `/` for everything else. */
export function wayBack(wanted: string | undefined): string {
  // Browsers read a backslash as a slash, and leave out controls and spaces at the edges.
  if (wanted === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted)) return '/';
  const url = URL.parse(wanted, HERE);
  if (url?.origin !== HERE || /^\/sign-(?:in|out)/.test(url.pathname)) return '/';
  // A path may begin with two slashes once its dots are resolved.
  return url.pathname.startsWith('//') ? '/' : `${url.pathname}${url.search}`;
}
