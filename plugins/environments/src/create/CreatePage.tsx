import { parseEntityRef } from '@backstage/catalog-model';
import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { serviceRefOf } from '@highroad/plugin-environments-common';
import { Failure, PageFrame } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router-dom';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { environmentsApiRef } from '../api';
import { environmentRouteRef, rootRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { FromPullRequest } from './FromPullRequest';
import { FromService } from './FromService';
import { Problems } from './Problems';
import { starter } from './starters';
import { useProblems } from './useProblems';

/** A new environment: of a pull request or with the manifests of a service, or from a manifest that is checked as one types. */
export function CreatePage() {
  const [search] = useSearchParams();
  const asked = search.get('service');
  const [service, setService] = useState(
    asked ? serviceRefOf(asked) : undefined,
  );
  const [manifest, setManifest] = useState(() => starter(asked ?? undefined));
  const choose = (ref: string | undefined) => {
    setService(ref);
    if (ref) setManifest(starter(parseEntityRef(ref).name));
  };
  const [owner, setOwner] = useState('');
  const problems = useProblems(manifest);
  const api = useApi(environmentsApiRef);
  const navigate = useNavigate();
  const page = useRouteRef(environmentRouteRef);
  const all = useRouteRef(rootRouteRef)?.();
  const [{ loading, error }, create] = useAsyncFn(async () => {
    const { environment } = await api.create({
      manifest,
      ...(owner.trim() && { owner: owner.trim() }),
    });
    const { name, home } = environment;
    if (page) navigate(`${page({ name })}?home=${encodeURIComponent(home)}`);
  }, [api, manifest, owner, navigate, page]);
  const obstacle =
    problems.length > 0
      ? `There ${
          problems.length === 1 ? 'is 1 thing' : `are ${problems.length} things`
        } to correct.`
      : undefined;
  return (
    <PageFrame
      title="New environment"
      purpose={all && <Link to={all}>All environments</Link>}
      reading
    >
      <Box sx={{ mb: 3 }}>
        <FromService chosen={service} onChosen={choose} />
      </Box>
      <FromPullRequest service={service} />
      <Typography component="h2" variant="h6" sx={{ mt: 3, mb: 2 }}>
        From a manifest
      </Typography>
      <form
        noValidate
        onSubmit={event => {
          event.preventDefault();
          if (!obstacle && !loading) create();
        }}
      >
        <Stack spacing={2}>
          <TextField
            label="Manifest"
            multiline
            minRows={16}
            maxRows={32}
            value={manifest}
            onChange={event => setManifest(event.target.value)}
            error={problems.length > 0}
            inputProps={{
              spellCheck: false,
              style: { fontFamily: 'monospace', fontSize: 13 },
            }}
          />
          <Problems problems={problems} />
          <TextField
            label="Owner"
            size="small"
            value={owner}
            onChange={event => setOwner(event.target.value)}
            helperText="Group that owns it, where the manifest does not say; leave it empty if you are in one only"
            sx={{ maxWidth: 420 }}
          />
          {error && (
            <Failure
              what="The environment was not made"
              error={error}
              unaffected="Nothing was changed."
              runbook={RUNBOOK.refused}
            />
          )}
          <Stack direction="row" spacing={2} alignItems="center">
            <Button
              type="submit"
              variant="contained"
              disabled={loading || Boolean(obstacle)}
            >
              {loading ? 'Asking' : 'Create'}
            </Button>
            <Box role="status" sx={{ fontSize: 14, color: 'text.secondary' }}>
              {obstacle}
            </Box>
          </Stack>
        </Stack>
      </form>
    </PageFrame>
  );
}
