import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { sandboxApiRef } from '@highroad/plugin-sandbox';
import { notice, SandboxAnswer } from '@highroad/plugin-sandbox-common';
import { useFollowed } from '@highroad/plugin-platform-react';
import WorkingIcon from '@mui/icons-material/HourglassEmptyOutlined';
import TroubleIcon from '@mui/icons-material/WarningAmberOutlined';
import Typography from '@mui/material/Typography';
import { useCallback } from 'react';

/** One line while the sandbox is not ready or not well. Where there is none, or all of it answers, there is no line. */
export function SandboxNotice() {
  const api = useApi(sandboxApiRef);
  const ask = useCallback(
    async (last: SandboxAnswer | undefined, signal: AbortSignal) => {
      // Which one is connected is settled by the configuration, until the portal is started again.
      if (last?.connected === 'no') return undefined;
      return api.status({ after: last && revisionOf(last), signal });
    },
    [api],
  );
  const { value, error } = useFollowed(ask);

  // What is not known any more is not said. Those who need the sandbox see why on its own page.
  if (error || value?.connected !== 'running') return null;
  const news = notice(value.status);
  if (!news) return null;
  const Icon = news.trouble ? TroubleIcon : WorkingIcon;
  return (
    <Typography
      component="p"
      color="text.secondary"
      sx={{
        display: 'flex',
        alignItems: 'center',
        gap: 1,
        fontSize: 14,
        fontVariantNumeric: 'tabular-nums',
        mt: -1,
        mb: 2,
      }}
    >
      <Icon
        fontSize="small"
        color={news.trouble ? 'warning' : 'action'}
        aria-hidden
      />
      <span>
        {news.text} <Link to="/sandbox">See the sandbox</Link>
      </span>
    </Typography>
  );
}

function revisionOf(answer: SandboxAnswer): number {
  return answer.connected === 'running' ? answer.status.revision : 0;
}
