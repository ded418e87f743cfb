import {
  AuditorService,
  AuditorServiceEvent,
  HttpAuthService,
  LoggerService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { Request, RequestHandler, Response } from 'express';
import { clusterOperatePermission } from './clusterOperatePermission';

/** Where a cluster's API has the logs of a pod; names as Kubernetes takes them, so that no path leads elsewhere. */
const LOGS =
  /^\/api\/v1\/namespaces\/[a-z0-9][a-z0-9-]*\/pods\/[a-z0-9][a-z0-9.-]*\/log$/;
/** A token of the caller's own for the cluster. Whoever sends one has the rights of that token, not the portal's. */
const OWN_TOKEN = 'backstage-kubernetes-authorization';

/** What it is recorded as. */
const EVENT = 'cluster-operate';

/**
 * Stands in front of Backstage's proxy to clusters, whose permission knows neither method nor path: with it alone, whoever may read
 * logs may do all that the portal's credentials for the cluster allow. What changes a cluster or reads its secrets is refused
 * where it cannot be recorded.
 */
export function guardProxy(deps: {
  auditor: AuditorService;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  permissions: PermissionsService;
}): RequestHandler {
  const { auditor, httpAuth, logger, permissions } = deps;
  const begin = (
    request: Request,
    severityLevel: 'high' | 'critical',
    refused?: true,
  ) =>
    auditor.createEvent({
      ...{ eventId: EVENT, severityLevel, request },
      meta: {
        ...{ method: request.method, path: shortPathOf(request) },
        cluster: request.get('backstage-kubernetes-cluster') ?? '',
        ...(refused && { platform: { refused } }),
      },
    });
  return async (request, response, next) => {
    if (readsLogs(request) || request.get(OWN_TOKEN)) return next();
    const [decision] = await permissions.authorize(
      [{ permission: clusterOperatePermission }],
      {
        credentials: await httpAuth.credentials(request, {
          allow: ['user', 'service'],
        }),
      },
    );
    if (decision.result !== AuthorizeResult.ALLOW) {
      const error = new NotAllowedError(
        `Through the portal you may read the logs of pods, and not ${
          request.method
        } ${shortPathOf(
          request,
        )}. Ask the platform team, or use kubectl with your own rights.`,
      );
      // A refusal stands whether it can be recorded or not.
      await begin(request, 'high', true)
        .then(event => event.fail({ error }))
        .catch(failure =>
          logger.error(`A refusal was not recorded. ${failure}`),
        );
      throw error;
    }
    // Without a record before it, nothing is changed and no secret read: the ledger throws, and says so.
    const grave = changes(request) || readsSecrets(request);
    const event = await begin(request, grave ? 'critical' : 'high');
    response.once('close', () => {
      recordEnd(event, response).catch(failure =>
        logger.error(
          `What came of a request to a cluster was not recorded. ${failure}`,
        ),
      );
    });
    return next();
  };
}

function recordEnd(
  event: AuditorServiceEvent,
  { statusCode, writableFinished }: Response,
): Promise<void> {
  if (writableFinished && statusCode < 400) return event.success();
  const why = writableFinished
    ? `It was answered with ${statusCode}.`
    : 'Whoever asked went before the answer.';
  return event.fail({ error: new Error(why) });
}

/** Whether it may change something; a channel into a pod may do anything. */
function changes(request: Request): boolean {
  return (
    !['GET', 'HEAD', 'OPTIONS'].includes(request.method) ||
    Boolean(request.get('upgrade'))
  );
}

/** Whether secrets may be in the answer. A cluster decodes paths before it reads them. */
function readsSecrets(request: Request): boolean {
  try {
    return /\/secrets(\/|$)/.test(decodeURIComponent(pathOf(request)));
  } catch {
    return true;
  }
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

function shortPathOf(request: Request): string {
  return pathOf(request).slice(0, 200);
}
