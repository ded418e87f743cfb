import { useApi } from '@backstage/core-plugin-api';
import { RepositoryId } from '@highroad/plugin-local-repositories-common';
import {
  Failure,
  RelativeTime,
  Waiting,
} from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { localRepositoriesApiRef } from '../api';

export function Commits({ id, at }: { id: RepositoryId; at: string }) {
  const api = useApi(localRepositoriesApiRef);
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.commits(id, at),
    [api, id.owner, id.name, at],
  );

  return (
    <Box component="section">
      <Typography variant="subtitle2" component="h2" gutterBottom>
        Last commits on {at}
      </Typography>
      {loading && <Waiting label="Reading the last commits" rows={2} />}
      {error && !loading && (
        <Failure
          what="The commits could not be read"
          error={error}
          onRetry={retry}
        />
      )}
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
