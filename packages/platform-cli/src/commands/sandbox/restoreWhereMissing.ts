import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { loadSandbox } from './sandboxHere';

const VARIABLE = 'HIGHROAD_SANDBOX_ARCHIVE';

/**
 * Takes what is not prepared yet out of the archive that the environment names, so that a team builds once.
 *
 * @throws CliError where there is something missing and the archive cannot be used
 */
export async function restoreWhereMissing(output: Output): Promise<void> {
  const archive = process.env[VARIABLE];
  if (!archive) return;
  const { cacheFolder, missingPrograms, restoreCache } = loadSandbox();
  const missing = await missingPrograms();
  if (missing.length === 0) return;
  if (!output.json) output.note(`Restoring prepared programs from ${archive}`);
  const { restored } = await restoreCache(cacheFolder(), archive).catch(
    error => {
      throw new CliError(`The archive that ${VARIABLE} names cannot be used.`, {
        why: error.message,
        fix: `Pack it again with "platform sandbox pack", or unset ${VARIABLE}.`,
        runbook: 'sandbox-program-not-prepared',
        exitCode: exitCodes.failed,
      });
    },
  );
  if (!output.json) output.note(`${restored.length} restored`);
}
