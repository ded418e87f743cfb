import { Readiness } from '@highroad/plugin-deployments-common';

/** "2 pods ready", "1 of 3 pods ready", "none of 3 pods ready", "scaled to no pods". */
export function podsText({ wanted, ready }: Readiness): string {
  if (wanted === 0) return 'scaled to no pods';
  const pods = wanted === 1 ? 'pod' : 'pods';
  if (ready >= wanted) return `${wanted} ${pods} ready`;
  return `${ready === 0 ? 'none' : ready} of ${wanted} ${pods} ready`;
}
