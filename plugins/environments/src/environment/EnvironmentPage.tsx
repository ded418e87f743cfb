import { Link } from '@backstage/core-components';
import { ResponseError } from '@backstage/errors';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { EnvironmentDetail } from '@highroad/plugin-environments-common';
import { Failure, PageFrame, Waiting } from '@highroad/plugin-platform-react';
import Stack from '@mui/material/Stack';
import { useParams, useSearchParams } from 'react-router-dom';
import { Lost } from '../parts/Lost';
import { rootRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { Conditions } from './Conditions';
import { Controls } from './Controls';
import { Databases } from './Databases';
import { Events } from './Events';
import { Gone } from './Gone';
import { Logs } from './Logs';
import { Manifest } from './Manifest';
import { Services } from './Services';
import { useEnvironment } from './useEnvironment';
import { Verdict } from './Verdict';

/** Where does it answer, how does it do, and how long does it live? */
export function EnvironmentPage() {
  const { name = '' } = useParams();
  const [search] = useSearchParams();
  const home = search.get('home') ?? undefined;
  // Another one begins with nothing of this one.
  return <One key={`${home}/${name}`} name={name} home={home} />;
}

function One({ name, home }: { name: string; home: string | undefined }) {
  const { value, error, heardAt, retry } = useEnvironment(name, home);
  const all = useRouteRef(rootRouteRef)?.();
  const isGone =
    error && ResponseError.is(error) && error.response.status === 404;
  return (
    <PageFrame
      title={name}
      purpose={all && <Link to={all}>All environments</Link>}
      reading
    >
      {!value && !error && <Waiting label="Reading the environment" rows={8} />}
      {isGone && <Gone error={error} was={Boolean(value)} />}
      {error && !isGone && !value && (
        <Failure
          what={`The environment ${name} could not be read`}
          error={error}
          unaffected="It goes on as it is."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {error && !isGone && value && heardAt && (
        <Lost error={error} heardAt={heardAt} />
      )}
      {value && !isGone && <Content environment={value} onChanged={retry} />}
    </PageFrame>
  );
}

function Content(props: {
  environment: EnvironmentDetail;
  onChanged: () => void;
}) {
  const { environment, onChanged } = props;
  return (
    <Stack spacing={3}>
      <Verdict environment={environment} />
      <Controls environment={environment} onChanged={onChanged} />
      <Services environment={environment} />
      <Databases environment={environment} />
      <Conditions environment={environment} />
      <Events environment={environment} />
      <Logs environment={environment} />
      <Manifest environment={environment} />
    </Stack>
  );
}
