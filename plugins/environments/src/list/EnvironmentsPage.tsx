import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Failure, PageFrame, Waiting } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { Link as RouterLink } from 'react-router-dom';
import { Lost } from '../parts/Lost';
import { Section } from '../parts/Section';
import { newRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { EnvironmentTable } from './EnvironmentTable';
import { Filters } from './Filters';
import { Leftovers } from './Leftovers';
import { NoneYet } from './NoneYet';
import { NotConnected } from './NotConnected';
import { Standing } from './Standing';
import { EnvironmentList, useEnvironments } from './useEnvironments';
import { fitting, isOwn, useFilter } from './useFilter';

/** Where is my preview, and how long does it live? */
export function EnvironmentsPage() {
  const { value: list, error, heardAt, retry } = useEnvironments();
  const create = useRouteRef(newRouteRef)?.();
  return (
    <PageFrame
      title="Environments"
      purpose="Where previews answer, whose they are and how long they live."
      action={
        create &&
        list &&
        !list.notConnected && (
          <Button variant="contained" component={RouterLink} to={create}>
            New environment
          </Button>
        )
      }
    >
      {!list && !error && <Waiting label="Reading environments" rows={8} />}
      {error && !list && (
        <Failure
          what="The environments could not be read"
          error={error}
          unaffected="They go on as they are."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {error && list && heardAt && <Lost error={error} heardAt={heardAt} />}
      {list && <Content list={list} />}
    </PageFrame>
  );
}

function Content({ list }: { list: EnvironmentList }) {
  const { items, standing, notConnected, mine } = list;
  const { choice, change } = useFilter();
  const shown = fitting(items, choice, mine);
  const own = shown.filter(one => isOwn(one, mine));
  const others = shown.filter(one => !isOwn(one, mine));
  return (
    <Stack spacing={3}>
      {notConnected && <NotConnected why={notConnected} />}
      {!notConnected && items.length === 0 && <NoneYet />}
      {items.length > 0 && (
        <div>
          <Filters choice={choice} onChange={change} />
          {shown.length === 0 && (
            <Typography color="text.secondary">
              No environment fits the filter.{' '}
              <Button
                size="small"
                onClick={() => change({ text: '', mine: false, phase: '' })}
              >
                Show all {items.length}
              </Button>
            </Typography>
          )}
        </div>
      )}
      {own.length > 0 && (
        <Section title="Mine and my teams’">
          <EnvironmentTable label="Mine and my teams’" items={own} />
        </Section>
      )}
      {others.length > 0 && (
        <Section title={own.length > 0 ? 'All others' : 'Previews'}>
          <EnvironmentTable label="Other previews" items={others} />
        </Section>
      )}
      <Standing places={standing} />
      {!notConnected && <Leftovers />}
    </Stack>
  );
}
