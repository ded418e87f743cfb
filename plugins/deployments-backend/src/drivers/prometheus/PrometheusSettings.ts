import { Config } from '@backstage/config';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { z } from 'zod';

const address = z
  .string()
  .url('use an address such as http://prometheus.monitoring.svc:9090')
  .transform(text => text.replace(/\/$/, ''));

const prometheusSchema = z
  .object({
    url: address,
    token: z.string().min(1).optional(),
    urlFromCluster: address.optional(),
  })
  .strict()
  .optional();

/** The Prometheus that conditions are asked of. */
export interface PrometheusSettings {
  /** As this backend reaches it, without a slash at its end */
  url: string;
  /** Bearer token */
  token?: string;
  /** As Argo Rollouts reaches it, which has no token to give; none where it cannot */
  urlFromCluster?: string;
}

/**
 * @returns nothing where none is connected
 * @throws InputError with the path of a bad key under `platform.prometheus`
 */
export function readPrometheusSettings(
  config: Config,
): PrometheusSettings | undefined {
  const read = readConfigAs(config, 'platform.prometheus', prometheusSchema);
  if (!read) return undefined;
  const { url, token } = read;
  // A token would lie in the namespace of the service, for everyone who can read there.
  const urlFromCluster = read.urlFromCluster ?? (token ? undefined : url);
  return { url, token, urlFromCluster };
}
