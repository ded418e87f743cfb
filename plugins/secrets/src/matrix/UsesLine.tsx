import { RelativeTime } from '@highroad/plugin-platform-react';
import { DeployedUses } from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import Typography from '@mui/material/Typography';

/** From which manifests it is known what programs need, since nobody looks at any other. */
export function UsesLine({ uses }: { uses: DeployedUses[] | undefined }) {
  if (!uses) {
    return (
      <Alert severity="info">
        Which programs use these keys cannot be seen now.
      </Alert>
    );
  }
  if (uses.length === 0) {
    return (
      <Typography variant="body2" color="text.secondary">
        What its programs need is not known yet: it is read from manifests that
        are deployed, or looked at with “Check and compare” before.
      </Typography>
    );
  }
  const newestFirst = [...uses].sort((a, b) => b.at.localeCompare(a.at));
  return (
    <Typography variant="body2" color="text.secondary">
      What its programs need is known from{' '}
      {newestFirst.map(({ at, checked, environment, version }, index) => (
        <span key={`${environment} ${version} ${checked}`}>
          {index > 0 && ', '}
          {version} ({checked ? 'looked at for' : 'deployed to'} {environment}{' '}
          <RelativeTime time={at} />)
        </span>
      ))}
      .
    </Typography>
  );
}
