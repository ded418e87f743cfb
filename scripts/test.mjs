// npm test: everything that can be tested on this machine, from a bare checkout.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { isEnding } from './lib/cleanup.mjs';
import { Failure, runMain } from './lib/failure.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { labelled } from './lib/labelled.mjs';
import { CROWDED, PARTS, READING, WAITING } from './lib/testParts.mjs';
import { findTestSandbox } from './lib/testSandbox.mjs';
import { summarise } from './lib/testSummary.mjs';
import { findTestTools } from './lib/testTools.mjs';
import { ensureToolchain } from './lib/toolchain.mjs';

const HELP = `npm test -- [options] [-- jest arguments]

  npm test                              everything
  npm test -- --only unit               one part; can be repeated
  npm test -- --only unit -- plugins/create
  npm test -- --only templates -- -t go

  --only PART     types, format, lint, unit, templates, portal, system
  --all           prepares the sandbox first where that has not been done (the default in CI)
  --no-sandbox    leaves out the tests that need the sandbox
  --at-once N     parts at the same time (2 with four processors and 14 GiB, otherwise 1), unit tests alone; the system tests,
                  which mostly wait, run beside the others with two processors and 14 GiB
  --help
`;

/** What two parts at the same time take; with less, tests that look at how quick something is fail at times. */
const ROOMY = { bytes: 14 * 1024 ** 3, processors: 4 };
/** What it takes to have a part that mostly waits run beside another. */
const ROOM_TO_WAIT = { bytes: 14 * 1024 ** 3, processors: 2 };

const say = text => process.stdout.write(`${text}\n`);

await runMain(async () => {
  const { only, args, prepare, withSandbox, ...options } = readOptions();
  const began = Date.now();
  const toolchain = await ensureToolchain(say);
  await ensureInstalled(toolchain, say);
  const needsTools = only.some(
    part => part === 'templates' || part === 'portal',
  );
  const tools = needsTools
    ? await findTestTools(say)
    : { env: {}, missing: [] };
  const sandbox = await sandboxFor(only);

  const runParts = (parts, most, isAlone = true) => {
    const atOnce = Math.min(most, parts.length);
    return runAll(parts, atOnce, part => {
      const label = atOnce > 1 || !isAlone ? part : undefined;
      const { write } = labelled(label, process.stdout);
      return PARTS[part]({
        ...{ toolchain, args, tools, sandbox, label },
        say: text => write(`${text}\n`),
      });
    });
  };
  // What reads sources only uses one processor each, and nothing in it looks at how quick it is.
  const reading = only.filter(part => READING.includes(part));
  const running = only.filter(part => ![...READING, ...CROWDED].includes(part));
  const crowded = only.filter(part => CROWDED.includes(part));
  const waiting = running.filter(
    part => hasAtLeast(ROOM_TO_WAIT) && WAITING.includes(part),
  );
  const working = running.filter(part => !waiting.includes(part));
  const isAlone = waiting.length === 0 || working.length === 0;
  const results = [
    ...(await runParts(reading, Math.max(2, options.atOnce))),
    ...(await runParts(crowded, 1)),
    ...(await allOf([
      runParts(working, options.atOnce, isAlone),
      runParts(waiting, options.atOnce, isAlone),
    ])),
  ];
  summarise(results, {
    missing: [...tools.missing, ...reasonOf(sandbox)],
    seconds: (Date.now() - began) / 1000,
    say,
  });
  process.exit(results.some(result => result.failed > 0) ? 1 : 0);

  async function sandboxFor(parts) {
    const using = ['unit', 'portal', 'system'];
    if (!parts.some(part => using.includes(part)))
      return { missing: 'no part that was asked for uses it' };
    if (!withSandbox) return { missing: 'it was left out by --no-sandbox' };
    return findTestSandbox(toolchain, { prepare, say });
  }
});

/** The results of all, after all have ended; also where one cannot be had. */
async function allOf(promises) {
  const settled = await Promise.allSettled(promises);
  const broken = settled.find(({ status }) => status === 'rejected');
  if (broken) throw broken.reason;
  return settled.flatMap(({ value }) => value);
}

/**
 * Runs the parts, some at the same time, and gives their results in the order of the parts. When one cannot be run,
 * those that are under way are finished, and no other is begun.
 */
async function runAll(parts, atOnce, runPart) {
  const results = new Map();
  const waiting = [...parts];
  let failure;
  const work = async () => {
    while (waiting.length > 0 && !isEnding()) {
      const part = waiting.shift();
      say(`\n── ${part}`);
      const since = Date.now();
      try {
        const result = await runPart(part);
        const seconds = (Date.now() - since) / 1000;
        results.set(part, { part, seconds, ...result });
      } catch (error) {
        failure ??= error;
        waiting.length = 0;
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failure) throw failure;
  return parts.flatMap(part => results.get(part) ?? []);
}

function reasonOf(sandbox) {
  if (sandbox.missing) return [`sandbox: ${sandbox.missing}`];
  return sandbox.realNodeLacks?.length
    ? [`real-node: this machine lacks ${sandbox.realNodeLacks.join('; ')}`]
    : [];
}

function readOptions() {
  const separator = process.argv.indexOf('--');
  const own = process.argv.slice(2, separator < 0 ? undefined : separator);
  let values;
  try {
    ({ values } = parseArgs({
      args: own,
      options: {
        only: { type: 'string', multiple: true },
        all: { type: 'boolean', default: Boolean(process.env.CI) },
        'no-sandbox': { type: 'boolean', default: false },
        'at-once': { type: 'string', default: hasAtLeast(ROOMY) ? '2' : '1' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new Failure(error.message, { fix: 'npm test -- --help', code: 2 });
  }
  if (values.help) {
    say(HELP);
    process.exit(0);
  }
  const only = values.only ?? Object.keys(PARTS);
  const unknown = only.find(part => !(part in PARTS));
  if (unknown) {
    throw new Failure(`There is no part "${unknown}".`, {
      fix: `Choose from: ${Object.keys(PARTS).join(', ')}`,
      code: 2,
    });
  }
  const atOnce = Number(values['at-once']);
  if (!Number.isInteger(atOnce) || atOnce < 1) {
    throw new Failure(`--at-once takes a number, not "${values['at-once']}".`, {
      fix: 'npm test -- --at-once 2',
      code: 2,
    });
  }
  return {
    ...{ only, atOnce },
    prepare: values.all,
    withSandbox: !values['no-sandbox'],
    args: separator < 0 ? [] : process.argv.slice(separator + 1),
  };
}

function hasAtLeast({ bytes, processors }) {
  return os.totalmem() >= bytes && os.availableParallelism() >= processors;
}
