import { Target } from '../Target';

/**
 * How a pod of a service has its images fetched. The registry's credentials are the platform's: by a pull request from a
 * fork they are used only where it is configured which images these may have. Otherwise its images are fetched without, and
 * asked for at each start, so that none is started that a node keeps for others.
 */
export function imagePullOf({
  spec,
  settings,
}: Pick<Target, 'spec' | 'settings'>): {
  pod: { imagePullSecrets?: { name: string }[] };
  container: { imagePullPolicy?: 'Always' };
} {
  const { imagePullSecret, forkImages } = settings;
  if (spec.pullRequest?.fork && !forkImages) {
    return { pod: {}, container: { imagePullPolicy: 'Always' } };
  }
  return {
    pod: imagePullSecret
      ? { imagePullSecrets: [{ name: imagePullSecret }] }
      : {},
    container: {},
  };
}
