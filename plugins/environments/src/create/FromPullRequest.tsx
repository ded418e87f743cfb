import { useApi, useRouteRef } from '@backstage/frontend-plugin-api';
import { Failure } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import Typography from '@mui/material/Typography';
import { useState } from 'react';
import { useNavigate } from 'react-router-dom';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { environmentsApiRef } from '../api';
import { environmentRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { OpenPullRequests } from './OpenPullRequests';
import { PullRequestOutlook } from './PullRequestOutlook';

/**
 * The environment of a pull request, chosen among those of a service or by the address of its page: first seen, then made.
 *
 * @param props.service - reference of the service whose pull requests are listed
 */
export function FromPullRequest({ service }: { service: string | undefined }) {
  const api = useApi(environmentsApiRef);
  const navigate = useNavigate();
  const page = useRouteRef(environmentRouteRef);
  const [url, setUrl] = useState('');
  // What was shown is of the address that it was asked for, not of what is typed since.
  const [seen, see] = useAsyncFn(
    async (asked: string) => ({
      asked,
      preview: await api.previewPullRequest({ url: asked }),
    }),
    [api],
  );
  const [made, make] = useAsyncFn(
    async (asked: string) => {
      const { name, environment } = await api.bringPullRequest({ url: asked });
      if (environment && page) {
        const home = encodeURIComponent(environment.home);
        navigate(`${page({ name })}?home=${home}`);
      }
      return { asked, waits: !environment };
    },
    [api, navigate, page],
  );
  const address = url.trim();
  const shown = seen.value?.asked === address ? seen.value : undefined;
  const sent = made.value?.asked === address ? made.value : undefined;
  return (
    <Stack spacing={2} component="section" aria-label="From a pull request">
      <Typography component="h2" variant="h6">
        From a pull request
      </Typography>
      {service && (
        <OpenPullRequests
          service={service}
          chosen={address}
          onChosen={picked => {
            setUrl(picked);
            see(picked);
          }}
        />
      )}
      <Box
        component="form"
        noValidate
        onSubmit={event => {
          event.preventDefault();
          if (address && !seen.loading) see(address);
        }}
      >
        <Stack direction="row" spacing={2} alignItems="flex-start">
          <TextField
            label="Address of the pull request"
            size="small"
            fullWidth
            value={url}
            onChange={event => setUrl(event.target.value)}
            helperText="It carries platform/environments/preview.yaml, and its repository a service of yours"
          />
          <Button type="submit" disabled={!address || seen.loading}>
            {seen.loading ? 'Asking' : 'Show'}
          </Button>
        </Stack>
      </Box>
      {seen.error && !seen.loading && (
        <Failure
          what="The pull request could not be read"
          error={seen.error}
          unaffected="Nothing was changed."
          runbook={RUNBOOK.pullRequest}
        />
      )}
      {shown && (
        <PullRequestOutlook
          preview={shown.preview}
          busy={made.loading}
          onMake={() => make(shown.asked)}
        />
      )}
      {shown && made.error && !made.loading && (
        <Failure
          what="The environment was not made"
          error={made.error}
          unaffected="What was there stays as it was."
          runbook={RUNBOOK.pullRequest}
        />
      )}
      <Box role="status" sx={{ fontSize: 14, color: 'text.secondary' }}>
        {shown &&
          sent?.waits &&
          'It is being seen to, and takes longer than usual. The comment at the pull request says how it stands.'}
      </Box>
    </Stack>
  );
}
