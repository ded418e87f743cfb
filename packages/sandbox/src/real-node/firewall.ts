import { z } from 'zod';
import { SandboxPaths } from '../machine/paths';
import { CommandError } from '../machine/run';
import { Before } from './before';
import { BRIDGE, POD_RANGE, SERVICE_RANGE } from './layout';
import { runNetworkTool } from './tools';

const OWN_TABLE = 'highroad-node';

/** Tables that kube-proxy makes. */
const PROXY_TABLES = ['ip kube-proxy', 'ip6 kube-proxy'];

/** What the network plugin calls the chains in which it keeps the ports of containers on the machine. */
const PLUGIN_CHAIN = /^CNI-(HOSTPORT-|DN-)/;

/** How a chain of another's table knows our rules. */
const COMMENT = 'highroad-node';

/**
 * Rules of this node's own: pods get out under the machine's address, and nobody gets in from other machines. Pods,
 * services and the API server are for this machine alone.
 */
export function ownRules(): string {
  return `table ip ${OWN_TABLE} {
  chain from-elsewhere {
    type filter hook prerouting priority raw; policy accept;
    iifname != { "${BRIDGE}", "lo" } ip daddr { ${POD_RANGE}, ${SERVICE_RANGE} } drop
  }
  chain forwarded {
    type filter hook forward priority filter; policy accept;
    iifname != "${BRIDGE}" oifname "${BRIDGE}" ct state new drop
  }
  chain outwards {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${POD_RANGE} ip daddr != ${POD_RANGE} oifname != "${BRIDGE}" masquerade
  }
}
`;
}

/** Tables of the firewall, such as `ip nat`. */
export async function firewallTables(paths: SandboxPaths): Promise<string[]> {
  const text = await runNetworkTool(paths, 'nft', ['list', 'tables']);
  return text
    .split('\n')
    .map(line => line.replace(/^table /, '').trim())
    .filter(Boolean);
}

/** Puts the node's own rules in force. Can be done again. */
export async function setFirewall(paths: SandboxPaths): Promise<void> {
  await runNetworkTool(
    paths,
    'nft',
    ['-f', '-'],
    // Deleting what may not be there: declared first, so that all of it is one step.
    `table ip ${OWN_TABLE}\ndelete table ip ${OWN_TABLE}\n${ownRules()}`,
  );
  await letThrough(paths);
}

/** A firewall that drops what is forwarded, as a container engine's does, has to let pods through. */
async function letThrough(paths: SandboxPaths) {
  const policy = await chain(paths, 'ip', 'filter', 'FORWARD');
  if (!policy.some(item => item.chain?.policy === 'drop')) return;
  if (policy.some(item => item.rule?.comment === COMMENT)) return;
  for (const direction of ['iifname', 'oifname']) {
    await runNetworkTool(paths, 'nft', [
      `insert rule ip filter FORWARD ${direction} "${BRIDGE}" counter accept comment "${COMMENT}"`,
    ]);
  }
}

/** Takes away the node's own rules, kube-proxy's and the network plugin's. Does nothing where there are none. */
export async function clearFirewall(
  paths: SandboxPaths,
  before: Before | undefined,
): Promise<void> {
  const tables = await firewallTables(paths);
  for (const table of [`ip ${OWN_TABLE}`, ...PROXY_TABLES]) {
    if (tables.includes(table)) {
      await runNetworkTool(paths, 'nft', [`delete table ${table}`]);
    }
  }
  for (const item of await chain(paths, 'ip', 'filter', 'FORWARD')) {
    if (item.rule?.comment !== COMMENT) continue;
    await runNetworkTool(paths, 'nft', [
      `delete rule ip filter FORWARD handle ${item.rule.handle}`,
    ]);
  }
  for (const family of ['ip', 'ip6']) {
    if (tables.includes(`${family} nat`)) {
      await clearPluginChains(paths, family, before);
    }
  }
}

async function clearPluginChains(
  paths: SandboxPaths,
  family: string,
  before: Before | undefined,
) {
  const items = await list(paths, ['table', family, 'nat']);
  const chains = items
    .map(item => item.chain?.name)
    .filter(name => name !== undefined);
  const own = chains.filter(name => PLUGIN_CHAIN.test(name));
  const steps: string[] = [];
  for (const { rule } of items) {
    const jumpsTo = JSON.stringify(rule?.expr ?? []);
    if (rule && own.some(name => jumpsTo.includes(`{"target":"${name}"}`))) {
      steps.push(
        `delete rule ${family} nat ${rule.chain} handle ${rule.handle}`,
      );
    }
  }
  own.forEach(name => steps.push(`flush chain ${family} nat ${name}`));
  own.forEach(name => steps.push(`delete chain ${family} nat ${name}`));
  if (steps.length > 0) {
    await runNetworkTool(paths, 'nft', ['-f', '-'], `${steps.join('\n')}\n`);
  }
  // The tool makes the table when it first needs it; without a rule it stands for nothing.
  const table = `${family} nat`;
  const left = await list(paths, ['table', family, 'nat']);
  if (
    before &&
    !before.tables.includes(table) &&
    !left.some(item => item.rule)
  ) {
    await runNetworkTool(paths, 'nft', [`delete table ${table}`]);
  }
}

const itemSchema = z.object({
  chain: z
    .object({ name: z.string(), policy: z.string().optional() })
    .optional(),
  rule: z
    .object({
      chain: z.string(),
      handle: z.number(),
      comment: z.string().optional(),
      expr: z.array(z.unknown()).optional(),
    })
    .optional(),
});
const listSchema = z.object({ nftables: z.array(itemSchema) });

/** Chains and rules as nft lists them. */
export function parseList(text: string): z.infer<typeof itemSchema>[] {
  return listSchema.parse(JSON.parse(text)).nftables;
}

async function list(paths: SandboxPaths, what: string[]) {
  return parseList(
    await runNetworkTool(paths, 'nft', ['--json', '--handle', 'list', ...what]),
  );
}

/** A chain and its rules; empty where there is no such chain. */
async function chain(
  paths: SandboxPaths,
  family: string,
  table: string,
  name: string,
) {
  return list(paths, ['chain', family, table, name]).catch(error => {
    if (
      error instanceof CommandError &&
      error.output.includes('No such file or directory')
    ) {
      return [];
    }
    throw error;
  });
}
