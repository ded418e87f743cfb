import { hasEnded } from '@highroad/plugin-deployments-common';
import { RunningService } from '../api';

/** How what runs in an environment is doing, in few words. What nobody has looked at is not said to be well. */
export function standingState(services: RunningService[]): string {
  if (services.length === 0) return 'nothing was deployed yet';
  const count = (is: (one: RunningService) => boolean, words: string) => {
    const number = services.filter(is).length;
    return number > 0 ? [`${number} ${words}`] : [];
  };
  const news = [
    ...count(
      ({ latest }) => latest !== undefined && !hasEnded(latest.state),
      'being deployed',
    ),
    ...count(({ latest }) => latest?.state === 'failed', 'failed last'),
    ...count(({ drift }) => drift?.state === 'differs', 'not as deployed'),
  ];
  if (news.length > 0) return news.join(', ');
  return services.every(({ drift }) => drift?.state === 'same')
    ? 'as deployed'
    : 'no trouble known';
}
