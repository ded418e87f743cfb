import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { notFoundPage } from './notFoundPage';
import { pageLayout } from './pageLayout';

export const layoutModule = createFrontendModule({
  pluginId: 'app',
  extensions: [notFoundPage, pageLayout],
});
