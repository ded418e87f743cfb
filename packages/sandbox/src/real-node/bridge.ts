import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { BRIDGE_ADDRESS } from '../connection/settle';
import { ServerDefinition } from '../servers/Server';
import { readBefore, rememberBefore, restoreBefore } from './before';
import { clearFirewall, firewallTables, setFirewall } from './firewall';
import { holdsNode, releaseHold, takeHold } from './hold';
import { BRIDGE, POD_RANGE } from './layout';
import { runOnMachine } from './tools';

/** Of its own, so that it stays the same whichever pods are attached; locally administered. */
const HARDWARE_ADDRESS = '02:68:72:6e:64:01';

/**
 * The network that pods are attached to. The first thing that a real node has, and the last that is taken away: what is
 * known about the machine as it was before is kept until then.
 */
export const bridge: ServerDefinition = {
  name: 'bridge',
  title: 'The network of pods',
  programs: ['network-tools'],
  needs: [],
  node: 'real',
  address: () => `${BRIDGE_ADDRESS} (${BRIDGE})`,
  async setUp({ paths }) {
    await takeHold(paths.state);
    await rememberBefore(await firewallTables(paths));
    if (!exists()) {
      await runOnMachine('ip', [
        ...['link', 'add', 'name', BRIDGE, 'address', HARDWARE_ADDRESS],
        ...['type', 'bridge'],
      ]);
    }
    const prefix = POD_RANGE.split('/')[1];
    await runOnMachine('ip', [
      ...['address', 'replace', `${BRIDGE_ADDRESS}/${prefix}`],
      ...['dev', BRIDGE],
    ]);
    await runOnMachine('ip', ['link', 'set', BRIDGE, 'up']);
    await setFirewall(paths);
    // From a pod to a service and back to another pod, packets pass the machine.
    await writeFile('/proc/sys/net/ipv4/ip_forward', '1');
  },
  ready: async () => exists(),
  async tearDown({ paths }) {
    if (!(await holdsNode(paths.state))) return;
    const before = await readBefore();
    // Without the record nothing was changed yet: it is written first.
    if (before) {
      await clearFirewall(paths, before);
      if (exists()) await runOnMachine('ip', ['link', 'delete', BRIDGE]);
      await restoreBefore(before);
    }
    await releaseHold(paths.state);
  },
};

function exists(): boolean {
  return existsSync(`/sys/class/net/${BRIDGE}`);
}
