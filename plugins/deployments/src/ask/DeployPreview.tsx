import { Link } from '@backstage/core-components';
import {
  Commit,
  DeploymentState,
  Preview,
} from '@highroad/plugin-deployments-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { StateLabel } from '../parts/StateLabel';
import { RUNBOOK } from '../runbooks';
import { AskedPreview, usePreview } from './usePreview';

/** What deploying or promoting would change, once somebody wants to know: it asks the registry and the Git host. */
export function DeployPreview(props: AskedPreview) {
  const { service, environment, version, from } = props;
  const asked = JSON.stringify([service, environment, version, from]);
  const [wanted, setWanted] = useState<string>();
  if (wanted !== asked) {
    return (
      <Button
        size="small"
        variant="outlined"
        sx={{ alignSelf: 'flex-start' }}
        onClick={() => setWanted(asked)}
      >
        Check and compare
      </Button>
    );
  }
  return <Loaded key={asked} {...props} />;
}

function Loaded(props: AskedPreview) {
  const { service } = props;
  const { checks, value, error, retry } = usePreview(props);
  const isWaiting = !value && !error;
  return (
    <Stack spacing={1.5} component="section" aria-label="What it would change">
      <Checks checks={checks} service={service} />
      {isWaiting && <Waiting label="Checking and comparing" rows={2} />}
      {error && (
        <Failure
          what="What it would change could not be found out"
          error={error}
          unaffected="It can be deployed all the same; it is checked again then."
          runbook={RUNBOOK.failed}
          onRetry={retry}
        />
      )}
      {value && (
        <>
          <Commits commits={value.commits} />
          <Manifests manifests={value.manifests} />
        </>
      )}
    </Stack>
  );
}

/** As which states of a deployment those of a check look. */
const STATES: Record<Preview['checks'][number]['state'], DeploymentState> = {
  running: 'checking',
  succeeded: 'succeeded',
  failed: 'failed',
  skipped: 'cancelled',
};

function Checks(props: { checks: Preview['checks']; service: string }) {
  const { checks, service } = props;
  return (
    <Box
      component="ul"
      aria-label="Checks"
      aria-live="polite"
      sx={{ m: 0, p: 0, fontSize: 14 }}
    >
      {checks.map(({ name, state, summary, evidence }) => (
        <Box component="li" key={name} sx={{ listStyle: 'none' }}>
          <StateLabel state={STATES[state]}>
            {name}: {summary}
          </StateLabel>
          {state === 'failed' &&
            evidence.map(line => (
              <Typography
                key={line}
                sx={{ fontSize: 13, ml: 3, overflowWrap: 'anywhere' }}
              >
                {line}
              </Typography>
            ))}
          {state === 'failed' && name === 'secrets' && (
            <Typography sx={{ fontSize: 13, ml: 3 }}>
              <Link to={`/secrets?${new URLSearchParams({ service })}`}>
                Set what is missing
              </Link>
            </Typography>
          )}
        </Box>
      ))}
    </Box>
  );
}

function Commits({ commits }: { commits: Preview['commits'] }) {
  if (!commits.known) return <Unknown what="Commits" why={commits.why} />;
  const { added, removed, more } = commits;
  if (added.length + removed.length === 0) {
    return <Typography sx={{ fontSize: 14 }}>Commits: the same</Typography>;
  }
  return (
    <Box component="ul" aria-label="Commits" sx={{ m: 0, p: 0, fontSize: 14 }}>
      {added.map(one => (
        <CommitLine key={one.commit} sign="+" commit={one} />
      ))}
      {removed.map(one => (
        <CommitLine key={one.commit} sign="−" commit={one} />
      ))}
      {more && <Box component="li">and more</Box>}
    </Box>
  );
}

function CommitLine({ sign, commit }: { sign: '+' | '−'; commit: Commit }) {
  const short = commit.commit.slice(0, 8);
  return (
    <Box component="li" sx={{ listStyle: 'none', overflowWrap: 'anywhere' }}>
      {sign} {commit.url ? <Link to={commit.url}>{short}</Link> : short}{' '}
      {commit.subject}{' '}
      <Box component="span" sx={{ color: 'text.secondary' }}>
        {commit.author}
        {sign === '−' && ', goes away'}
      </Box>
    </Box>
  );
}

function Manifests({ manifests }: { manifests: Preview['manifests'] }) {
  if (!manifests.known) {
    return <Unknown what="Manifests" why={manifests.why} />;
  }
  if (!manifests.diff) {
    return <Typography sx={{ fontSize: 14 }}>Manifests: the same</Typography>;
  }
  return (
    <Box
      component="pre"
      tabIndex={0}
      aria-label="What differs in the manifests"
      sx={{
        m: 0,
        p: 1,
        maxHeight: 280,
        overflow: 'auto',
        fontSize: 12,
        border: 1,
        borderColor: 'divider',
      }}
    >
      {manifests.diff}
    </Box>
  );
}

function Unknown({ what, why }: { what: string; why: string }) {
  return (
    <Typography color="text.secondary" sx={{ fontSize: 14 }}>
      {what}: not known. {why}
    </Typography>
  );
}
