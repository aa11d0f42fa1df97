// JSON Pointers (RFC 6901): where in an answer a value stands.

/** Empty for the whole answer, else `/` before each part, with `~0` for `~` and `~1` for `/`. */
export function isPointer(text: string): boolean {
  return /^(?:\/(?:[^~/]|~[01])*)*$/.test(text);
}

/** The value there; undefined where there is none. Pure, and looks at nothing that a value merely inherits. */
export function valueAt(whole: unknown, pointer: string): unknown {
  const parts = pointer === '' ? [] : pointer.slice(1).split('/').map(unescaped);
  return parts.reduce(stepInto, whole);
}

function stepInto(value: unknown, part: string): unknown {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(part) ? value[Number(part)] : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, part)?.value;
}

const unescaped = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');
