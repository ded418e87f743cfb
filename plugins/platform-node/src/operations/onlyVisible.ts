import { Call } from './Implementation';

/** Leaves out of a list what the caller may not see. */
export async function onlyVisible<T>(
  items: T[],
  options: {
    /** What the permission of the operation is decided on; what gives none is for those who may see all */
    referenceOf: (item: T) => string;
    visible: Call['visible'];
  },
): Promise<T[]> {
  const { referenceOf, visible } = options;
  const seen = await visible(async () => [
    ...new Set(items.map(referenceOf).filter(Boolean)),
  ]);
  if (!seen) return items;
  const shown = new Set(seen);
  return items.filter(item => shown.has(referenceOf(item)));
}
