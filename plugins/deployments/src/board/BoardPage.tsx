import { Failure, PageFrame, Waiting } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import { useMemo } from 'react';
import { DeployButton } from '../ask/DeployButton';
import { BoardDeviations } from '../deviations/BoardDeviations';
import { useDeviations } from '../deviations/useDeviations';
import { Lost } from '../parts/Lost';
import { RUNBOOK } from '../runbooks';
import { columnsOf, troublesOf } from './board';
import { BoardFilters } from './BoardFilters';
import { Matrix } from './Matrix';
import { NotConnected } from './NotConnected';
import { NothingDeployed } from './NothingDeployed';
import { OpenPreviews } from './OpenPreviews';
import { previewsByService } from './previews';
import { Board } from './readBoard';
import { Troubles } from './Troubles';
import { Unwatched } from './Unwatched';
import { useBoard } from './useBoard';
import { fitting, useBoardFilter } from './useBoardFilter';
import { usePreviews } from './usePreviews';
import { useRows } from './useRows';

/** What runs where, and whether anything goes wrong. */
export function BoardPage() {
  const { value: board, error, heardAt, retry } = useBoard();
  const environments = board?.environments ?? [];
  return (
    <PageFrame
      title="Deployments"
      purpose="What runs where, and what is going on or wrong."
      action={environments.length > 0 && <DeployButton primary />}
    >
      {!board && !error && (
        <Waiting label="Reading what runs where" rows={10} />
      )}
      {error && !board && (
        <Failure
          what="What runs where could not be read"
          error={error}
          unaffected="What runs keeps running, and what is under way goes on."
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={retry}
        />
      )}
      {error && board && heardAt && <Lost error={error} heardAt={heardAt} />}
      {board && <Content board={board} />}
    </PageFrame>
  );
}

function Content({ board }: { board: Board }) {
  const { environments, places, unwatched } = board;
  const { choice, change, narrowed } = useBoardFilter();
  const previews = usePreviews();
  const previewsOf = useMemo(
    () => previewsByService(previews.value ?? []),
    [previews.value],
  );
  const { rows, known, problem, loading, previewsAwaited } = useRows(
    places,
    previewsOf,
  );
  const columns = useMemo(
    () => columnsOf(environments, places),
    [environments, places],
  );
  const troubles = useMemo(() => troublesOf(places), [places]);
  const deviations = useDeviations();
  const lifted = useMemo(
    () => deviations.value && new Set(deviations.value.map(one => one.service)),
    [deviations.value],
  );
  const shown = useMemo(
    // Owners and systems that cannot be found out leave nobody without a list.
    () =>
      fitting(
        rows,
        problem ? { ...choice, owner: '', system: '' } : choice,
        ...([known, lifted, previewsOf] as const),
      ),
    [rows, choice, known, problem, lifted, previewsOf],
  );
  const mayHaveMore = (!previews.value && !previews.error) || previewsAwaited;
  if (rows.length === 0 && mayHaveMore) {
    return <Waiting label="Reading which services have previews" rows={10} />;
  }
  if (rows.length === 0) {
    return environments.length === 0 ? (
      <NotConnected />
    ) : (
      <NothingDeployed
        environment={environments[0].name}
        action={<DeployButton />}
      />
    );
  }
  const waits = Boolean(choice.owner || choice.system) && !known && loading;
  return (
    <>
      <Troubles troubles={troubles} />
      <Unwatched environments={unwatched} />
      <BoardDeviations
        followed={deviations}
        only={choice.deviations}
        onOnly={only => change({ deviations: only })}
      />
      <BoardFilters
        choice={choice}
        known={known}
        problem={problem}
        onChange={change}
      />
      <OpenPreviews
        previews={previews.value}
        error={previews.error}
        onRetry={previews.retry}
      />
      {waits && <Waiting label="Finding out who owns what" rows={10} />}
      {!waits && shown.length > 0 && (
        <Matrix
          // Another choice begins at its top.
          key={JSON.stringify(choice)}
          rows={shown}
          columns={columns}
          environments={environments}
          previews={previewsOf}
        />
      )}
      {!waits && shown.length === 0 && (
        <Typography color="text.secondary">
          {narrowed && 'No service fits the filter.'}{' '}
          <Button
            size="small"
            onClick={() =>
              change({
                ...{ text: '', owner: '', system: '' },
                ...{ problems: false, deviations: false },
              })
            }
          >
            Show all {rows.length}
          </Button>
        </Typography>
      )}
    </>
  );
}
