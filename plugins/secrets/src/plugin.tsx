import {
  createFrontendPlugin,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import SecretsIcon from '@mui/icons-material/KeyOutlined';
import { secretsApi } from './api';
import { rootRouteRef } from './routes';

export const secretsPage = PageBlueprint.make({
  params: {
    path: '/secrets',
    title: 'Secrets',
    icon: <SecretsIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import('./page/SecretsPage').then(m => <m.SecretsPage />),
  },
});

export const secretsTab = EntityContentBlueprint.make({
  name: 'secrets',
  params: {
    path: '/secrets',
    title: 'Secrets',
    filter: { kind: 'component' },
    loader: () => import('./entity/SecretsTab').then(m => <m.SecretsTab />),
  },
});

/** Says which secrets a service has where, and lets its owners change them. */
export const secretsPlugin = createFrontendPlugin({
  pluginId: 'secrets',
  title: 'Secrets',
  routes: { root: rootRouteRef },
  extensions: [secretsApi, secretsPage, secretsTab],
});
