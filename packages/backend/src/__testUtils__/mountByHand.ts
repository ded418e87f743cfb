import {
  HttpRouterService,
  RootHttpRouterService,
} from '@backstage/backend-plugin-api';
import { RequestHandler } from 'express';

/** Mounts something by hand, as code of ours that must be noticed would. */
export function mountByHand(
  root: RootHttpRouterService,
  router: HttpRouterService,
  handler: RequestHandler,
): void {
  router.use(handler);
  root.use('/beside', handler);
}
