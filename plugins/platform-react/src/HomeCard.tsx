import {
  createExtensionBlueprint,
  createExtensionDataRef,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import { ReactElement } from 'react';

/** A titled part of the home page, beside what needs the reader. */
export interface HomeCard {
  title: string;
  element: ReactElement;
}

export const homeCardDataRef = createExtensionDataRef<HomeCard>().with({
  id: 'platform.home-card',
});

/** Adds a part to the home page: something at a glance that leads to the domain's own page. */
export const HomeCardBlueprint = createExtensionBlueprint({
  kind: 'home-card',
  attachTo: { id: 'page:home', input: 'cards' },
  output: [homeCardDataRef],
  *factory(
    params: { title: string; loader: () => Promise<ReactElement> },
    { node },
  ) {
    const { title, loader } = params;
    yield homeCardDataRef({
      title,
      element: ExtensionBoundary.lazy(node, loader),
    });
  },
});
