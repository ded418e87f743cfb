import { MarkdownContent } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { RepositoryId } from '@highroad/plugin-local-repositories-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { localRepositoriesApiRef } from '../api';
import { sizeText } from './sizeText';
import { SourceText } from './SourceText';

export function FileView(props: {
  id: RepositoryId;
  at: string;
  path: string;
}) {
  const { id, at, path } = props;
  const api = useApi(localRepositoriesApiRef);
  const { value, error, loading, retry } = useAsyncRetry(
    () => api.file(id, at, path),
    [api, id.owner, id.name, at, path],
  );

  if (loading) return <Waiting label={`Reading ${path}`} rows={8} />;
  if (error) {
    return (
      <Failure
        what={`${path} could not be read at ${at}`}
        error={error}
        onRetry={retry}
      />
    );
  }
  if (!value) return null;
  if (value.text === undefined) {
    return (
      <Alert severity="info">
        {path} is {sizeText(value.size)} that cannot be shown as text. Clone the
        repository to look at it.
      </Alert>
    );
  }
  return (
    <Paper variant="outlined">
      {/\.md$/i.test(path) ? (
        <Box sx={{ p: 2, '& p a, & li a': { textDecoration: 'underline' } }}>
          <MarkdownContent content={value.text} />
        </Box>
      ) : (
        <SourceText path={path} text={value.text} />
      )}
    </Paper>
  );
}
