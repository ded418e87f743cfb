import { NotFoundError } from '@backstage/errors';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';

const uidSchema = z.object({ uid: z.string() });

/**
 * What tells a cluster from any other: the uid of a namespace that every cluster has, and that is never made anew.
 *
 * @throws NotFoundError if it may not be seen
 */
export async function clusterUid(
  client: Pick<ClusterClient, 'find'>,
): Promise<string> {
  const found = await client.find({ kind: 'Namespace', name: 'kube-system' });
  if (!found) throw new NotFoundError('The cluster shows no kube-system.');
  return uidSchema.parse(found.metadata).uid;
}
