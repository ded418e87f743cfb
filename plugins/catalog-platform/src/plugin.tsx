import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  EntityCardBlueprint,
  EntityContentBlueprint,
} from '@backstage/plugin-catalog-react/alpha';
import FactCheckIcon from '@mui/icons-material/FactCheckOutlined';
import { catalogPlatformApi } from './api';
import { canDepend, mayHaveFindings } from './kinds';
import { dependenciesRouteRef, findingsRouteRef } from './routes';

export const dependenciesTab = EntityContentBlueprint.make({
  name: 'dependencies',
  params: {
    path: '/dependencies',
    title: 'Dependencies',
    filter: canDepend,
    routeRef: dependenciesRouteRef,
    loader: () =>
      import('./dependencies/DependenciesTab').then(m => <m.DependenciesTab />),
  },
});

export const breaksCard = EntityCardBlueprint.make({
  name: 'breaks',
  params: {
    type: 'content',
    filter: canDepend,
    loader: () =>
      import('./dependencies/BreaksCard').then(m => <m.BreaksCard />),
  },
});

export const findingsCard = EntityCardBlueprint.make({
  name: 'findings',
  params: {
    type: 'content',
    filter: mayHaveFindings,
    loader: () =>
      import('./findings/FindingsCard').then(m => <m.FindingsCard />),
  },
});

export const findingsPage = PageBlueprint.make({
  name: 'findings',
  params: {
    path: '/findings',
    title: 'Findings',
    noHeader: true,
    icon: <FactCheckIcon fontSize="inherit" />,
    routeRef: findingsRouteRef,
    loader: () =>
      import('./findings/FindingsPage').then(m => <m.FindingsPage />),
  },
});

/** Shows what breaks with what, and what is wrong in catalog files. */
export const catalogPlatformPlugin = createFrontendPlugin({
  pluginId: 'catalog-platform',
  title: 'Findings',
  routes: { root: findingsRouteRef, dependencies: dependenciesRouteRef },
  extensions: [
    catalogPlatformApi,
    dependenciesTab,
    breaksCard,
    findingsCard,
    findingsPage,
  ],
});
