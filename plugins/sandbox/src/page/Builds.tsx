import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import {
  Failure,
  RelativeTime,
  Waiting,
  useFollowed,
} from '@highroad/plugin-platform-react';
import { BuildList } from '@highroad/plugin-sandbox-common';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { useCallback } from 'react';
import { sandboxApiRef } from '../api';
import { BuildState } from './BuildState';
import { refText, tookText } from './buildText';

/** What was pushed to the sandbox's Git host, and what came of it. */
export function Builds() {
  const api = useApi(sandboxApiRef);
  const ask = useCallback(
    (last: BuildList | undefined, signal: AbortSignal) =>
      api.builds({ after: last?.mark, signal }),
    [api],
  );
  const { value, error, retry } = useFollowed(ask);
  return (
    <section>
      <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
        Builds
      </Typography>
      {!value && !error && <Waiting label="Listing the builds" rows={3} />}
      {error && (
        <Failure
          what="The builds could not be listed"
          error={error}
          unaffected="Building goes on."
          onRetry={retry}
        />
      )}
      {value?.items.length === 0 && (
        <Typography color="text.secondary">
          Nothing has been built yet. What you push to a repository on the
          sandbox&apos;s Git host is tested, built into an image and pushed to
          its registry.
        </Typography>
      )}
      {value && value.items.length > 0 && (
        <TableContainer component={Paper} variant="outlined">
          <Table size="small" aria-label="Builds">
            <TableHead>
              <TableRow>
                <TableCell>Repository</TableCell>
                <TableCell>Of</TableCell>
                <TableCell>Commit</TableCell>
                <TableCell>State</TableCell>
                <TableCell align="right">Took</TableCell>
                <TableCell align="right">Pushed</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {value.items.map(build => (
                <TableRow key={build.id} hover>
                  <TableCell component="th" scope="row">
                    <Link to={`/sandbox/builds/${build.id}`}>
                      {build.repository}
                    </Link>
                  </TableCell>
                  <TableCell>{refText(build)}</TableCell>
                  <TableCell>
                    <code title={build.commit}>{build.commit.slice(0, 8)}</code>
                  </TableCell>
                  <TableCell>
                    <BuildState build={build} />
                  </TableCell>
                  <TableCell align="right">{tookText(build)}</TableCell>
                  <TableCell align="right">
                    <RelativeTime time={build.queuedAt} />
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
    </section>
  );
}
