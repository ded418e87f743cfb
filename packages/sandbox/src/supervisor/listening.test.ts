import { createServer } from 'node:net';
import { BRIDGE_ADDRESS } from '../connection/settle';
import { describeWithSandbox } from '../testing';
import { listenersOf } from './__testUtils__/listeners';
import { processesOf } from './__testUtils__/servers';

/** ::1, as the kernel writes it */
const LOOPBACK_6 = '00000000000000000000000001000000';

function isForThisMachine(listener: string): boolean {
  const [address] = listener.split(':');
  return (
    address.startsWith('127.') ||
    address === LOOPBACK_6 ||
    address === BRIDGE_ADDRESS
  );
}

describeWithSandbox('the servers of a sandbox', ['cluster'], sandbox => {
  it('listen on loopback, and on the bridge of their pods, and nowhere else', async () => {
    const all = await listenersOf(await processesOf(sandbox.paths));
    expect(all).toContain(
      `127.0.0.1:${sandbox.connection.ports.rolloutsMetrics}`,
    );
    expect(all.filter(one => !isForThisMachine(one))).toEqual([]);
  });

  it('would be found out', async () => {
    const server = createServer();
    await new Promise<void>(resolve => {
      server.listen(0, () => resolve());
    });
    try {
      const all = await listenersOf([process.pid]);
      expect(all.filter(one => !isForThisMachine(one))).toHaveLength(1);
    } finally {
      server.close();
    }
  });
});
