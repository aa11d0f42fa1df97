// The tokens that lead from page to page of a timeline. They mean nothing to a client, and X refuses one it did not issue.

/** Where the next page begins: the post it starts with, and how many newer ones were counted. */
export type PageStart = { postId: string; counted: number };

const prefix = '7140';
const idDigits = 13;

/** The token of a page; in base 36, as X's are. */
export function pageToken({ postId, counted }: PageStart): string {
  const place = BigInt(postId).toString(36).padStart(idDigits, '0') + counted.toString(36);
  return `${prefix}${place}${checkDigit(place)}`;
}

/** The start that a token of ours names; undefined for anything else. */
export function readPageToken(token: string): PageStart | undefined {
  const [, place, check] = new RegExp(`^${prefix}([0-9a-z]{${idDigits + 1},})([0-9a-z])$`).exec(token) ?? [];
  if (place === undefined || checkDigit(place) !== check) return undefined;
  const postId = [...place.slice(0, idDigits)].reduce((id, digit) => id * 36n + BigInt(Number.parseInt(digit, 36)), 0n);
  return { postId: postId.toString(), counted: Number.parseInt(place.slice(idDigits), 36) };
}

function checkDigit(place: string): string {
  const sum = [...place].reduce((total, digit, index) => total + (index + 1) * Number.parseInt(digit, 36), 0);
  return (sum % 36).toString(36);
}
