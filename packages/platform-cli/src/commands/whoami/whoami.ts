import { CommandDefinition } from '../../command';

export const whoami: CommandDefinition = {
  path: ['whoami'],
  summary: 'Say who you are to the portal, and which portal that is',
  examples: ['platform whoami', 'platform whoami --json'],
  configure: command => command,
  async run({ output, portal }) {
    const connected = await portal();
    const { userRef, ownership } = await connected.identity();
    const { backendUrl, portalUrl, source } = connected.connection;
    const teams = ownership.filter(ref => ref.startsWith('group:'));
    output.answer({ user: userRef, teams, portal: backendUrl, source }, () =>
      [
        `You are ${userRef}`,
        `Teams   ${teams.join(', ') || 'none'}`,
        `Portal  ${portalUrl ?? backendUrl} (${source})`,
      ].join('\n'),
    );
  },
};
