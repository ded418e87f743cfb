import { InputError, NotFoundError } from '@backstage/errors';
import { Deployment } from '@highroad/plugin-deployments-common';
import { ReadStore } from '../database/ReadStore';
import { Requested } from '../database/RequestStore';
import { Environments } from './EnvironmentSettings';

/** What a promotion takes along: a tag may mean another image by now, or another commit, or none. */
export type Promoted = Pick<Requested, 'kind' | 'version' | 'image'> &
  Pick<Deployment, 'digest' | 'commit' | 'manifestsOf'>;

/**
 * What was last deployed well somewhere, as it is taken elsewhere.
 *
 * @throws InputError if it is to be taken to where it is, NotFoundError for an unknown environment, and if nothing was ever deployed
 * well where it is to be taken from
 */
export async function promotedFrom(
  by: { environments: Environments; reader: Pick<ReadStore, 'lastGood'> },
  wanted: { service: string; from: string; to: string },
): Promise<Promoted> {
  const { service, from, to } = wanted;
  if (from === to) {
    throw new InputError(`It cannot be promoted from ${from} to itself.`);
  }
  by.environments.get(from);
  by.environments.get(to);
  const good = await by.reader.lastGood({ service, environment: from });
  if (!good) {
    throw new NotFoundError(
      `Nothing of ${service} was ever deployed well to ${from}, so there is nothing to promote.`,
    );
  }
  const { id: manifestsOf, version, image, digest, commit } = good;
  return {
    kind: 'promotion',
    ...{ version, image, digest, commit, manifestsOf },
  };
}
