/**
 * What the pages of all domains share.
 *
 * @packageDocumentation
 */
export { Failure, reasonOf, statusOf } from './Failure';
export { HomeCardBlueprint, homeCardDataRef } from './HomeCard';
export type { HomeCard } from './HomeCard';
export { IconLabel } from './IconLabel';
export { isProductionUnsaid } from './isProductionUnsaid';
export { NeedsSourceBlueprint, needsSourceDataRef } from './Need';
export type { Need, NeedsSource } from './Need';
export { PageFrame } from './PageFrame';
export { pause } from './pause';
export { RelativeTime, relative } from './RelativeTime';
export { ServiceField } from './ServiceField';
export { Snippet } from './Snippet';
export type { Followed } from './useFollowed';
export { useFollowed } from './useFollowed';
export type { News } from './useNews';
export { useNews } from './useNews';
export { Waiting } from './Waiting';
