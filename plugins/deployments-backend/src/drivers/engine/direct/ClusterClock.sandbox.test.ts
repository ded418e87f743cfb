import { describeWithSandbox } from '@highroad/sandbox/testing';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterClock } from './ClusterClock';

describeWithSandbox('the clock of a cluster', ['cluster'], sandbox => {
  it('is that of its API server, asked once a minute, also of who may not ask anything', async () => {
    const { kubeconfig } = await sandbox.cluster();
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const stranger = new KubeConfig();
    stranger.loadFromFile(kubeconfig);
    stranger.users = [{ name: stranger.users[0].name, token: 'of nobody' }];
    for (const one of [config, stranger]) {
      let elapsed = 0;
      let asked = 0;
      const clock = new ClusterClock({
        config: () => {
          asked += 1;
          return one;
        },
        elapsed: () => elapsed,
      });
      const first = await clock.now();
      expect(Math.abs(first.getTime() - Date.now())).toBeLessThan(10_000);
      elapsed = 59_000;
      expect((await clock.now()).getTime()).toBe(first.getTime() + 59_000);
      expect(asked).toBe(1);
      elapsed = 61_000;
      await clock.now();
      expect(asked).toBe(2);
    }
  });
});
