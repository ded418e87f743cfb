import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { repositoryPagePath } from '@highroad/plugin-local-repositories-common';
import {
  Failure,
  PageFrame,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { Link as RouterLink } from 'react-router-dom';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { localRepositoriesApiRef } from '../api';

/** The repositories that are kept on the portal's machine. */
export function RepositoriesPage() {
  const api = useApi(localRepositoriesApiRef);
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.list(),
    [api],
  );

  return (
    <PageFrame
      title="Repositories"
      purpose="Kept on the machine this portal runs on, where no Git host is connected"
    >
      {loading && <Waiting label="Listing the repositories" rows={6} />}
      {error && !loading && (
        <Failure
          what="The repositories could not be listed"
          error={error}
          unaffected="They are still on disk, and can be cloned."
          onRetry={retry}
        />
      )}
      {value?.length === 0 && (
        <>
          <Typography sx={{ mb: 2 }}>
            No repositories yet. A service you create without a Git host gets
            its repository here.
          </Typography>
          <Button
            component={RouterLink}
            to="/create/templates/default/service"
            variant="contained"
          >
            Create a service
          </Button>
        </>
      )}
      {value && value.length > 0 && (
        <Paper variant="outlined">
          <Table size="small">
            <TableHead>
              <TableRow>
                <TableCell>Repository</TableCell>
                <TableCell>Last commit</TableCell>
                <TableCell align="right">When</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {value.map(item => (
                <TableRow key={`${item.owner}/${item.name}`} hover>
                  <TableCell component="th" scope="row">
                    <Link to={repositoryPagePath(item)}>
                      {item.owner}/{item.name}
                    </Link>
                  </TableCell>
                  <TableCell>
                    {item.lastCommit?.message ?? 'Nothing yet'}
                  </TableCell>
                  <TableCell align="right">
                    {item.lastCommit && (
                      <RelativeTime time={item.lastCommit.time} />
                    )}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </Paper>
      )}
    </PageFrame>
  );
}
