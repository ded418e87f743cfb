import { useApi } from '@backstage/core-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { Heading } from '../parts/Heading';
import { deploymentsApiRef } from '../api';
import { ShortText } from '../parts/ShortText';
import { RUNBOOK } from '../runbooks';
import { shortDigest } from '../words/short';

/** What it applied, as text; read when somebody wants to see it. */
export function Manifests({ deployment }: { deployment: Deployment }) {
  const { id, manifestsDigest } = deployment;
  const [open, setOpen] = useState(false);
  if (!manifestsDigest) return null;
  return (
    <Box component="section" aria-label="Manifests">
      <Heading>Manifests</Heading>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', fontSize: 14 }}>
        <ShortText whole={manifestsDigest} name="the manifests’ digest">
          <code>{shortDigest(manifestsDigest)}</code>
        </ShortText>
        <Button
          size="small"
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide what it applied' : 'Show what it applied'}
        </Button>
      </Box>
      {open && <Text id={id} />}
    </Box>
  );
}

function Text({ id }: { id: string }) {
  const api = useApi(deploymentsApiRef);
  const { value, error, retry } = useAsyncRetry(
    () => api.manifests({ id }),
    [api, id],
  );
  if (error) {
    return (
      <Failure
        what="The manifests could not be read"
        error={error}
        runbook={RUNBOOK.doesNotAnswer}
        onRetry={retry}
      />
    );
  }
  if (!value) return <Waiting label="Reading the manifests" rows={8} />;
  return (
    <Box
      component="pre"
      tabIndex={0}
      aria-label="Manifests as they were applied"
      sx={{
        m: 0,
        mt: 1,
        p: 2,
        fontSize: 12,
        maxHeight: 480,
        overflow: 'auto',
        bgcolor: 'action.hover',
        borderRadius: 1,
      }}
    >
      {value.text}
    </Box>
  );
}
