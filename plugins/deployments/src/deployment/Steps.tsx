import { Step } from '@highroad/plugin-deployments-common';
import OpenIcon from '@mui/icons-material/ChevronRight';
import DoneIcon from '@mui/icons-material/CheckCircleOutlined';
import FailedIcon from '@mui/icons-material/ErrorOutlineOutlined';
import RunningIcon from '@mui/icons-material/PendingOutlined';
import SkippedIcon from '@mui/icons-material/RemoveCircleOutlineOutlined';
import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { ReactNode } from 'react';
import { Heading } from '../parts/Heading';
import { useNow } from '../parts/useNow';
import { durationText } from '../words/duration';
import { withShortHashes } from '../words/short';

const ICONS: Record<Step['state'], ReactNode> = {
  running: <RunningIcon color="info" fontSize="small" aria-hidden />,
  succeeded: <DoneIcon color="success" fontSize="small" aria-hidden />,
  failed: <FailedIcon color="error" fontSize="small" aria-hidden />,
  skipped: <SkippedIcon color="action" fontSize="small" aria-hidden />,
};

const NAMES: Record<string, string> = {
  image: 'Image',
  commit: 'Commit',
  manifests: 'Manifests',
  guardrails: 'Guardrails',
  apply: 'Apply',
  ready: 'Pods ready',
};

/** What was done and looked at, in order; opened where it failed. */
export function Steps({ steps }: { steps: Step[] }) {
  const now = useNow(steps.some(({ state }) => state === 'running'));
  return (
    <Box component="section" aria-label="Steps">
      <Heading>Steps</Heading>
      {steps.length === 0 && (
        <Typography color="text.secondary" sx={{ fontSize: 14 }}>
          Nothing was done yet. What is checked and done will be listed here,
          with what it showed.
        </Typography>
      )}
      <Box component="ol" sx={{ listStyle: 'none', m: 0, p: 0 }}>
        {steps.map(step => (
          <StepLine key={step.number} step={step} now={now} />
        ))}
      </Box>
    </Box>
  );
}

function StepLine({ step, now }: { step: Step; now: number }) {
  const { evidence, state } = step;
  return (
    <Box
      component="li"
      sx={{ borderTop: 1, borderColor: 'divider', py: 1, fontSize: 14 }}
    >
      {evidence.length === 0 ? (
        <Line step={step} now={now} />
      ) : (
        <Box
          component="details"
          open={state === 'failed' || undefined}
          sx={{
            '& > summary': { cursor: 'pointer', listStyle: 'none' },
            '& > summary::-webkit-details-marker': { display: 'none' },
            '&[open] > summary .chevron': { transform: 'rotate(90deg)' },
          }}
        >
          <summary>
            <Line step={step} now={now} opens />
          </summary>
          <Box
            component="pre"
            tabIndex={0}
            aria-label={`What it showed: ${nameOf(step)}`}
            sx={{
              m: 0,
              mt: 1,
              ml: 3.5,
              p: 1.5,
              fontSize: 12,
              maxHeight: 320,
              overflow: 'auto',
              whiteSpace: 'pre-wrap',
              overflowWrap: 'anywhere',
              bgcolor: 'action.hover',
              borderRadius: 1,
            }}
          >
            {evidence.join('\n')}
          </Box>
        </Box>
      )}
    </Box>
  );
}

function Line(props: {
  step: Step;
  /** In milliseconds */
  now: number;
  /** There is more below it */
  opens?: boolean;
}) {
  const { step, now, opens } = props;
  const end = step.endedAt ? Date.parse(step.endedAt) : now;
  const begun = Date.parse(step.startedAt);
  return (
    <Box sx={{ display: 'flex', gap: 1, alignItems: 'flex-start' }}>
      <Box component="span" sx={{ width: 20, flexShrink: 0, height: 20 }}>
        {opens && <OpenIcon className="chevron" fontSize="small" aria-hidden />}
      </Box>
      {ICONS[step.state]}
      <Box component="span" sx={{ width: 120, flexShrink: 0, fontWeight: 600 }}>
        {nameOf(step)}
      </Box>
      <Box component="span" sx={{ width: 80, flexShrink: 0 }}>
        {step.state}
      </Box>
      <Box component="span" sx={{ flexGrow: 1, overflowWrap: 'anywhere' }}>
        {withShortHashes(step.summary)}
      </Box>
      <Box
        component="span"
        title={`${step.startedAt} – ${step.endedAt ?? 'now'}`}
        sx={{
          whiteSpace: 'nowrap',
          color: 'text.secondary',
          fontVariantNumeric: 'tabular-nums',
        }}
      >
        {/* What is noted in one moment took no time of its own. */}
        {end - begun >= 1_000 || step.state === 'running'
          ? durationText(Math.max(0, end - begun))
          : ''}
      </Box>
    </Box>
  );
}

function nameOf({ name }: Step): string {
  return NAMES[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}
