import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

const routers = ['none', 'nginx'] as const;

/** What splits the traffic between a canary and what ran before: an ingress, or nothing but how many pods each has. */
export type CanaryRouter = (typeof routers)[number];

const KEY = 'platform.create.canaryRouter';

/** @throws InputError for one that the templates do not know */
export function readCanaryRouter(config: Config): CanaryRouter {
  const wanted = config.getOptionalString(KEY) ?? 'none';
  const known = routers.find(one => one === wanted);
  if (known) return known;
  throw new InputError(
    `${KEY}: the templates do not know "${wanted}". Write nginx for an ingress that reads the canary annotations of ingress-nginx, or leave it out.`,
  );
}
