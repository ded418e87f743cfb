import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { navContent } from './Sidebar';

export const navModule = createFrontendModule({
  pluginId: 'app',
  extensions: [navContent],
});
