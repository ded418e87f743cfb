import { useApi } from '@backstage/core-plugin-api';
import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Skeleton from '@mui/material/Skeleton';
import TextField from '@mui/material/TextField';
import { useEffect } from 'react';
import useAsyncRetry from 'react-use/lib/useAsyncRetry';
import { createClientApiRef } from '../api';
import { messageOf } from '../messageOf';

/** Where the repository goes: the hosts that are connected, and why the others are not. */
export function GitHost(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange, schema, idSchema, required } = props;
  const client = useApi(createClientApiRef);
  const { value, error, loading, retry } = useAsyncRetry(
    () => client.gitHosts(),
    [client],
  );

  useEffect(() => {
    if (!formData && value?.default) onChange(value.default);
    // onChange is a new function at every render of the form.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [formData, value]);

  if (loading) {
    return (
      <Box role="status" aria-label="Listing the Git hosts">
        <Skeleton variant="rounded" height={40} />
      </Box>
    );
  }
  if (error) {
    return (
      <Alert
        severity="error"
        action={
          <Button color="inherit" size="small" onClick={retry}>
            Try again
          </Button>
        }
      >
        The Git hosts could not be listed: {messageOf(error)} What you have
        answered so far is kept.
      </Alert>
    );
  }
  if (!value?.items.length) {
    return (
      <Alert severity="warning">
        No Git host is connected, so there is nowhere to put a repository. Add
        one under &quot;integrations&quot; in app-config.yaml.
      </Alert>
    );
  }

  const chosen = value.items.find(item => item.host === formData);
  return (
    <TextField
      id={idSchema?.$id}
      select
      required={required}
      label={schema.title}
      value={chosen ? chosen.host : ''}
      onChange={event => onChange(event.target.value)}
      FormHelperTextProps={{ sx: { mx: 0 } }}
      helperText={
        chosen?.kind === 'local'
          ? 'A bare repository in .highroad/repositories. Connect GitHub or Gitea to share it.'
          : schema.description
      }
      fullWidth
      margin="normal"
    >
      {value.items.map(item => (
        <MenuItem
          key={item.host}
          value={item.host}
          disabled={Boolean(item.problem)}
          sx={{ whiteSpace: 'normal' }}
        >
          {item.problem ? `${item.title}: ${item.problem}` : item.title}
        </MenuItem>
      ))}
    </TextField>
  );
}
