import type { RouteObject } from 'react-router';
import { ErrorMessage } from './error-message.tsx';
import { Layout } from './layout.tsx';
import { AboutPage } from './pages/about.tsx';
import { HomePage } from './pages/home.tsx';
import { NotFoundPage } from './pages/not-found.tsx';

export const routes: RouteObject[] = [
  {
    Component: Layout,
    ErrorBoundary: ErrorMessage,
    children: [
      { path: '/', Component: HomePage },
      { path: '/about', Component: AboutPage },
      { path: '*', Component: NotFoundPage },
    ],
  },
];
