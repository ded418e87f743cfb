import { ApiException } from '@kubernetes/client-node';
import { explainCluster, RefusedError } from './clusterErrors';

const refusal = (code: number, body: unknown) =>
  explainCluster(
    new ApiException(code, 'Unknown API Status Code!', body, {}),
    'write the Secret in cart-staging',
  );
const status = (message: string) =>
  JSON.stringify({ kind: 'Status', status: 'Failure', message });

describe('what a cluster refuses', () => {
  it.each([
    [
      ...([403, 'no-plain'] as const),
      status('admission webhook "no-plain" denied the request: has hunter2'),
    ],
    [
      ...([422, 'size.example.com'] as const),
      status(
        "secrets \"cart\" is forbidden: ValidatingAdmissionPolicy 'size.example.com' with binding 'all' denied request: hunter2",
      ),
    ],
    [
      ...([400, 'no-plain'] as const),
      { message: 'admission webhook "no-plain" denied the request: hunter2' },
    ],
  ])(
    'by a check (%i) is told with its name, %s, and nothing that it says',
    (...told) => {
      const [code, name, body] = told;
      const error = refusal(code, body);
      expect(error).toBeInstanceOf(RefusedError);
      expect(error.message).toBe(
        `The cluster could not write the Secret in cart-staging: its check "${name}" refuses it (${code}). Whoever looks after the cluster knows what it asks for.`,
      );
    },
  );

  it('for want of a right is no refusal of what it is given', () => {
    const error = refusal(403, status('secrets is forbidden: hunter2'));
    expect(error).not.toBeInstanceOf(RefusedError);
    expect(error.message).toMatch(/the platform may not; .* \(403\)\.$/);
    expect(refusal(422, status('hunter2'))).toBeInstanceOf(RefusedError);
    expect(refusal(500, undefined).message).toContain('it is not well');
  });
});
