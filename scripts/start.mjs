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
import { ensureToolchain } from './lib/toolchain.mjs';

const HELP = `npm start -- [options]

  npm start                       the portal on http://localhost:3000
  npm start -- --port 3100        on another port

  --port N           of the portal (3000)
  --backend-port N   of its backend (7007)
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
  say('Starting the portal');
  let stopping = false;
  const portal = await startPortal(toolchain, {
    ...options,
    onSpawn: async parts => {
      await writeRunning(parts, { state, announce: state === STATE });
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
        process.on(signal, () => stop(parts, 0));
      }
    },
  }).catch(error => {
    // What is being stopped cannot start any more; the stop ends the process.
    if (stopping) return new Promise(() => {});
    throw error;
  });
  async function stop(parts, code) {
    if (stopping) return;
    stopping = true;
    say('Stopping');
    await parts.stop();
    await clearRunning(state);
    process.exit(code);
  }
  say(welcome(portal, state));
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
    verbose: values.verbose,
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
