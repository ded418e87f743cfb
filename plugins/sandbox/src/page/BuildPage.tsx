import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import {
  Failure,
  PageFrame,
  RelativeTime,
  Waiting,
  useFollowed,
} from '@highroad/plugin-platform-react';
import { Build, BuildAnswer, hasEnded } from '@highroad/plugin-sandbox-common';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Box from '@mui/material/Box';
import Breadcrumbs from '@mui/material/Breadcrumbs';
import Typography from '@mui/material/Typography';
import { useCallback } from 'react';
import { useParams } from 'react-router-dom';
import { sandboxApiRef } from '../api';
import { BuildLog } from './BuildLog';
import { BuildState } from './BuildState';
import { BuildSteps } from './BuildSteps';
import { refText, tookText } from './buildText';
import { RUNBOOK } from './runbooks';

/** Whether a build worked, and if not, at which step and why. */
export function BuildPage() {
  const { id = '' } = useParams();
  const api = useApi(sandboxApiRef);
  const ask = useCallback(
    async (last: BuildAnswer | undefined, signal: AbortSignal) => {
      if (last && hasEnded(last.build)) return undefined;
      return api.build(id, { after: last?.mark, signal });
    },
    [api, id],
  );
  const { value, error, retry } = useFollowed(ask);
  const build = value?.build;
  return (
    <PageFrame
      title={build ? `${build.repository}, ${refText(build)}` : 'Build'}
      purpose="What was pushed to the sandbox's Git host: tested, built and pushed as an image"
    >
      <Breadcrumbs aria-label="Path" sx={{ mb: 2, fontSize: 14 }}>
        <Link to="/sandbox">Sandbox</Link>
        <Typography variant="inherit" color="text.primary">
          Build
        </Typography>
      </Breadcrumbs>
      {!build && !error && <Waiting label="Opening the build" rows={8} />}
      {error && (
        <Failure
          what="The build could not be opened"
          error={error}
          onRetry={retry}
        />
      )}
      {build && (
        <Box
          sx={{
            display: 'grid',
            gap: 3,
            gridTemplateColumns: 'minmax(0, 1fr)',
          }}
        >
          <Verdict build={build} />
          <BuildSteps steps={build.steps} />
          <BuildLog id={build.id} ended={hasEnded(build)} />
        </Box>
      )}
    </PageFrame>
  );
}

function Verdict({ build }: { build: Build }) {
  const { progress } = build;
  const took = tookText(build);
  return (
    <section aria-label="What came of it">
      <Box role="status" sx={{ fontSize: 16, fontWeight: 600, mb: 0.5 }}>
        <BuildState build={build} />
        {took && ` after ${took}`}
      </Box>
      <Typography color="text.secondary" sx={{ fontSize: 14 }}>
        Commit <code>{build.commit}</code>, pushed{' '}
        <RelativeTime time={build.queuedAt} />
      </Typography>
      {progress.state === 'succeeded' && progress.image && (
        <Typography sx={{ fontSize: 14, overflowWrap: 'anywhere' }}>
          Image{' '}
          <code>
            {progress.image.name}@{progress.image.digest}
          </code>{' '}
          as {progress.image.tags.join(', ')}
        </Typography>
      )}
      {progress.state === 'superseded' && (
        <Typography sx={{ fontSize: 14 }}>
          A newer commit was pushed before this one was built:{' '}
          <Link to={`/sandbox/builds/${progress.by}`}>its build</Link>
        </Typography>
      )}
      {(progress.state === 'failed' || progress.state === 'error') && (
        <Alert severity="error" sx={{ mt: 2 }}>
          <AlertTitle>
            {progress.state === 'failed'
              ? 'The repository does not build'
              : 'The builder could not build it'}
          </AlertTitle>
          {progress.problem}{' '}
          {progress.state === 'failed'
            ? 'Correct it and push again.'
            : 'The repository is not at fault.'}{' '}
          <Link to={RUNBOOK.buildFails}>What to do about it</Link>
        </Alert>
      )}
    </section>
  );
}
