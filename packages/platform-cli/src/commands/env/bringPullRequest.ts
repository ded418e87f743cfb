import { CommandContext } from '../../command';
import { followEnvironment } from './followEnvironment';
import { environmentText } from './words';

/** Has the environment that a pull request asks for made, or brought up to date. */
export async function bringPullRequest(
  { output, portal }: Pick<CommandContext, 'output' | 'portal'>,
  url: string,
  options: { wait: boolean; timeout: number },
): Promise<void> {
  const connected = await portal();
  const answer = await connected.environments.bringPullRequest({ url });
  const { name } = answer;
  if (!options.wait || !answer.environment) {
    output.answer(answer, () =>
      [
        answer.environment
          ? `${name} is as the pull request has it.`
          : `${name} is being seen to, and takes longer than usual. The comment at the pull request says how it stands.`,
        `See it: platform env show ${name}`,
      ].join('\n'),
    );
    return;
  }
  const environment = await followEnvironment(
    connected,
    answer.environment,
    output,
    { timeout: options.timeout },
  );
  output.answer({ ...answer, environment }, () =>
    [
      environmentText(environment, new Date()),
      `Open it: platform env open ${name}`,
    ].join('\n'),
  );
}
