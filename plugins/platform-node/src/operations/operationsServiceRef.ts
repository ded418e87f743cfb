import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  Delivery,
  Operation,
  Operations,
  permissionsFor,
} from '@highroad/plugin-platform-common';
import createPromiseRouter from 'express-promise-router';
import { Gate } from '../access/Gate';
import { configuredEnvironments } from '../access/configuredEnvironments';
import { MachineAccess } from '../access/MachineAccess';
import { productionCheck } from '../access/productionCheck';
import { RefusalRecords } from '../access/RefusalRecords';
import { createDeliveryRouter, DeliveryTaker } from './createDeliveryRouter';
import { createOperationRouter, refusesItself } from './createOperationRouter';
import { Implementations } from './Implementation';
import { openApiDocument } from './openApi';
import { OperationRunner } from './OperationRunner';
import { OperationTable } from './OperationTable';
import { registerActions } from './registerActions';

/** Where each plugin answers with the description of what it declares. */
export const OPENAPI_PATH = '/platform/openapi.json';

/** Serves what a plugin declares: its routes, its actions, its permissions, its webhooks and its OpenAPI document. */
export interface OperationsService {
  /** @throws ConflictError if something of that name or route is served already */
  serve<T extends Operations>(
    operations: T,
    implementations: Implementations<T>,
  ): void;
  /**
   * Takes what another system tells, without a sign-in and signed.
   *
   * @throws ConflictError if something of that name or route is served already
   */
  receive<Signer>(delivery: Delivery, taker: DeliveryTaker<Signer>): void;
}

/** All that is served in this process. */
export const operationTableServiceRef = createServiceRef<OperationTable>({
  id: 'platform.operation-table',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {},
      factory: () => new OperationTable(),
    }),
});

export const operationsServiceRef = createServiceRef<OperationsService>({
  id: 'platform.operations',
  scope: 'plugin',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        actionsRegistry: actionsRegistryServiceRef,
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        plugin: coreServices.pluginMetadata,
        table: operationTableServiceRef,
      },
      factory(deps) {
        const { actionsRegistry, auditor, auth, config, httpAuth } = deps;
        const { httpRouter, lifecycle, logger, permissions, table } = deps;
        const plugin = deps.plugin.getId();
        const environments = configuredEnvironments(config);
        const isEnvironment = (name: string) =>
          environments.some(one => one.name === name);
        const runner = new OperationRunner({
          ...{ auditor, isEnvironment, logger },
          gate: new Gate({
            auth,
            permissions,
            machines: MachineAccess.fromConfig(config),
          }),
          isProduction: productionCheck(config),
        });
        let documented = false;
        const document = () => {
          if (documented) return;
          documented = true;
          const router = createPromiseRouter();
          router.get(OPENAPI_PATH, async (request, response) => {
            await httpAuth.credentials(request, {
              allow: ['user', 'service'],
            });
            response.json(
              openApiDocument(
                plugin,
                table.of(plugin),
                table.deliveriesOf(plugin),
              ),
            );
          });
          httpRouter.use(router);
        };
        return {
          serve(operations, implementations) {
            const all: Operation[] = Object.values(operations);
            table.add(all);
            deps.permissionsRegistry.addPermissions(permissionsOf(all));
            const strict = all.filter(refusesItself);
            const refusals = new RefusalRecords({
              ...{ auditor, logger, door: 'api' },
              eventId: 'refused',
            });
            lifecycle.addShutdownHook(() => refusals.flush());
            for (const { http } of strict) {
              // The route asks who it is, as the router would before it, and records who is refused.
              httpRouter.addAuthPolicy({
                ...{ path: http.path, allow: 'unauthenticated' },
              });
            }
            httpRouter.use(
              createOperationRouter(operations, implementations, {
                ...{ httpAuth, isEnvironment, refusals, runner },
              }),
            );
            registerActions(operations, implementations, {
              actionsRegistry,
              runner,
            });
            document();
          },
          receive(delivery, taker) {
            table.addDelivery(delivery);
            const refusals = new RefusalRecords({
              ...{ auditor, logger, eventId: delivery.event },
            });
            lifecycle.addShutdownHook(() => refusals.flush());
            httpRouter.use(createDeliveryRouter(delivery, taker, refusals));
            httpRouter.addAuthPolicy({
              ...{ path: delivery.path, allow: 'unauthenticated' },
            });
            document();
          },
        };
      },
    }),
});

/** Each once; those of other plugins, which operations here may go by, are theirs to tell. */
function permissionsOf(operations: Operation[]) {
  const permissions = operations.flatMap(permissionsFor);
  return permissions.filter(
    (one, at) =>
      one.name.startsWith('platform.') &&
      permissions.findIndex(other => other.name === one.name) === at,
  );
}
