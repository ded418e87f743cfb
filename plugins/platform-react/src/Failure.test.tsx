import { renderInTestApp } from '@backstage/frontend-test-utils';
import { ResponseError } from '@backstage/errors';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Failure, reasonOf, statusOf } from './Failure';

function refusal(status: number, message: string) {
  return ResponseError.fromResponse(
    new Response(
      JSON.stringify({
        error: { name: 'Error', message },
        request: { method: 'GET', url: '/x' },
        response: { statusCode: status },
      }),
      { status, headers: { 'Content-Type': 'application/json' } },
    ),
  );
}

describe('reasonOf', () => {
  it("uses the portal's own words", async () => {
    expect(reasonOf(await refusal(404, 'There is no cart.'))).toBe(
      'There is no cart.',
    );
  });

  it('says plainly that a sign-in has ended', async () => {
    expect(reasonOf(await refusal(401, 'Illegal token'))).toBe(
      'Your sign-in has ended. Sign in again.',
    );
  });

  it('takes what an error without an answer says', () => {
    expect(reasonOf(new Error('Failed to fetch'))).toBe('Failed to fetch');
  });
});

describe('statusOf', () => {
  it('is that of the answer, where there was one', async () => {
    expect(statusOf(await refusal(409, 'It was changed.'))).toBe(409);
    expect(statusOf(new Error('Failed to fetch'))).toBeUndefined();
  });
});

describe('Failure', () => {
  it('says what failed, why, what still holds, and what helps', async () => {
    const onRetry = jest.fn();
    renderInTestApp(
      <Failure
        what="The list could not be read"
        error={new Error('The disk is gone.')}
        unaffected="Nothing was changed."
        runbook="/docs/default/component/highroad/runbooks/disk/"
        onRetry={onRetry}
      />,
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(
      'The list could not be readThe disk is gone. Nothing was changed. What to do about it',
    );
    expect(screen.getByRole('link')).toHaveAttribute(
      'href',
      '/docs/default/component/highroad/runbooks/disk/',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });
});
