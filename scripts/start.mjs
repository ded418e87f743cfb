// npm start: from a bare checkout to a portal that answers.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { prepareDocsGenerator } from './lib/docsGenerator.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { STATE } from './lib/paths.mjs';
import {
  clearRunning,
  readRunning,
  startPortal,
  stopLeftovers,
  writeRunning,
} from './lib/portal.mjs';
import { connectSandbox } from './lib/sandbox.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const HELP = `npm start -- [options]

  npm start                       the portal on http://localhost:3000
  npm start -- --port 3100        on another port
  npm start -- --no-sandbox       the portal alone
  npm start -- --kubeconfig FILE  with a cluster that you have

  --port N           of the portal (3000)
  --backend-port N   of its backend (7007)
  --no-sandbox       do not start servers beside the portal (cluster, Vault, registry, PostgreSQL, Git host)
  --kubeconfig FILE  connect the portal to this cluster; the sandbox then has none
  --real-node        pods really run: Linux and root; what is missing is installed after asking
  --simulated-node   pods are only simulated, which works everywhere
  --config FILE      one more configuration file, on top of app-config.yaml and app-config.local.yaml
  --state DIR        folder for databases, repositories and logs (.highroad)
  --verbose          print what the processes print; otherwise it goes to .highroad/logs
  --help
`;

const began = Date.now();
const say = text => process.stdout.write(`${text}\n`);

await runMain(async () => {
  const options = readOptions();
  const { state } = options;
  const running = await readRunning(state);
  if (running && !running.gone) {
    throw new Failure('The portal is running already.', {
      why: `${running.url} (process ${running.pid})`,
      fix: 'Open it, or stop it with Ctrl-C where it was started.',
      runbook: 'port-in-use',
    });
  }
  if (running?.gone && (await stopLeftovers(running))) {
    say('Stopped what an earlier start had left running');
  }

  const toolchain = await ensureToolchain(say);
  await ensureInstalled(toolchain, say);
  const sandbox = await connectSandbox(toolchain, {
    ...options,
    owned: running?.ownsSandbox,
    say,
  });
  say('Starting the portal');
  let stopping = false;
  const portal = await startPortal(toolchain, {
    ...options,
    baseConfigs: sandbox.below,
    configs: [...sandbox.above, ...options.configs],
    onSpawn: async parts => {
      await writeRunning(parts, {
        state,
        announce: state === STATE,
        ownsSandbox: sandbox.ours,
      });
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, () => stop(parts, 0));
      }
    },
  }).catch(error => {
    // What is being stopped cannot start any more; the stop ends the process.
    if (stopping) return new Promise(() => {});
    return sandbox.stop().then(() => {
      throw error;
    });
  });
  async function stop(parts, code) {
    if (stopping) return;
    stopping = true;
    say('Stopping');
    await Promise.all([parts.stop(), sandbox.stop()]);
    await clearRunning(state);
    process.exit(code);
  }
  say(welcome(portal, state));
  sandbox.start();
  portal.ended.then(({ name, code, signal }) => {
    if (stopping) return;
    process.stderr.write(
      `✖ The ${name} ended by itself (${signal ?? `code ${code}`}).\n` +
        `  → Read ${state}/logs/${name}.log and start again.\n` +
        '  Runbook: docs/runbooks/portal-does-not-start.md\n',
    );
    stop(portal, 1);
  });

  // The portal is useful without it, so nobody waits.
  prepareDocsGenerator().then(problem => problem && say(problem));
});

function readOptions() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        port: { type: 'string', default: '3000' },
        'backend-port': { type: 'string', default: '7007' },
        state: { type: 'string', default: STATE },
        config: { type: 'string', multiple: true, default: [] },
        'no-sandbox': { type: 'boolean', default: false },
        kubeconfig: { type: 'string' },
        'real-node': { type: 'boolean', default: false },
        'simulated-node': { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new Failure(error.message, { fix: 'npm start -- --help', code: 2 });
  }
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  return {
    port: readPort(values.port, '--port'),
    backendPort: readPort(values['backend-port'], '--backend-port'),
    state: path.resolve(values.state),
    configs: values.config,
    ...readSandboxOptions(values),
    verbose: values.verbose,
  };
}

function readSandboxOptions(values) {
  const kinds = ['no-sandbox', 'real-node', 'simulated-node'];
  const given = kinds.filter(kind => values[kind]);
  if (given.length > 1) {
    throw new Failure(`--${given[0]} and --${given[1]} do not go together.`, {
      fix: 'npm start -- --help',
      code: 2,
    });
  }
  if (values.kubeconfig && values['real-node']) {
    throw new Failure('--kubeconfig and --real-node do not go together.', {
      why: 'With a cluster that you have, the sandbox starts none.',
      code: 2,
    });
  }
  let node = 'auto';
  if (values['real-node']) node = 'real';
  if (values['simulated-node']) node = 'simulated';
  return {
    sandbox: !values['no-sandbox'],
    node,
    kubeconfig: values.kubeconfig && path.resolve(values.kubeconfig),
  };
}

function readPort(text, flag) {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Failure(`${flag} takes a port from 1 to 65535, not "${text}".`, {
      code: 2,
    });
  }
  return port;
}

function welcome({ url }, state) {
  return `
✔ Highroad is at ${url}   (${((Date.now() - began) / 1000).toFixed(0)} s)
  Sign in with "Enter" as a guest: this is a try-out on your machine.

  Try
    1. Create a service     ${url}/create
       or in a terminal     npx platform service create my-service --type api --language go --database postgres
    2. What breaks if       ${url}/catalog/default/component/payment-service/dependencies
       payment-service does npx platform dependents payment-service
    3. What needs fixing    ${url}/findings

  Stop with Ctrl-C. Logs: ${path.relative(
    process.cwd(),
    path.join(state, 'logs'),
  )}
`;
}
