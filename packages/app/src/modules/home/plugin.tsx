import {
  createExtensionInput,
  createFrontendPlugin,
  createRouteRef,
  PageBlueprint,
} from '@backstage/frontend-plugin-api';
import {
  homeCardDataRef,
  needsSourceDataRef,
} from '@highroad/plugin-platform-react';
import HomeIcon from '@mui/icons-material/HomeOutlined';
import { ownSources } from './sources';

const rootRouteRef = createRouteRef();

const homePage = PageBlueprint.makeWithOverrides({
  inputs: {
    needs: createExtensionInput([needsSourceDataRef]),
    cards: createExtensionInput([homeCardDataRef]),
  },
  factory(original, { inputs }) {
    const sources = [
      ...inputs.needs.map(one => one.get(needsSourceDataRef)),
      ...ownSources,
    ];
    const cards = inputs.cards.map(one => one.get(homeCardDataRef));
    return original({
      path: '/',
      title: 'Home',
      icon: <HomeIcon fontSize="inherit" />,
      routeRef: rootRouteRef,
      // The page's own frame has its title, and one title is enough.
      noHeader: true,
      loader: () =>
        import('./HomePage').then(m => <m.HomePage {...{ sources, cards }} />),
    });
  },
});

export const homePlugin = createFrontendPlugin({
  pluginId: 'home',
  title: 'Home',
  routes: { root: rootRouteRef },
  extensions: [homePage],
});
