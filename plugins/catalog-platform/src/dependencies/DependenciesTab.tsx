import { useEntity } from '@backstage/plugin-catalog-react';
import {
  DependencyAnswer,
  MAX_DEPTH,
} from '@highroad/plugin-catalog-platform-common';
import { Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import LinearProgress from '@mui/material/LinearProgress';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { Failure } from '../feedback/Failure';
import { DependencyFilters } from './DependencyFilters';
import { DependencyMap } from './DependencyMap';
import { DependencyTable } from './DependencyTable';
import { headline } from './headline';
import { Remarks } from './Remarks';
import { useDependencies } from './useDependencies';
import { useDependencyFilter } from './useDependencyFilter';

function Nothing(props: { answer: DependencyAnswer; onClear: () => void }) {
  const { answer, onClear } = props;
  if (answer.lifecycle.length > 0) {
    return (
      <Typography color="text.secondary">
        Nothing has this lifecycle.{' '}
        <Button size="small" onClick={onClear}>
          Show every lifecycle
        </Button>
      </Typography>
    );
  }
  return (
    <Typography color="text.secondary">
      {answer.direction === 'dependents'
        ? 'Whatever needs this will be listed here, as soon as its catalog-info.yaml names this under spec.dependsOn, or consumes one of its APIs.'
        : 'Whatever this needs will be listed here, as soon as its catalog-info.yaml names it under spec.dependsOn or spec.consumesApis.'}
    </Typography>
  );
}

/** Answers "what breaks if this breaks?", and what it needs itself. */
export function DependenciesTab() {
  const { entity } = useEntity();
  const { filter, change } = useDependencyFilter();
  const { value: answer, loading, error, retry } = useDependencies(filter);
  const title = entity.metadata.title ?? entity.metadata.name;
  return (
    <Stack spacing={2}>
      {answer && !error && (
        <Typography variant="h5" component="h2" aria-live="polite">
          {headline(answer)}
        </Typography>
      )}
      <DependencyFilters
        filter={filter}
        lifecycles={answer?.lifecycles ?? []}
        onChange={change}
      />
      {error && !loading && (
        <Failure
          what={`What depends on ${title} could not be found out`}
          error={error}
          onRetry={retry}
        />
      )}
      {loading && !answer && (
        <Waiting label={`Following the dependencies of ${title}`} rows={6} />
      )}
      {loading && answer && (
        <LinearProgress aria-label="Following the dependencies" />
      )}
      {answer && !error && (
        <>
          <Remarks
            answer={answer}
            onDeeper={
              answer.depth < MAX_DEPTH
                ? () => change({ depth: MAX_DEPTH })
                : undefined
            }
          />
          {answer.items.length === 0 ? (
            <Nothing
              answer={answer}
              onClear={() => change({ lifecycle: [] })}
            />
          ) : (
            <Box
              sx={{
                display: 'grid',
                gap: 3,
                gridTemplateColumns: {
                  xs: 'minmax(0, 1fr)',
                  xl: 'minmax(0, 3fr) minmax(0, 2fr)',
                },
              }}
            >
              <Box sx={{ order: { xl: 1 } }}>
                <DependencyMap answer={answer} />
              </Box>
              <DependencyTable answer={answer} />
            </Box>
          )}
          <Typography variant="caption" color="text.secondary">
            Counts what is in the catalog and visible to you.
          </Typography>
        </>
      )}
    </Stack>
  );
}
