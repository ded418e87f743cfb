import { Config } from '@backstage/config';
import { NotFoundError } from '@backstage/errors';
import { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { readConfigAs } from '../access/readConfigAs';
import { z } from 'zod';

const clusterSchema = z.union([
  z.object({ name: z.string().min(1), kubeconfig: z.string().min(1) }).strict(),
  z
    .object({
      name: z.string().min(1),
      url: z.string().url(),
      token: z.string().min(1),
      /** Base64 of the authority's certificate, PEM */
      caData: z.string().optional(),
    })
    .strict(),
]);
const clustersSchema = z.array(clusterSchema).default([]);
type ClusterSettings = z.output<typeof clusterSchema>;

/** Ways into a cluster, one for the platform itself and one for each account that manifests are applied as. */
export class ClusterAccess {
  readonly #settings: Map<string, ClusterSettings>;
  readonly #apis = new Map<string, KubernetesObjectApi>();

  /** @throws InputError with the path of a bad key under `platform.clusters` */
  static fromConfig(config: Config): ClusterAccess {
    return new ClusterAccess(
      readConfigAs(config, 'platform.clusters', clustersSchema),
    );
  }

  constructor(clusters: ClusterSettings[]) {
    this.#settings = new Map(clusters.map(one => [one.name, one]));
  }

  names(): string[] {
    return [...this.#settings.keys()];
  }

  /**
   * @param as - account to act as; the platform itself if left out
   * @throws NotFoundError that says where to add it
   */
  api(cluster: string, as?: string): KubernetesObjectApi {
    const key = `${cluster} ${as ?? ''}`;
    const known = this.#apis.get(key);
    if (known) return known;
    const api = KubernetesObjectApi.makeApiClient(this.config(cluster, as));
    this.#apis.set(key, api);
    return api;
  }

  /** What a client for streams and logs is made from. */
  config(cluster: string, as?: string): KubeConfig {
    const settings = this.#settings.get(cluster);
    if (!settings) {
      throw new NotFoundError(
        `There is no cluster "${cluster}". Add it under platform.clusters.`,
      );
    }
    const config = new KubeConfig();
    if ('kubeconfig' in settings) {
      config.loadFromFile(settings.kubeconfig);
    } else {
      const { url: server, token, caData } = settings;
      config.loadFromOptions({
        clusters: [{ name: cluster, server, caData }],
        users: [{ name: 'platform', token }],
        contexts: [{ name: cluster, cluster, user: 'platform' }],
        currentContext: cluster,
      });
    }
    if (!as) return config;
    const user = config.getCurrentUser();
    if (!user)
      throw new NotFoundError(`${cluster} has no user to act as others.`);
    const { name } = user;
    config.users = config.users.map(one =>
      one.name === name ? { ...one, impersonateUser: as } : one,
    );
    return config;
  }
}
