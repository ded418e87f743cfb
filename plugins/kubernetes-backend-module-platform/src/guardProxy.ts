import {
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Request, RequestHandler } from 'express';
import { clusterOperatePermission } from './clusterOperatePermission';

/** Where a cluster's API has the logs of a pod; names as Kubernetes takes them, so that no path leads elsewhere. */
const LOGS =
  /^\/api\/v1\/namespaces\/[a-z0-9][a-z0-9-]*\/pods\/[a-z0-9][a-z0-9.-]*\/log$/;
/** A token of the caller's own for the cluster. Whoever sends one has the rights of that token, not the portal's. */
const OWN_TOKEN = 'backstage-kubernetes-authorization';

/**
 * Stands in front of Backstage's proxy to clusters, whose permission knows neither method nor path: with it alone, whoever may read
 * logs may do all that the portal's credentials for the cluster allow.
 */
export function guardProxy(deps: {
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
}): RequestHandler {
  const { httpAuth, permissions } = deps;
  return async (request, _response, next) => {
    if (readsLogs(request) || request.get(OWN_TOKEN)) return next();
    const [decision] = await permissions.authorize(
      [{ permission: clusterOperatePermission }],
      {
        credentials: await httpAuth.credentials(request, {
          allow: ['user', 'service'],
        }),
      },
    );
    if (decision.result === AuthorizeResult.ALLOW) return next();
    throw new NotAllowedError(
      `Through the portal you may read the logs of pods, and not ${
        request.method
      } ${pathOf(request).slice(
        0,
        200,
      )}. Ask the platform team, or use kubectl with your own rights.`,
    );
  };
}

function readsLogs(request: Request): boolean {
  return (
    request.method === 'GET' &&
    !request.get('upgrade') &&
    LOGS.test(pathOf(request))
  );
}

/** As it is sent on, with nothing decoded. */
function pathOf({ url }: Request): string {
  return url.split('?')[0];
}
