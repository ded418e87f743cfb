import { createApp } from '@backstage/frontend-defaults';
import { createModule } from './modules/create';
import { homePlugin } from './modules/home';
import { layoutModule } from './modules/layout';
import { navModule } from './modules/nav';
import { signInModule } from './modules/signIn';
import { themeModule } from './modules/theme';
import { wordsModule } from './modules/words';

export default createApp({
  features: [
    createModule,
    homePlugin,
    layoutModule,
    navModule,
    signInModule,
    themeModule,
    wordsModule,
  ],
});
