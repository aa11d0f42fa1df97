// Whether two addresses lead to the same page.

/** Host, path and query alike; the scheme, a slash at the end, `#...` and how a letter is encoded make no difference. */
export function isSameAddress(one: string, other: string): boolean {
  const [a, b] = [plain(one), plain(other)];
  return a !== null && a === b;
}

function plain(address: string): string | null {
  const url = URL.parse(address);
  if (!url) return null;
  const path = decodedPath(url.pathname).replace(/\/+$/, '').normalize('NFC');
  return `${url.host.toLowerCase()}${path}${url.search}`;
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
