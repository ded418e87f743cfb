import { createApp } from '@backstage/frontend-defaults';
import { homePlugin } from './modules/home';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';
import { themeModule } from './modules/theme';

export default createApp({
  features: [homePlugin, navModule, signInModule, themeModule],
});
