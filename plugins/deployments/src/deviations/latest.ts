import { Deviation } from '@highroad/plugin-deployments-common';

/** Of each guardrail and place the newest: one that expired and was added again is history. */
export function latest(deviations: Deviation[]): Deviation[] {
  const seen = new Set<string>();
  return deviations.filter(({ service, environment, guardrail }) => {
    const key = `${service} ${environment} ${guardrail}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** "2 guardrails are lifted, 1 deviation has expired", or nothing where that is so of none. */
export function countText(deviations: Deviation[]): string {
  const count = (state: Deviation['state']) =>
    deviations.filter(one => one.state === state).length;
  const active = count('active');
  const expired = count('expired');
  const parts = [
    active === 1 && '1 guardrail is lifted',
    active > 1 && `${active.toLocaleString('en')} guardrails are lifted`,
    expired === 1 && '1 deviation has expired',
    expired > 1 && `${expired.toLocaleString('en')} deviations have expired`,
  ];
  return parts.filter(Boolean).join(', ');
}
