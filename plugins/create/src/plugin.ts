import { createFrontendPlugin } from '@backstage/frontend-plugin-api';
import { FormFieldBlueprint } from '@backstage/plugin-scaffolder-react/alpha';
import { createClientApi } from './api';

const serviceName = FormFieldBlueprint.make({
  name: 'service-name',
  params: {
    field: () => import('./ServiceName').then(m => m.serviceNameField),
  },
});

const gitHost = FormFieldBlueprint.make({
  name: 'git-host',
  params: { field: () => import('./GitHost').then(m => m.gitHostField) },
});

const ownerTeam = FormFieldBlueprint.make({
  name: 'owner-team',
  params: { field: () => import('./OwnerTeam').then(m => m.ownerTeamField) },
});

const servicePreview = FormFieldBlueprint.make({
  name: 'service-preview',
  params: {
    field: () => import('./ServicePreview').then(m => m.servicePreviewField),
  },
});

export const createPlugin = createFrontendPlugin({
  pluginId: 'create',
  title: 'Create',
  extensions: [
    createClientApi,
    serviceName,
    gitHost,
    ownerTeam,
    servicePreview,
  ],
});
