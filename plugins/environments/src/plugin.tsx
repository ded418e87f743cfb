import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import { NeedsSourceBlueprint } from '@highroad/plugin-platform-react';
import EnvironmentsIcon from '@mui/icons-material/LayersOutlined';
import { environmentsApi } from './api';
import { environmentNeeds } from './home/needs';
import { environmentRouteRef, newRouteRef, rootRouteRef } from './routes';

export const environmentsPage = PageBlueprint.make({
  params: {
    path: '/environments',
    title: 'Environments',
    icon: <EnvironmentsIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () =>
      import('./EnvironmentsRoutes').then(m => <m.EnvironmentsRoutes />),
  },
});

export const environmentsTab = EntityContentBlueprint.make({
  name: 'environments',
  params: {
    path: '/environments',
    title: 'Environments',
    filter: { kind: 'component' },
    loader: () =>
      import('./entity/EnvironmentsTab').then(m => <m.EnvironmentsTab />),
  },
});

export const previewsCard = EntityCardBlueprint.make({
  name: 'previews',
  params: {
    type: 'content',
    filter: { kind: 'component' },
    loader: () => import('./entity/PreviewsCard').then(m => <m.PreviewsCard />),
  },
});

export const needs = NeedsSourceBlueprint.make({ params: environmentNeeds });

/** Says where previews are and how long they live, and lets those who may make and end them. */
export const environmentsPlugin = createFrontendPlugin({
  pluginId: 'environments',
  title: 'Environments',
  routes: {
    root: rootRouteRef,
    new: newRouteRef,
    environment: environmentRouteRef,
  },
  extensions: [
    environmentsApi,
    environmentsPage,
    environmentsTab,
    needs,
    previewsCard,
  ],
});
