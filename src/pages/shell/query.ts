// Addresses of ours with their query: what is left out says nothing, and stands nowhere.

export type Query = Readonly<Record<string, string | undefined>>;

/** A path with its query, without what is empty. */
export function withQuery(path: string, query: Query): string {
  const given = Object.entries(query).flatMap<[string, string]>(([name, value]) => (value ? [[name, value]] : []));
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}
