import {
  ClusterClient,
  ClusterError,
} from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';

const uidSchema = z.object({ uid: z.string() });

/**
 * What tells a cluster from any other: the uid of a namespace that every cluster has, and that is never made anew.
 *
 * @returns nothing where it is not shown
 */
export async function clusterUid(
  client: Pick<ClusterClient, 'find'>,
): Promise<string | undefined> {
  try {
    const found = await client.find({ kind: 'Namespace', name: 'kube-system' });
    return found && uidSchema.parse(found.metadata).uid;
  } catch (error) {
    if (error instanceof ClusterError && error.code === 403) return undefined;
    throw error;
  }
}
