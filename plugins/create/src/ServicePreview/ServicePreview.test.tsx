import { ResponseError } from '@backstage/errors';
import { Preview } from '@highroad/plugin-create-common';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { showField } from '../__testUtils__/fields';
import { ServicePreview } from './ServicePreview';

function preview(...paths: string[]): Preview {
  return {
    files: paths.map(path => ({ path, size: 1, executable: false })),
    output: {},
  };
}

async function refusal(message: string) {
  return ResponseError.fromResponse(
    new Response(
      JSON.stringify({
        error: { name: 'InputError', message },
        response: { statusCode: 400 },
      }),
      { status: 400, headers: { 'Content-Type': 'application/json' } },
    ),
  );
}

describe('ServicePreview', () => {
  it('keeps room while the files are worked out', async () => {
    showField(ServicePreview, {
      api: { preview: () => new Promise(() => {}) },
    });
    expect(
      await screen.findByRole('status', { name: 'Working out the files' }),
    ).toBeInTheDocument();
  });

  it('counts the files and lists them by folder', async () => {
    const ask = jest.fn(async () => preview('go.mod', 'deploy/base/app.yaml'));
    showField(ServicePreview, {
      api: { preview: ask },
      answers: { name: 'cart' },
    });
    expect(
      await screen.findByRole('heading', {
        name: 'What will be created: 2 files',
      }),
    ).toBeInTheDocument();
    expect(screen.getByText('go.mod')).toBeInTheDocument();
    expect(screen.getByText('deploy/')).toBeInTheDocument();
    expect(screen.getByText('base/app.yaml')).toBeInTheDocument();
    expect(ask).toHaveBeenCalledWith({
      templateRef: 'template:default/service',
      values: { name: 'cart' },
    });
  });

  it('says in words why there is no preview, as the portal has it', async () => {
    const error = await refusal('Choose an owner.');
    showField(ServicePreview, {
      api: {
        preview: async () => {
          throw error;
        },
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'There is no preview yet. Choose an owner.',
    );
  });

  it('keeps the last files in sight until those of a changed answer are known', async () => {
    let answer: (value: Preview) => void = () => {};
    const ask = jest
      .fn<Promise<Preview>, []>()
      .mockResolvedValueOnce(preview('go.mod'))
      .mockImplementationOnce(() => new Promise(done => (answer = done)));
    showField(ServicePreview, { api: { preview: ask } });
    await screen.findByText('go.mod');
    await userEvent.click(
      screen.getByRole('button', { name: 'Answer another question' }),
    );
    await waitFor(() => expect(ask).toHaveBeenCalledTimes(2), {
      timeout: 5_000,
    });
    expect(screen.getByText('go.mod')).toBeInTheDocument();
    expect(screen.getByRole('group', { name: 'Files' })).toHaveAttribute(
      'aria-busy',
      'true',
    );

    act(() => answer(preview('pyproject.toml')));
    expect(await screen.findByText('pyproject.toml')).toBeInTheDocument();
    expect(screen.queryByText('go.mod')).not.toBeInTheDocument();
  });
});
