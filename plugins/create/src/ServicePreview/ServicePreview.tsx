import { useApi } from '@backstage/core-plugin-api';
import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useParams } from 'react-router-dom';
import useDebounce from 'react-use/lib/useDebounce';
import useAsync from 'react-use/lib/useAsync';
import { createClientApiRef } from '../api';
import { messageOf } from '../messageOf';
import { groupFiles } from './groupFiles';

const PAUSE_MS = 500;

/** The files that the answers so far would make, found out by running the template without effects. */
export function ServicePreview(props: FieldExtensionComponentProps<null>) {
  const client = useApi(createClientApiRef);
  const { namespace = 'default', templateName = 'service' } = useParams();
  const answers = JSON.stringify(props.formContext?.formData ?? {});
  const [settled, setSettled] = useState(answers);
  useDebounce(() => setSettled(answers), PAUSE_MS, [answers]);

  const { value, error, loading } = useAsync(
    () =>
      client.preview({
        templateRef: `template:${namespace}/${templateName}`,
        values: JSON.parse(settled),
      }),
    [client, settled, namespace, templateName],
  );

  return (
    <Box component="section" aria-label="What will be created" sx={{ mb: 1 }}>
      <Typography variant="subtitle2" component="h3" gutterBottom>
        {value
          ? `What will be created: ${value.files.length} files`
          : 'What will be created'}
      </Typography>
      {typeof value?.output.repositoryUrl === 'string' && (
        <Typography
          variant="body2"
          color="text.secondary"
          sx={{ mb: 1, overflowWrap: 'anywhere' }}
        >
          Repository: {value.output.repositoryUrl}
        </Typography>
      )}
      {loading && !value && (
        <Box role="status" aria-label="Working out the files">
          <Skeleton variant="rounded" height={120} />
        </Box>
      )}
      {!loading && error && (
        <Alert severity="warning">
          There is no preview yet. {messageOf(error)}
        </Alert>
      )}
      {value && (
        <Box
          role="group"
          aria-label="Files"
          // While the next answer is on its way the last one stays, so that nothing jumps.
          aria-busy={loading}
          sx={{
            display: 'grid',
            gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))',
            gap: 2,
            // Seen whole beside the questions below it, also on a low screen.
            maxHeight: 'clamp(120px, 100vh - 600px, 360px)',
            overflow: 'auto',
            p: 1.5,
            border: 1,
            borderColor: 'divider',
            borderRadius: 1,
            fontSize: 13,
            opacity: loading ? 0.6 : 1,
          }}
          tabIndex={0}
        >
          {groupFiles(value.files.map(file => file.path)).map(group => (
            <Box key={group.folder}>
              <Typography variant="caption" sx={{ fontWeight: 600 }}>
                {group.folder ? `${group.folder}/` : 'Root'}
              </Typography>
              <Box component="ul" sx={{ m: 0, p: 0, listStyle: 'none' }}>
                {group.files.map(file => (
                  <Box
                    component="li"
                    key={file}
                    sx={{ fontFamily: 'monospace', overflowWrap: 'anywhere' }}
                  >
                    {file}
                  </Box>
                ))}
              </Box>
            </Box>
          ))}
        </Box>
      )}
    </Box>
  );
}
