// The name of a marker in every form in which it may have come through: as entities, percent-encoded, escaped for Markdown or
// JSON, each as often as it may have been done, in any case, and with marks between that nobody sees.

/** Zero-width characters and the soft hyphen, as themselves or as entities. */
const UNSEEN = '(?:[\\u00AD\\u200B-\\u200D\\u2060\\uFEFF]|&(?:amp;)*(?:shy|zwnj|zwj|ZeroWidthSpace|#8203|#x200b);)*';

/** A fresh global pattern that finds the name of our markers in a text. */
export function markerName(): RegExp {
  return new RegExp(disguised('ZCP:ASSET'), 'gi');
}

/** A fresh global pattern that finds the beginning of any marker, for places where nothing else is called so. */
export function markerPrefix(): RegExp {
  return new RegExp(disguised('ZCP:'), 'gi');
}

function disguised(name: string): string {
  return Array.from(name, forms).join(UNSEEN);
}

function forms(char: string): string {
  const codes = [...new Set([char.toUpperCase(), char.toLowerCase()])].map((one) => one.charCodeAt(0));
  const each = codes.flatMap((code) => {
    const hex = code.toString(16).padStart(2, '0');
    return [
      `%(?:25)*${hex}`,
      `&(?:amp;|#0*38;|#x0*26;)*#0*${code}(?:;|(?![0-9]))`,
      `&(?:amp;|#0*38;|#x0*26;)*#x0*${hex}(?:;|(?![0-9a-f]))`,
      `\\\\+u00${hex}`,
      `\\\\+x${hex}`,
    ];
  });
  const named = char === ':' ? ['&(?:amp;)*colon;', '\\\\+:', '\uFF1A'] : [];
  return `(?:${[char, ...each, ...named].join('|')})`;
}
