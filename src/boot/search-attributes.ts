// The search attributes a namespace has, against those of temporal.yaml: a start that names one it lacks is refused.
import type { Connection } from '@temporalio/client';
import type { SearchAttributeType } from '../runtime/settings/settings.ts';

/** Names and types, as in temporal.yaml. */
export type SearchAttributes = Readonly<Record<string, SearchAttributeType>>;

type Attribute = readonly [name: string, type: SearchAttributeType];

/** What a namespace has otherwise than wanted. */
export interface AttributeGaps {
  readonly missing: readonly Attribute[];
  /** There, with another type than the wanted one given here. */
  readonly otherType: readonly Attribute[];
}

type OperatorService = Pick<Connection['operatorService'], 'listSearchAttributes'>;

/** temporal.api.enums.v1.IndexedValueType, by the names the server's flags use. */
export const INDEXED_VALUE_TYPES: Readonly<Record<SearchAttributeType, number>> = {
  Text: 1,
  Keyword: 2,
  Int: 3,
  Double: 4,
  Bool: 5,
  Datetime: 6,
  KeywordList: 7,
};

/** Asks Temporal what the namespace lacks; rejects when it does not tell. */
export async function attributeGaps(
  operatorService: OperatorService,
  namespace: string,
  wanted: SearchAttributes,
): Promise<AttributeGaps> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const has = ([name]: Attribute) => customAttributes?.[name] !== undefined;
  const attributes = Object.entries(wanted);
  return {
    missing: attributes.filter((attribute) => !has(attribute)),
    otherType: attributes.filter(
      (attribute) => has(attribute) && customAttributes?.[attribute[0]] !== INDEXED_VALUE_TYPES[attribute[1]],
    ),
  };
}
