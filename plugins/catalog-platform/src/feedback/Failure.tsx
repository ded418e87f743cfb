import { Failure as PlatformFailure } from '@highroad/plugin-platform-react';

/** Says what could not be read from the catalog, why, and what to do. */
export function Failure(props: {
  what: string;
  error: Error;
  onRetry: () => void;
}) {
  return (
    <PlatformFailure
      {...props}
      unaffected="Nothing was changed."
      runbook="/docs/default/component/highroad/runbooks/catalog-does-not-answer/"
    />
  );
}
