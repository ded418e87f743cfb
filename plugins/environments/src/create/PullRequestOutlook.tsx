import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { PullRequestPreview } from '@highroad/plugin-environments-common';
import { Snippet } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { environmentRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { ownerName } from '../words/short';
import { Problems } from './Problems';

/** What a pull request would get, what it has, and what is in its way. */
export function PullRequestOutlook(props: {
  preview: PullRequestPreview;
  busy: boolean;
  onMake: () => void;
}) {
  const { preview, busy, onMake } = props;
  const { pullRequest, name, commit, owner, manifest, environment } = preview;
  const page = useRouteRef(environmentRouteRef);
  const makeLabel = environment ? 'Bring up to date' : 'Create it';
  return (
    <>
      <Typography>
        <Link to={pullRequest.url}>{pullRequest.title}</Link>,{' '}
        {pullRequest.branch}
        {commit && (
          <>
            {' '}
            at <code title={commit}>{commit.slice(0, 7)}</code>
          </>
        )}
        , by {pullRequest.author}
        {pullRequest.fork && ', from a fork'}
        {owner && `. It would be ${ownerName(owner)}’s.`}
      </Typography>
      {environment && page && (
        <Alert severity="info">
          There is one already:{' '}
          <Link
            to={`${page({ name })}?home=${encodeURIComponent(
              environment.home,
            )}`}
          >
            {name}
          </Link>
          . {environment.message}
          {preview.upToDate && ' It is what the pull request asks for.'}
        </Alert>
      )}
      {preview.obstacle && (
        <Alert severity="warning">
          {preview.obstacle} <Link to={RUNBOOK.pullRequest}>What to do</Link>
        </Alert>
      )}
      {preview.problems.length > 0 && (
        <>
          <Problems problems={preview.problems} />
          <Link to={RUNBOOK.refused}>What to do</Link>
        </>
      )}
      {manifest && (
        <>
          <Snippet text={manifest} />
          {!preview.upToDate && (
            <Box>
              <Button variant="contained" disabled={busy} onClick={onMake}>
                {busy ? 'Asking' : makeLabel}
              </Button>
            </Box>
          )}
        </>
      )}
    </>
  );
}
