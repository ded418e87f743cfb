import { CliError, withoutRunbook } from '../../errors';
import { ExitCode, exitCodes } from '../../exitCodes';
import { Output } from '../../output/Output';
import { Progress } from '../../output/Progress';
import { Portal } from '../../portal/Portal';
import { untilInterrupted } from '../../watching/untilInterrupted';

/**
 * Begins a creation, and shows its steps until it ends. Interrupting stops the watching, not the creation.
 *
 * @returns the id of its task, and the template's output
 */
export async function followCreation(
  portal: Portal,
  begin: () => Promise<string>,
  output: Output,
): Promise<{ id: string; result: Record<string, unknown> }> {
  // From before it is asked for: whoever interrupts must be told whether it goes on.
  return untilInterrupted(async signal => {
    const id = await begin();
    return { id, result: await follow(portal, id, output, signal) };
  });
}

async function follow(
  portal: Portal,
  id: string,
  output: Output,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const page = portal.page(`/create/tasks/${id}`);
  const { spec } = await portal.tasks.get(id);
  const titles = new Map(spec.steps.map(step => [step.id, step.name]));
  const progress = new Progress(output);
  let error: { name: string; message: string } | undefined;
  let failedStep: string | undefined;
  try {
    for await (const { type, body } of portal.tasks.follow(id, signal)) {
      // The portal keeps times to the second; a watch of our own is finer.
      const at = new Date();
      if (type === 'completion') {
        progress.stop();
        if (body.error ?? error) {
          throw creationFailed(body.error ?? error, failedStep, page);
        }
        return body.output ?? {};
      }
      if (type === 'cancelled') {
        throw new CliError('The creation was cancelled.', { fix: page });
      }
      const title = body.stepId && titles.get(body.stepId);
      if (title && body.status === 'processing') progress.start(title, at);
      if (body.status === 'completed') progress.finish('done', at);
      if (body.status === 'skipped') progress.skip();
      if (body.status === 'failed') {
        progress.finish('failed', at);
        failedStep = title || failedStep;
        error ??= {
          name: 'Error',
          message: (body.message ?? '').split('\n')[0],
        };
      }
    }
  } catch (caught) {
    if (!signal.aborted) throw caught;
  } finally {
    progress.stop();
  }
  throw new CliError('You stopped watching; the creation goes on.', {
    fix: page,
    exitCode: exitCodes.interrupted,
  });
}

function creationFailed(
  error: { name: string; message: string } | undefined,
  step: string | undefined,
  page: string,
): CliError {
  const codes: Record<string, ExitCode> = {
    InputError: exitCodes.usage,
    ConflictError: exitCodes.conflict,
    NotFoundError: exitCodes.notFound,
    NotAllowedError: exitCodes.refused,
    ServiceUnavailableError: exitCodes.unreachable,
  };
  const message = error?.message ?? 'It did not say why.';
  const [, name] = /^(\w+Error): /.exec(message) ?? [];
  const { text: why, runbook } = withoutRunbook(
    message.replace(/^\w+Error: /, ''),
  );
  return new CliError(
    step ? `The creation failed at "${step}".` : 'The creation failed.',
    {
      ...{ why, runbook },
      fix: `See all of it, and retry from there: ${page}`,
      exitCode: codes[name ?? error?.name ?? ''] ?? exitCodes.failed,
    },
  );
}
