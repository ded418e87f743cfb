import {
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import { EntityContentBlueprint } from '@backstage/plugin-catalog-react/alpha';
import AuditIcon from '@mui/icons-material/HistoryEduOutlined';
import { auditApi } from './api';

const rootRouteRef = createRouteRef();

const auditPage = PageBlueprint.make({
  params: {
    path: '/audit',
    title: 'Audit',
    icon: <AuditIcon fontSize="inherit" />,
    routeRef: rootRouteRef,
    noHeader: true,
    loader: () => import('./page/AuditPage').then(m => <m.AuditPage />),
  },
});

const auditTab = EntityContentBlueprint.make({
  name: 'records',
  params: {
    path: '/audit',
    title: 'Audit',
    filter: { kind: 'component' },
    loader: () => import('./entity/AuditTab').then(m => <m.AuditTab />),
  },
});

/** Shows who did what to which service, where, when, by which door, and how it ended. */
export const auditPlugin = createFrontendPlugin({
  pluginId: 'audit',
  title: 'Audit',
  routes: { root: rootRouteRef },
  extensions: [auditApi, auditPage, auditTab],
});
