import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { PageFrame, Waiting } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import Typography from '@mui/material/Typography';
import { useMemo } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { catalogPlatformApiRef } from '../api';
import { Failure } from '../feedback/Failure';
import { things } from '../names';
import { arrange, countFindings, Section } from './arrange';
import { OwnerSection } from './OwnerSection';
import { FindingsFilter, useFindingsFilter } from './useFindingsFilter';

function Filters(props: {
  filter: FindingsFilter;
  onChange: (part: Partial<FindingsFilter>) => void;
}) {
  const { filter, onChange } = props;
  return (
    <Stack direction="row" spacing={2} flexWrap="wrap" useFlexGap>
      <ToggleButtonGroup
        exclusive
        size="small"
        color="primary"
        value={filter.show}
        aria-label="Whose"
        onChange={(_, show: FindingsFilter['show'] | null) =>
          show && onChange({ show })
        }
      >
        <ToggleButton value="all">Everyone's</ToggleButton>
        <ToggleButton value="mine">My teams'</ToggleButton>
      </ToggleButtonGroup>
      <ToggleButtonGroup
        exclusive
        size="small"
        color="primary"
        value={filter.level}
        aria-label="Level"
        onChange={(_, level: FindingsFilter['level'] | null) =>
          level && onChange({ level })
        }
      >
        <ToggleButton value="any">Errors and warnings</ToggleButton>
        <ToggleButton value="error">Errors only</ToggleButton>
      </ToggleButtonGroup>
      <TextField
        size="small"
        label="Name"
        value={filter.name}
        onChange={event => onChange({ name: event.target.value })}
      />
    </Stack>
  );
}

function summary(sections: Section[]): string {
  const count = countFindings(sections);
  const mine = countFindings(sections.filter(section => section.mine));
  return mine > 0
    ? `${things(count)} to put right, ${mine} of them yours`
    : `${things(count)} to put right, none of them yours`;
}

/** Everything that is wrong in catalog files, by owner, mine first. */
export function FindingsPage() {
  const api = useApi(catalogPlatformApiRef);
  const identity = useApi(identityApiRef);
  const { filter, change } = useFindingsFilter();
  const { value, error, loading, retry } = useAsyncRetry(async () => {
    const [answer, { ownershipEntityRefs }] = await Promise.all([
      api.findings(),
      identity.getBackstageIdentity(),
    ]);
    return { answer, mine: ownershipEntityRefs };
  }, [api, identity]);
  const { show, level, name } = filter;
  const sections = useMemo(
    () =>
      value ? arrange(value.answer, { show, level, name }, value.mine) : [],
    [value, show, level, name],
  );
  return (
    <PageFrame
      title="Findings"
      purpose="What is wrong in catalog files, and how to put it right"
    >
      <Stack spacing={3}>
        {value && !error && value.answer.total > 0 && (
          <Typography variant="h5" component="p" aria-live="polite">
            {summary(sections)}
          </Typography>
        )}
        <Filters filter={filter} onChange={change} />
        {loading && !value && (
          <Waiting label="Collecting what is wrong" rows={8} />
        )}
        {error && !loading && (
          <Failure
            what="What is wrong in the catalog could not be collected"
            error={error}
            onRetry={retry}
          />
        )}
        {value?.answer.truncated && !error && (
          <Alert severity="warning">
            There are more than can be listed. Put these right first.
          </Alert>
        )}
        {value && !error && value.answer.total === 0 && (
          <Typography>
            All well: nothing is wrong in the catalog files that you may see.
            Annotations that the platform cannot read, owners that do not exist
            and dependencies that lead nowhere would be listed here.
          </Typography>
        )}
        {value && !error && value.answer.total > 0 && sections.length === 0 && (
          <Typography>
            Nothing fits the filter.{' '}
            <Button
              size="small"
              onClick={() => change({ show: 'all', level: 'any', name: '' })}
            >
              Show everything
            </Button>
          </Typography>
        )}
        {!error &&
          sections.map(section => (
            <OwnerSection key={section.owner ?? ''} section={section} />
          ))}
        {value && !error && (
          <Typography variant="caption" color="text.secondary">
            References were last compared at{' '}
            <time dateTime={value.answer.checkedAt}>
              {new Date(value.answer.checkedAt).toLocaleString()}
            </time>
            .
          </Typography>
        )}
      </Stack>
    </PageFrame>
  );
}
