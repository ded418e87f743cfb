import { useApi } from '@backstage/core-plugin-api';
import { Failure } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { metricsApiRef } from '../api';
import { PAGES } from '../runbooks';

/** Says that what is shown is invented, and takes it out. */
export function ExampleNotice({ onRemoved }: { onRemoved: () => void }) {
  const api = useApi(metricsApiRef);
  const [{ loading, error }, remove] = useAsyncFn(async () => {
    await api.removeExample({});
    onRemoved();
  }, [api, onRemoved]);
  return (
    <Alert
      severity="info"
      sx={{ mb: 2 }}
      action={
        <Button
          color="inherit"
          size="small"
          onClick={remove}
          disabled={loading}
        >
          Remove it
        </Button>
      }
    >
      <AlertTitle>Example data</AlertTitle>
      An invented delivery history of the example organisation is among what is
      counted here.
      {error && (
        <Failure
          what="It could not be removed"
          error={error}
          runbook={PAGES.example}
        />
      )}
    </Alert>
  );
}
