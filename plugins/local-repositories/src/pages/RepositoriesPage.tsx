import {
  EmptyState,
  Link,
  ResponseErrorPanel,
} from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { repositoryPagePath } from '@highroad/plugin-local-repositories-common';
import { PageFrame, RelativeTime } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Skeleton from '@mui/material/Skeleton';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import { Link as RouterLink } from 'react-router-dom';
import useAsync from 'react-use/lib/useAsync';
import { localRepositoriesApiRef } from '../api';

/** The repositories that are kept on the portal's machine. */
export function RepositoriesPage() {
  const api = useApi(localRepositoriesApiRef);
  const { value, error, loading } = useAsync(() => api.list(), [api]);

  return (
    <PageFrame
      title="Repositories"
      purpose="Kept on the machine this portal runs on, where no Git host is connected"
    >
      {loading && <Skeleton variant="rounded" height={200} />}
      {error && <ResponseErrorPanel error={error} />}
      {value?.length === 0 && (
        <EmptyState
          missing="content"
          title="No repositories yet"
          description="A service you create without a Git host gets its repository here."
          action={
            <Button
              component={RouterLink}
              to="/create/templates/default/service"
              variant="contained"
            >
              Create a service
            </Button>
          }
        />
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
                  <TableCell>
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
