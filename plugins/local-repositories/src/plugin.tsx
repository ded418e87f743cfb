import {
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import RepositoryIcon from '@mui/icons-material/AccountTreeOutlined';
import { localRepositoriesApi } from './api';

const rootRouteRef = createRouteRef();

const repositoriesPage = PageBlueprint.make({
  params: {
    path: '/repositories',
    title: 'Repositories',
    icon: <RepositoryIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    // The page's own frame has its title, and one title is enough.
    noHeader: true,
    loader: () => import('./pages').then(m => <m.RepositoriesRouter />),
  },
});

export const localRepositoriesPlugin = createFrontendPlugin({
  pluginId: 'local-repositories',
  title: 'Repositories',
  routes: { root: rootRouteRef },
  extensions: [localRepositoriesApi, repositoriesPage],
});
