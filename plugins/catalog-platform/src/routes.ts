import { createRouteRef } from '@backstage/frontend-plugin-api';

export const findingsRouteRef = createRouteRef();
export const dependenciesRouteRef = createRouteRef();
