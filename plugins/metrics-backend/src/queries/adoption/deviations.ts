import { Adoption } from '@highroad/plugin-metrics-common';
import { Days } from '../Day';
import { EligibleService, Deviation, Reached } from './EligibleService';
import { Judged } from './judged';

/** Those that lift something at a moment. */
export function deviationsOf(
  all: EligibleService[],
  reached: Reached,
): Adoption['deviations'] {
  const counts = new Map<string, number>();
  let services = 0;
  for (const one of all) {
    const there = one.deviations.filter(deviation =>
      isInForce(deviation, reached),
    );
    services += Number(there.length > 0);
    for (const { guardrail } of there) {
      counts.set(guardrail, (counts.get(guardrail) ?? 0) + 1);
    }
  }
  return {
    ...{ state: 'value', services },
    n: [...counts.values()].reduce((sum, n) => sum + n, 0),
    guardrails: [...counts]
      .map(([guardrail, n]) => ({ guardrail, n }))
      .sort((a, b) => b.n - a.n || a.guardrail.localeCompare(b.guardrail)),
  };
}

/** Those that lift something at the end of a range, and those that did in it and do not any more. */
export function judgeDeviations(
  services: EligibleService[],
  range: Days,
  reached: Reached,
): Judged[] {
  return services.flatMap(service =>
    service.deviations
      .filter(one => reached(one.from) && one.until.day >= range.from)
      .map(one => {
        const { environment, guardrail, from, until } = one;
        const counts = isInForce(one, reached);
        return {
          ...{ service, counts, environment, at: from.at },
          part: JSON.stringify([environment, guardrail, from.at]),
          why: () =>
            counts
              ? `${guardrail} is lifted in ${environment} from ${from.day} to ${until.day}.`
              : `${guardrail} was lifted in ${environment} from ${from.day}, which ended on ${until.day}.`,
        };
      }),
  );
}

function isInForce({ from, until }: Deviation, reached: Reached): boolean {
  return reached(from) && !reached(until);
}
