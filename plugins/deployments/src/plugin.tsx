import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { NeedsSourceBlueprint } from '@highroad/plugin-platform-react';
import DeploymentsIcon from '@mui/icons-material/RocketLaunchOutlined';
import { deploymentsApi } from './api';
import { deploymentNeeds } from './home/needs';
import { deploymentRouteRef, entityRouteRef, rootRouteRef } from './routes';

export const deploymentsPage = PageBlueprint.make({
  params: {
    path: '/deployments',
    title: 'Deployments',
    icon: <DeploymentsIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () =>
      import('./DeploymentsRoutes').then(m => <m.DeploymentsRoutes />),
  },
});

export const deploymentsTab = EntityContentBlueprint.make({
  name: 'deployments',
  params: {
    path: '/deployments',
    title: 'Deployments',
    filter: { kind: 'component' },
    routeRef: entityRouteRef,
    loader: () =>
      import('./entity/DeploymentsTab').then(m => <m.DeploymentsTab />),
  },
});

export const operateTab = EntityContentBlueprint.make({
  name: 'operate',
  params: {
    path: '/operate',
    title: 'Operate',
    filter: { kind: 'component' },
    loader: () => import('./operate/OperateTab').then(m => <m.OperateTab />),
  },
});

export const whereCard = EntityCardBlueprint.make({
  name: 'where',
  params: {
    type: 'content',
    filter: { kind: 'component' },
    loader: () => import('./entity/WhereCard').then(m => <m.WhereCard />),
  },
});

export const needs = NeedsSourceBlueprint.make({ params: deploymentNeeds });

/** Says what runs where, and lets those who may change it. */
export const deploymentsPlugin = createFrontendPlugin({
  pluginId: 'deployments',
  title: 'Deployments',
  routes: {
    root: rootRouteRef,
    deployment: deploymentRouteRef,
    entity: entityRouteRef,
  },
  extensions: [
    deploymentsApi,
    deploymentsPage,
    deploymentsTab,
    needs,
    operateTab,
    whereCard,
  ],
});
