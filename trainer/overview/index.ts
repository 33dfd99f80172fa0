/** What displays show of a trainer: gathered in one place, and sent as small changes. */
export type { Card, Saying } from './card';
export { mergePatch } from './delta';
export { type About, Gatherer } from './gather';
export { History } from './history';
export { linearWeights, type ModelView, modelView, REGION_POINTS, regions } from './model_view';
