import { askingFor, SOME_ID } from './askingFor';

export const cancelDeployment = askingFor({
  verb: 'cancel',
  summary: 'Stop a deployment; what it has applied already is taken back',
  examples: [
    `platform deployment cancel ${SOME_ID}`,
    `platform deployment cancel ${SOME_ID} --reason "the wrong version"`,
  ],
  ask: ({ deployments }, asked) => deployments.cancel(asked),
  told: what => `${what} is stopped in a moment.`,
});

export const approveDeployment = askingFor({
  verb: 'approve',
  summary: 'Agree to a deployment that somebody else asked for',
  examples: [
    `platform deployment approve ${SOME_ID}`,
    `platform deployment approve ${SOME_ID} --reason "read through it"`,
  ],
  ask: ({ deployments }, asked) => deployments.approve(asked),
  told: what => `${what} is approved, and applied in a moment.`,
});
