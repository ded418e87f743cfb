import { mockCredentials } from '@backstage/backend-test-utils';
import { JsonObject } from '@backstage/types';
import {
  ActionContext,
  TemplateAction,
} from '@backstage/plugin-scaffolder-node';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs an action as a signed-in user and returns its outputs. */
export async function runAction<I extends JsonObject, O extends JsonObject>(
  action: TemplateAction<I, O>,
  input: I,
  context: Partial<Omit<ActionContext<I, O>, 'input' | 'output'>> = {},
): Promise<Record<string, unknown>> {
  const outputs: Record<string, unknown> = {};
  await action.handler({
    ...createMockActionContext<I, O>({ input }),
    createTemporaryDirectory: () => mkdtemp(join(tmpdir(), 'highroad-action-')),
    getInitiatorCredentials: async () => mockCredentials.user(),
    ...context,
    output: (name, value) => {
      outputs[String(name)] = value;
    },
  });
  return outputs;
}
