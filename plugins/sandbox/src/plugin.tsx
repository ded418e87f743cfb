import {
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import ServersIcon from '@mui/icons-material/DnsOutlined';
import { sandboxApi } from './api';

const rootRouteRef = createRouteRef();

const sandboxPage = PageBlueprint.make({
  params: {
    path: '/sandbox',
    title: 'Sandbox',
    icon: <ServersIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    // The page's own frame has its title, and one title is enough.
    noHeader: true,
    loader: () => import('./page').then(m => <m.SandboxRouter />),
  },
});

export const sandboxPlugin = createFrontendPlugin({
  pluginId: 'sandbox',
  title: 'Sandbox',
  routes: { root: rootRouteRef },
  extensions: [sandboxApi, sandboxPage],
});
