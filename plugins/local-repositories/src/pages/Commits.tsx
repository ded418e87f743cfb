import { ResponseErrorPanel } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { RepositoryId } from '@highroad/plugin-local-repositories-common';
import { RelativeTime } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import useAsync from 'react-use/lib/useAsync';
import { localRepositoriesApiRef } from '../api';

export function Commits({ id, at }: { id: RepositoryId; at: string }) {
  const api = useApi(localRepositoriesApiRef);
  const { value, error } = useAsync(
    () => api.commits(id, at),
    [api, id.owner, id.name, at],
  );

  return (
    <Box component="section">
      <Typography variant="subtitle2" component="h2" gutterBottom>
        Last commits on {at}
      </Typography>
      {error && <ResponseErrorPanel error={error} />}
      <Box component="ol" sx={{ listStyle: 'none', p: 0, m: 0 }}>
        {value?.map(commit => (
          <Box component="li" key={commit.id} sx={{ mb: 1.5, fontSize: 13 }}>
            <div>{commit.message}</div>
            <Typography variant="caption" color="text.secondary">
              <span title={commit.id}>{commit.id.slice(0, 7)}</span>{' '}
              {commit.author}, <RelativeTime time={commit.time} />
            </Typography>
          </Box>
        ))}
      </Box>
    </Box>
  );
}
