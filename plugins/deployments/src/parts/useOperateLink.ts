import { useRouteRef } from '@backstage/frontend-plugin-api';
import {
  entityRouteParams,
  entityRouteRef,
} from '@backstage/plugin-catalog-react';

/** Where it is said how a service is doing in an environment, and why. Nothing where the portal has no such page. */
export function useOperateLink(
  service: string,
  environment: string,
): string | undefined {
  const page = useRouteRef(entityRouteRef)?.(entityRouteParams(service));
  return page && `${page}/operate?env=${encodeURIComponent(environment)}`;
}
