import { Link } from '@backstage/core-components';
import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import {
  definitions,
  measureText,
  nameOf,
  valueText,
} from '@highroad/plugin-metrics-common';
import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import { metricsApiRef } from '../api';
import { BandLabel } from '../parts/BandLabel';
import { PAGES } from '../runbooks';
import { useRefreshed } from '../useRefreshed';

/** What it is about is always the same. */
const QUESTION = { about: 'card', asked: 'card' };

/** How delivery goes in the reader's group, at a glance, as it is now; in all where they are in none. */
export function DeliveryCard() {
  const api = useApi(metricsApiRef);
  const identity = useApi(identityApiRef);
  const { value, error, retry } = useRefreshed(QUESTION, async () => {
    const { ownershipEntityRefs } = await identity.getBackstageIdentity();
    const slice = ownershipEntityRefs.find(ref => ref.startsWith('group:'));
    return { slice, ...(await api.summary({ slice })) };
  });
  if (!value && error) {
    return (
      <Box sx={{ p: 2 }}>
        <Failure
          what="The numbers could not be read"
          error={error}
          runbook={PAGES.numbers}
          onRetry={retry}
        />
      </Box>
    );
  }
  if (!value) {
    return (
      <Box sx={{ p: 2 }}>
        <Waiting label="Reading the numbers" rows={3} />
      </Box>
    );
  }
  const { slice, keys, bands, scope } = value;
  const to = slice ? `/metrics?of=${encodeURIComponent(slice)}` : '/metrics';
  const nothing = keys.every(one => one.current.state === 'no-data');
  return (
    <Box sx={{ px: 2, pb: 2, fontSize: 14 }}>
      <Box sx={{ color: 'text.secondary', mb: 1 }}>
        {slice ? nameOf(slice) : 'All services'}, last 90 days
        {scope.example && ', with example data'}
      </Box>
      {nothing ? (
        <Box sx={{ mb: 1 }}>
          Nothing was delivered that is known of, which is not the same as zero.
        </Box>
      ) : (
        <Box
          component="dl"
          sx={{
            ...{ display: 'grid', gap: 0.75, m: 0, mb: 1 },
            gridTemplateColumns: 'minmax(0, 1fr) auto',
            '& dd': { m: 0, textAlign: 'right' },
          }}
        >
          {keys.map(({ key, unit, current, previous, band }) => (
            <Box key={key} sx={{ display: 'contents' }}>
              <dt>{definitions[key].title}</dt>
              <Box component="dd" sx={{ fontVariantNumeric: 'tabular-nums' }}>
                {current.state === 'value' ? (
                  <>
                    <strong>{measureText(current, unit)}</strong>
                    {key === 'frequency' && ' a week'}
                  </>
                ) : (
                  <Box
                    component="span"
                    title={current.why}
                    sx={{ color: 'text.secondary' }}
                  >
                    {measureText(current, unit)}
                  </Box>
                )}
                {band && (
                  <Box component="span" sx={{ ml: 1 }}>
                    <BandLabel band={band} bands={bands.name} />
                  </Box>
                )}
                {previous.state === 'value' && (
                  <Box sx={{ color: 'text.secondary', fontSize: 13 }}>
                    before: {valueText(previous.value, unit)}
                  </Box>
                )}
              </Box>
            </Box>
          ))}
        </Box>
      )}
      <Link to={to}>How it is counted, and what is behind it</Link>
    </Box>
  );
}
