import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { writeOwnFile } from '../machine/files';
import { startClusterProxy } from './clusterProxy';

const versionSchema = z.object({ gitVersion: z.string() });
const ANSWER_WITHIN_MS = 15_000;

/**
 * Connects a portal to the cluster of a kubeconfig: keeps an address open that leads there, and writes the portal's
 * configuration for it.
 *
 * @param options.config - file to write, for the owner only: it holds the address's token
 * @returns which cluster it is, and a way to end it
 * @throws Error that says what is wrong with the kubeconfig, or that the cluster does not answer
 */
export async function connectCluster(options: {
  kubeconfig: string;
  context?: string;
  config: string;
}): Promise<{ name: string; version: string; close: () => Promise<void> }> {
  const file = resolve(options.kubeconfig);
  if (!existsSync(file)) throw new Error(`There is no kubeconfig ${file}.`);
  const { KubeConfig } = await import('@kubernetes/client-node');
  const kubeconfig = new KubeConfig();
  kubeconfig.loadFromFile(file);
  if (options.context) kubeconfig.setCurrentContext(options.context);
  const context = kubeconfig.getCurrentContext();
  const cluster = kubeconfig.getCurrentCluster();
  if (!cluster) {
    const known = kubeconfig.getContexts().map(one => one.name);
    throw new Error(
      `${file} has no cluster for the context "${context}". Its contexts: ${
        known.join(', ') || 'none'
      }.`,
    );
  }
  const token = randomBytes(24).toString('base64url');
  const { address, close } = await startClusterProxy({
    server: cluster.server,
    token,
    authorize: request => kubeconfig.applyToHTTPSOptions(request),
  });
  try {
    const version = await versionAt(address, token, cluster.server);
    await writeOwnFile(
      options.config,
      stringify({
        kubernetes: {
          clusterLocatorMethods: [
            {
              type: 'config',
              clusters: [
                {
                  name: context || cluster.name,
                  url: address,
                  authProvider: 'serviceAccount',
                  serviceAccountToken: token,
                },
              ],
            },
          ],
        },
      }),
    );
    return { name: context || cluster.name, version, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function versionAt(
  address: string,
  token: string,
  server: string,
): Promise<string> {
  const response = await fetch(`${address}/version`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
  }).catch(error => {
    throw new Error(
      `The cluster at ${server} does not answer (${error.name}). Try: kubectl get nodes`,
    );
  });
  const body = await response.json();
  if (!response.ok) {
    throw new Error(
      `The cluster at ${server} answers ${response.status}: ${
        body?.message ?? 'it does not say why'
      }`,
    );
  }
  return versionSchema.parse(body).gitVersion;
}
