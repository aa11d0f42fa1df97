// Reads one comment as a marker: `ZCP:ASSET id="k" kind="image" required="true"`, `ZCP:ASSET-REF id="k"`, or their ends.
import { ASSET_ID, type AssetKind, isAssetKind } from '../visuals/asset-kinds.ts';

export type MarkerType = 'ZCP:ASSET' | 'ZCP:ASSET-REF';

export type ReadComment =
  | { readonly as: 'asset'; readonly id: string; readonly kind: AssetKind; readonly required: boolean }
  | { readonly as: 'ref'; readonly id: string }
  | { readonly as: 'end'; readonly type: MarkerType }
  | {
      readonly as: 'problem';
      readonly code: 'bad_attribute' | 'unknown_kind' | 'unknown_marker';
      readonly name: string;
      readonly detail: string;
    };

const WHOLE = /^\s*(\/?)\s*(ZCP:[^\s"/]*)\s*([\s\S]*?)\s*$/;
const ATTRIBUTE = /([^\s"'=]+)="([^"<>]*)"(?:\s+|$)/y;
const ATTRIBUTES: Readonly<Record<MarkerType, readonly string[]>> = {
  'ZCP:ASSET': ['id', 'kind', 'required'],
  'ZCP:ASSET-REF': ['id'],
};
const isMarkerType = (text: string): text is MarkerType => Object.hasOwn(ATTRIBUTES, text);

/** `inner`: what stands between `<!--` and `-->`; it holds `ZCP:`. Never throws. */
export function readComment(inner: string): ReadComment {
  const [, slash, type = '', rest = ''] = WHOLE.exec(inner) ?? [];
  if (!isMarkerType(type)) return problem('unknown_marker', 'The marker', cut(inner.trim()));
  if (slash === '/') {
    return rest === '' ? { as: 'end', type } : problem('bad_attribute', `/${type}`, 'an end takes no attributes');
  }
  const read = attributesOf(type, rest);
  if (typeof read === 'string') return problem('bad_attribute', type, read);
  const { id = '', kind = '', required = '' } = Object.fromEntries(read);
  if (!ASSET_ID.test(id)) {
    return problem(
      'bad_attribute',
      type,
      `its id "${cut(id)}" must be up to 100 letters, digits, dots, dashes or underscores`,
    );
  }
  if (type === 'ZCP:ASSET-REF') return { as: 'ref', id };
  if (!isAssetKind(kind)) return problem('unknown_kind', `${type} "${id}"`, cut(kind));
  if (required !== 'true' && required !== 'false') {
    return problem('bad_attribute', `${type} "${id}"`, `required must be "true" or "false", not "${cut(required)}"`);
  }
  return { as: 'asset', id, kind, required: required === 'true' };
}

/** The attributes by name, or what is wrong with them. */
function attributesOf(type: MarkerType, text: string): Map<string, string> | string {
  const known = ATTRIBUTES[type];
  const read = new Map<string, string>();
  const one = new RegExp(ATTRIBUTE);
  for (let at = 0; at < text.length; at = one.lastIndex) {
    one.lastIndex = at;
    const [, name, value] = one.exec(text) ?? [];
    if (name === undefined || value === undefined) return `"${cut(text.slice(at))}" is not written as name="value"`;
    if (!known.includes(name)) return `it has no attribute "${cut(name)}", only ${known.join(', ')}`;
    if (read.has(name)) return `its ${name} stands there twice`;
    read.set(name, value);
  }
  const missing = known.filter((name) => !read.has(name));
  return missing.length === 0 ? read : `its ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing`;
}

function problem(code: 'bad_attribute' | 'unknown_kind' | 'unknown_marker', name: string, detail: string): ReadComment {
  return { as: 'problem', code, name, detail };
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 60).toWellFormed()}…` : text);
