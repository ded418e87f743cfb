import {
  CodeSnippet,
  MarkdownContent,
  ResponseErrorPanel,
} from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { RepositoryId } from '@highroad/plugin-local-repositories-common';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Skeleton from '@mui/material/Skeleton';
import useAsync from 'react-use/lib/useAsync';
import { localRepositoriesApiRef } from '../api';
import { languageOf } from './languageOf';

export function FileView(props: {
  id: RepositoryId;
  at: string;
  path: string;
}) {
  const { id, at, path } = props;
  const api = useApi(localRepositoriesApiRef);
  const { value, error, loading } = useAsync(
    () => api.file(id, at, path),
    [api, id.owner, id.name, at, path],
  );

  if (loading) return <Skeleton variant="rounded" height={300} />;
  if (error) return <ResponseErrorPanel error={error} />;
  if (value?.text === undefined) {
    return (
      <Alert severity="info">
        {path} has {value?.size} bytes that are not text, or too many to show.
        Clone the repository to look at it.
      </Alert>
    );
  }
  return (
    <Paper variant="outlined">
      {/\.md$/i.test(path) ? (
        <Box sx={{ p: 2 }}>
          <MarkdownContent content={value.text} />
        </Box>
      ) : (
        <CodeSnippet
          text={value.text}
          language={languageOf(path)}
          showLineNumbers
          showCopyCodeButton
        />
      )}
    </Paper>
  );
}
