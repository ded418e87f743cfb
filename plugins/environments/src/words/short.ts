import { parseEntityRef } from '@backstage/catalog-model';
import {
  durationWords,
  Environment,
  PullRequestReference,
} from '@highroad/plugin-environments-common';

/** An owner as people call it; what is no reference stays as it is. */
export function ownerName(ref: string): string {
  try {
    const { namespace, name } = parseEntityRef(ref, {
      defaultKind: 'group',
      defaultNamespace: 'default',
    });
    return namespace === 'default' ? name : `${namespace}/${name}`;
  } catch {
    return ref;
  }
}

/** Such as `acme/cart#12`. */
export function pullRequestText({
  repository,
  number,
}: Pick<PullRequestReference, 'repository' | 'number'>): string {
  return `${repository}#${number}`;
}

/** How long it stays, in words: `6 d 3 h left`. */
export function timeLeft(
  { kept, expiresAt }: Pick<Environment, 'kept' | 'expiresAt'>,
  now: number,
): string {
  if (kept) return 'kept';
  if (!expiresAt) return '';
  const left = Date.parse(expiresAt) - now;
  return left <= 0 ? 'its time is up' : `${durationWords(left)} left`;
}
