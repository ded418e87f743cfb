import { useApi } from '@backstage/core-plugin-api';
import {
  EnvironmentDetail,
  LogLine,
} from '@highroad/plugin-environments-common';
import { Failure } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import MenuItem from '@mui/material/MenuItem';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { environmentsApiRef } from '../api';
import { Section } from '../parts/Section';

/** What its services log, read when somebody asks for it. */
export function Logs({ environment }: { environment: EnvironmentDetail }) {
  const { name, home, services } = environment;
  const api = useApi(environmentsApiRef);
  const [service, setService] = useState('');
  const [{ value, error, loading }, read] = useAsyncFn(
    () => api.logs({ name, home, ...(service && { service }) }),
    [api, name, home, service],
  );
  return (
    <Section title="Logs">
      <Stack direction="row" spacing={1} alignItems="center" sx={{ mb: 1 }}>
        <TextField
          select
          size="small"
          label="Service"
          value={service}
          onChange={event => setService(event.target.value)}
          sx={{ minWidth: 160 }}
          SelectProps={{ displayEmpty: true }}
          InputLabelProps={{ shrink: true }}
        >
          <MenuItem value="">All</MenuItem>
          {services.map(one => (
            <MenuItem key={one.name} value={one.name}>
              {one.name}
            </MenuItem>
          ))}
        </TextField>
        <Button variant="outlined" onClick={read} disabled={loading}>
          {value ? 'Read again' : 'Read the logs'}
        </Button>
      </Stack>
      {error && (
        <Failure
          what="The logs could not be read"
          error={error}
          unaffected="What runs goes on."
        />
      )}
      {value?.unread.map(({ pod, message }) => (
        <Alert key={`${pod} ${message}`} severity="warning" sx={{ mb: 1 }}>
          {pod}: {message}
        </Alert>
      ))}
      {value && value.items.length === 0 && (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          Nothing was logged yet.
        </Typography>
      )}
      {value && value.items.length > 0 && (
        <Box
          component="pre"
          tabIndex={0}
          aria-label="Log lines"
          sx={{
            m: 0,
            p: 1.5,
            maxHeight: 360,
            overflow: 'auto',
            fontSize: 13,
            border: 1,
            borderColor: 'divider',
            borderRadius: 1,
          }}
        >
          {value.items.map(textOf).join('\n')}
        </Box>
      )}
    </Section>
  );
}

function textOf({ service, container, text }: LogLine): string {
  return `${container ? `${service}/${container}` : service}  ${text}`;
}
