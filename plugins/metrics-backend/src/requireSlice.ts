import { NotAllowedError } from '@backstage/errors';
import { metricsReadPermission } from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';

/**
 * Lets pass who may see the numbers of a group, system or service; without one, who may see all.
 *
 * @throws NotAllowedError that says what else may be asked
 */
export async function requireSlice(
  { visible }: Pick<Call, 'visible'>,
  slice?: string,
): Promise<void> {
  const seen = await visible(async () => (slice ? [slice] : []));
  if (!seen || seen.length > 0) return;
  const { name } = metricsReadPermission;
  throw new NotAllowedError(
    slice
      ? `You may not see the numbers of ${slice}: it takes ${name}.`
      : `You may see the numbers of some groups, systems and services only, by ${name}. Name one of them as slice.`,
  );
}
