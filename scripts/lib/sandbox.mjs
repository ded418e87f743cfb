import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Failure } from './failure.mjs';
import { ROOT } from './paths.mjs';
import { isAlive } from './processes.mjs';
import { lastLine, run } from './run.mjs';
import { reasonIn, runSandbox, SANDBOX } from './sandboxCommand.mjs';

const PLATFORM = path.join(ROOT, 'packages/platform-cli/bin/platform');

/** What is started beside a portal that is connected to a cluster of its own: everything but a cluster. */
const WITHOUT_CLUSTER = ['vault', 'registry', 'postgres', 'gitea', 'builder'];

/**
 * Settles where the sandbox beside a portal will be, and connects the portal to it, before anything runs: each part of
 * the portal works as soon as its server answers.
 *
 * @param options.sandbox - false for none
 * @param options.node - `auto`, `simulated` or `real`
 * @param options.kubeconfig - a cluster that is there already, which the portal is connected to instead
 * @returns files of configuration for the portal, below and above a person's own, and ways to start and to stop
 * @throws Failure for what was asked for and cannot be had; without being asked for, a sandbox is left out and it is said why
 */
export async function connectSandbox(toolchain, options) {
  const { state, port, backendPort, node, kubeconfig, say } = options;
  const cluster = kubeconfig
    ? await connectCluster(toolchain, { state, kubeconfig, say })
    : undefined;
  const above = cluster ? [cluster.config] : [];
  const none = {
    below: [],
    above,
    start: () => {},
    stop: async () => cluster?.stop(),
  };
  if (!options.sandbox) return none;

  const folder = path.join(state, 'sandbox');
  const kind = cluster ? 'simulated' : node;
  if (node === 'real') await installRealNode(toolchain, folder);
  const settled = await runSandbox(toolchain, [
    ...['settle', '--state', folder, '--node', kind],
  ]);
  if (settled.code !== 0) {
    const why = reasonIn(settled.output);
    if (node !== 'auto') {
      throw new Failure('The sandbox cannot be had like this.', {
        why,
        fix: 'See what is missing: npx platform sandbox check',
        runbook: 'sandbox-real-node-lacks',
      });
    }
    say(`The portal starts without a sandbox: ${why}`);
    return none;
  }
  const { portalConfig } = JSON.parse(lastLine(settled.output));
  // One that somebody started by themselves goes on when the portal stops.
  const ours = options.owned || !isSandboxRunning(folder);
  let follower;
  return {
    below: [portalConfig],
    above,
    ours,
    /** Starts the servers and prints how it goes. Returns at once. */
    start() {
      const only = cluster ? ['--only', ...WITHOUT_CLUSTER] : [];
      follower = spawn(
        toolchain.node,
        [
          PLATFORM,
          'sandbox',
          'start',
          '--state',
          folder,
          '--node',
          kind,
          ...only,
        ],
        {
          cwd: ROOT,
          env: {
            ...toolchain.env,
            // Where the pages about builds are.
            HIGHROAD_PORTAL_URL: `http://localhost:${port}`,
            // Where the Git host tells of pull requests.
            HIGHROAD_PORTAL_BACKEND_URL: `http://127.0.0.1:${backendPort}`,
          },
          stdio: ['ignore', 'inherit', 'inherit'],
          // Ctrl-C is for the portal, which then stops this.
          detached: true,
        },
      );
      follower.once('error', error =>
        say(`The sandbox could not be started: ${error.message}`),
      );
    },
    async stop() {
      if (follower && follower.exitCode === null) follower.kill('SIGKILL');
      cluster?.stop();
      if (!ours || !isSandboxRunning(folder)) return;
      const { code, output } = await run(
        toolchain.node,
        [PLATFORM, 'sandbox', 'stop', '--state', folder],
        { env: toolchain.env },
      );
      if (code !== 0) {
        say(`The sandbox did not stop: ${reasonIn(output)}`);
        say('Try again: npx platform sandbox stop');
      }
    },
  };
}

/** Whether a supervisor runs, as its own file says. */
function isSandboxRunning(folder) {
  const file = path.join(folder, 'supervisor.json');
  if (!existsSync(file)) return false;
  try {
    return isAlive(JSON.parse(readFileSync(file, 'utf8')).pid);
  } catch (error) {
    if (error instanceof SyntaxError || error.code === 'ENOENT') return false;
    throw error;
  }
}

/** Says what a real node lacks, asks, and installs it. On a terminal the person sees and answers it themselves. */
async function installRealNode(toolchain, folder) {
  const code = await new Promise((resolve, reject) => {
    const child = spawn(
      toolchain.node,
      [PLATFORM, 'sandbox', 'check', '--install', '--state', folder],
      { cwd: ROOT, env: toolchain.env, stdio: 'inherit' },
    );
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new Failure('A real node cannot be had on this machine as it is.', {
      fix: 'Take simulated pods: npm start -- --simulated-node',
      runbook: 'sandbox-real-node-lacks',
    });
  }
}

/** Keeps the way to a cluster open while the portal runs. */
async function connectCluster(toolchain, { state, kubeconfig, say }) {
  const config = path.join(state, 'app-config.cluster.yaml');
  const child = spawn(
    toolchain.node,
    [
      SANDBOX,
      'connect-cluster',
      '--kubeconfig',
      kubeconfig,
      '--config',
      config,
    ],
    { env: toolchain.env, stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let words = '';
  child.stderr.on('data', chunk => {
    words += chunk;
  });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('close', () => resolve(undefined));
  });
  if (line === undefined) {
    throw new Failure(`The cluster of ${kubeconfig} cannot be used.`, {
      why: reasonIn(words),
      fix: `Try it: kubectl --kubeconfig ${kubeconfig} get nodes`,
      runbook: 'sandbox-kubeconfig-does-not-work',
    });
  }
  const { name, version } = JSON.parse(line);
  say(`Connected to the cluster ${name} (${version})`);
  let stopping = false;
  child.once('close', () => {
    if (!stopping)
      say(`The way to the cluster ${name} has ended: ${reasonIn(words)}`);
  });
  return {
    config,
    stop() {
      stopping = true;
      child.kill('SIGTERM');
    },
  };
}
