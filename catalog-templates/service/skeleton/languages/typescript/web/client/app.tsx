import { Suspense, use } from 'react';
import { RouterProvider, type RouterProviderProps } from 'react-router';
import { ConfigContext, loadConfig, type Config } from './config.ts';
import { ErrorBoundary } from './error-boundary.tsx';

interface AppProps {
  router: RouterProviderProps['router'];
  /** Given by tests; asked of the server once otherwise. */
  config?: Promise<Config>;
}

let loaded: Promise<Config> | undefined;

export function App({ router, config }: AppProps) {
  return (
    <ErrorBoundary>
      <Suspense fallback={<p role="status">Loading…</p>}>
        <Configured router={router} config={config ?? (loaded ??= loadConfig())} />
      </Suspense>
    </ErrorBoundary>
  );
}

function Configured({ router, config }: Required<AppProps>) {
  return (
    <ConfigContext value={use(config)}>
      <RouterProvider router={router} />
    </ConfigContext>
  );
}
