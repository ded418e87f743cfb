import { DeliveryTaker } from '@highroad/plugin-platform-node';
import { PullRequestHost } from '../drivers/gitHosts/PullRequestHost';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { PullRequestRef } from './PullRequestRef';

/**
 * Takes deliveries of Git hosts. Even a signed one only says where to look.
 *
 * @param options.want - resolves when it is not lost any more
 */
export function pullRequestTaker(options: {
  hosts: PullRequestHosts;
  want: (ref: PullRequestRef) => Promise<void>;
}): DeliveryTaker<PullRequestHost> {
  const { hosts, want } = options;
  return {
    signer(delivery) {
      const wanted = delivery.params.host.toLocaleLowerCase('en-US');
      const host = hosts.all().find(one => one.host === wanted);
      return host?.isSigned(delivery) ? host : undefined;
    },
    async take(delivery, host) {
      const hint = host.hintIn(delivery);
      if (!hint) return { status: 200, body: { message: 'Nothing to do.' } };
      const { owner, name, number } = hint;
      await want({ host: host.host, owner, name, number });
      const message = `${owner}/${name}#${number} is looked at.`;
      return { status: 202, body: { message } };
    },
  };
}
