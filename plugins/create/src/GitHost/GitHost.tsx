import { useApi } from '@backstage/core-plugin-api';
import { FieldExtensionComponentProps } from '@backstage/plugin-scaffolder-react';
import Alert from '@mui/material/Alert';
import MenuItem from '@mui/material/MenuItem';
import Skeleton from '@mui/material/Skeleton';
import TextField from '@mui/material/TextField';
import { useEffect } from 'react';
import useAsync from 'react-use/lib/useAsync';
import { createClientApiRef } from '../api';

/** Where the repository goes: the hosts that are connected, and why the others are not. */
export function GitHost(props: FieldExtensionComponentProps<string>) {
  const { formData, onChange, schema, idSchema } = props;
  const client = useApi(createClientApiRef);
  const { value, error, loading } = useAsync(() => client.gitHosts(), [client]);

  useEffect(() => {
    if (!formData && value?.default) onChange(value.default);
    // onChange is a new function at every render of the form.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [formData, value]);

  if (loading) return <Skeleton variant="rounded" height={56} />;
  if (error) {
    return (
      <Alert severity="error">
        The Git hosts could not be listed: {error.message}
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
      label={schema.title}
      value={chosen ? chosen.host : ''}
      onChange={event => onChange(event.target.value)}
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
        >
          {item.problem ? `${item.title}: ${item.problem}` : item.title}
        </MenuItem>
      ))}
    </TextField>
  );
}
