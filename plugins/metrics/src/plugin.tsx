import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import { HomeCardBlueprint } from '@highroad/plugin-platform-react';
import MetricsIcon from '@mui/icons-material/InsightsOutlined';
import { metricsApi } from './api';
import { rootRouteRef } from './routes';

export const metricsPage = PageBlueprint.make({
  params: {
    path: '/metrics',
    title: 'Metrics',
    icon: <MetricsIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import('./page/MetricsPage').then(m => <m.MetricsPage />),
  },
});

export const metricsTab = EntityContentBlueprint.make({
  name: 'metrics',
  params: {
    path: '/metrics',
    title: 'Metrics',
    filter: { kind: 'component' },
    loader: () => import('./entity/MetricsTab').then(m => <m.MetricsTab />),
  },
});

export const deliveryCard = HomeCardBlueprint.make({
  name: 'delivery',
  params: {
    title: 'How delivery goes',
    loader: () => import('./home/DeliveryCard').then(m => <m.DeliveryCard />),
  },
});

/** Says whether delivery gets better, compared with what, and why. */
export const metricsPlugin = createFrontendPlugin({
  pluginId: 'metrics',
  title: 'Metrics',
  routes: { root: rootRouteRef },
  extensions: [metricsApi, metricsPage, metricsTab, deliveryCard],
});
