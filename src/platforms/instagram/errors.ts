// Instagram's own error table (platform reference 2.5); the base table of all Meta platforms follows it. The 2207xxx
// subcodes are unique across codes, and a failed container names nothing else, so they are matched alone.
import { causeOfStage, type Signature } from '../../domain/causes/classify.ts';
import { META_SIGNATURES } from '../meta/base-errors.ts';
import type { MetaDialect } from '../meta/refusal.ts';
import { INSTAGRAM_PAUSES } from './rate-limit.ts';

const LOCATION_WITHOUT_PLACE = 'INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID';

const DOCUMENTED: readonly Signature[] = [
  { subcode: ['2207003', '2207020'], cause: 'media_invalid' },
  { subcode: ['2207001'], cause: causeOfStage, lies: true },
  { subcode: ['2207032'], stage: ['parent'], cause: 'parent_create_failed' },
  { subcode: ['2207032', '2207053'], cause: 'child_create_failed' },
  { subcode: ['2207057'], cause: 'media_invalid' },
  { subcode: ['2207051'], cause: 'rate_limited', lies: true },
  { subcode: ['2207042'], cause: 'rate_limited' },
  { subcode: ['2207006'], cause: causeOfStage, lies: true },
  { subcode: ['2207008'], cause: 'publish_failed', lies: true },
  { subcode: ['2207050'], cause: 'reconnect_required' },
  { subcode: ['2207023'], cause: 'child_create_failed' },
  { subcode: ['2207028', '2207035', '2207036', '2207037', '2207040'], cause: 'parent_create_failed' },
  { subcode: ['2207026', '2207052'], cause: 'media_invalid' },
  // Also one of the answers to publishing a container a second time: whether it is live, the container tells.
  { subcode: ['2207027'], cause: 'child_processing_timeout', lies: true },
  { code: ['9007'], cause: 'child_processing_timeout', lies: true },
  { code: ['9009'], cause: 'reconnect_required' },
  { subcode: ['2207004', '2207005', '2207009'], cause: 'media_invalid' },
  { subcode: ['2207010'], cause: 'publish_failed' },
  { subcode: ['2207076', '2207077'], cause: 'media_invalid' },
  { subcode: ['2207081'], cause: 'permissions_missing' },
  { subcode: ['2207082'], cause: 'child_create_failed' },
  { subcode: ['2207085'], cause: 'publish_failed' },
  { code: [LOCATION_WITHOUT_PLACE], cause: 'parent_create_failed' },
  { message: LOCATION_WITHOUT_PLACE, cause: 'parent_create_failed' },
  { code: ['352', '9004', '36000', '36001', '36003'], cause: 'media_invalid' },
  { code: ['36004'], cause: 'publish_failed' },
  // The code of Instagram's own stumbles: without a listed subcode nobody knows how far it came.
  { code: ['-1'], cause: causeOfStage, lies: true },
];

/** Instagram's undocumented numbers say no more than the stage at which they came. */
const UNDOCUMENTED: Signature = {
  subcode: Array.from({ length: 90 }, (_, index) => String(2_207_001 + index)),
  cause: causeOfStage,
};

export const INSTAGRAM: MetaDialect = {
  platform: 'instagram',
  signatures: [...DOCUMENTED, ...META_SIGNATURES, UNDOCUMENTED],
  pauses: INSTAGRAM_PAUSES,
};
