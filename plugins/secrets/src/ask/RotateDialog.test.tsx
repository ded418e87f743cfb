import { ResponseError } from '@backstage/errors';
import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { CART, choose, listed, rotation, show } from '../__testUtils__/show';
import { ServiceSecrets } from '../matrix/ServiceSecrets';

describe('rotating', () => {
  const planRotation = async (_: object) => ({
    dueAt: new Date(Date.now() + 90.2 * 86_400_000).toISOString(),
    overlaps: false,
  });

  /** As soon as it can be pressed. */
  const haveItSo = async () => {
    const submit = screen.getByRole('button', { name: 'Have it so' });
    await waitFor(() => expect(submit).toBeEnabled());
    await userEvent.click(submit);
  };

  it('is done now, or from now on by itself', async () => {
    const rotate = jest.fn(async () => ({
      changes: [
        {
          ...{ environment: 'staging', key: 'API_KEY', version: 4 },
          outcome: 'set' as const,
        },
      ],
      sync: [],
      leftOut: [],
    }));
    const setRotation = jest.fn(async () => ({
      rotation: rotation({ everyDays: 7, generator: 'postgres' }),
    }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), rotate, setRotation, planRotation },
    });
    await choose('Rotate…');
    await userEvent.click(
      screen.getByRole('button', { name: 'Replace it in staging' }),
    );
    expect(await screen.findByText('API_KEY: Done in staging.')).toBeVisible();
    const path = { service: CART, environment: 'staging', key: 'API_KEY' };
    expect(rotate).toHaveBeenCalledWith({ ...path, ifVersion: 3 });

    await choose('Rotate…');
    await userEvent.click(screen.getByLabelText(/By itself/));
    expect(
      await screen.findByText(/It would be replaced first/),
    ).toHaveTextContent(/^It would be replaced first in .+\.$/);
    await userEvent.clear(screen.getByLabelText('Days'));
    await userEvent.type(screen.getByLabelText('Days'), '0');
    expect(screen.getByText(/from 1 to 730/)).toBeVisible();
    expect(screen.getByText('It cannot be so yet.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Have it so' })).toBeDisabled();
    await userEvent.clear(screen.getByLabelText('Days'));
    await userEvent.type(screen.getByLabelText('Days'), '7');
    await userEvent.click(screen.getByLabelText('What makes the new value'));
    await userEvent.click(
      await screen.findByRole('option', { name: /second role of PostgreSQL/ }),
    );
    await haveItSo();
    expect(
      await screen.findByText('API_KEY in staging is replaced every 7 days.'),
    ).toBeVisible();
    expect(setRotation).toHaveBeenCalledWith({
      ...{ ...path, everyDays: 7, generator: 'postgres', settings: {} },
      ...{ timeZone: 'UTC', overlapHours: 24 },
    });
  });

  it('follows a schedule, or keeps to a time of day, with what the portal says of it as it is typed', async () => {
    const refused = await ResponseError.fromResponse(
      new Response(
        JSON.stringify({
          error: {
            name: 'InputError',
            message: 'cron: "0 3 31 2 *" says no time: it never comes.',
          },
          request: { method: 'POST', url: '/' },
          response: { statusCode: 400 },
        }),
        { status: 400, headers: { 'Content-Type': 'application/json' } },
      ),
    );
    const plan = jest.fn(async (asked: { cron?: string }) => {
      if (asked.cron?.includes('31 2')) throw refused;
      return planRotation(asked);
    });
    const setRotation = jest.fn(async () => ({ rotation: rotation() }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), setRotation, planRotation: plan },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    const type = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    const submit = screen.getByRole('button', { name: 'Have it so' });

    // A window, in somebody's time zone; nothing is asked until it can be meant.
    await userEvent.click(screen.getByLabelText(/some time of day/));
    type('To', '02:00');
    expect(screen.getByText(/this is no time at all/)).toBeVisible();
    expect(submit).toBeDisabled();
    type('To', '05:30');
    type('Time zone', 'Mars');
    expect(screen.getByText(/such as Europe\/Berlin/)).toBeVisible();
    type('Time zone', 'Europe/Berlin');
    type('Length', '4');
    expect(screen.getByText(/from 16 to 512/)).toBeVisible();
    type('Length', '64');
    await userEvent.click(screen.getByLabelText('Made of'));
    await userEvent.click(
      await screen.findByRole('option', { name: /hexadecimal/ }),
    );
    expect(await screen.findByText(/It would be replaced first/)).toBeVisible();
    await haveItSo();
    await waitFor(() =>
      expect(setRotation).toHaveBeenLastCalledWith({
        ...{ service: CART, environment: 'staging', key: 'API_KEY' },
        ...{ everyDays: 90, timeZone: 'Europe/Berlin', generator: 'random' },
        ...{ length: 64, alphabet: 'hex', overlapHours: 24 },
        window: { from: '02:00', to: '05:30' },
      }),
    );

    // A schedule: what the portal finds wrong stands at its field.
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await userEvent.click(screen.getByLabelText('How often'));
    await userEvent.click(await screen.findByRole('option', { name: /cron/ }));
    expect(screen.queryByLabelText(/some time of day/)).toBeNull();
    type('Schedule', '3 o’clock');
    expect(screen.getByText(/Write five fields/)).toBeVisible();
    type('Schedule', '0 3 31 2 *');
    expect(
      await screen.findByText('"0 3 31 2 *" says no time: it never comes.'),
    ).toBeVisible();
    const again = screen.getByRole('button', { name: 'Have it so' });
    expect(again).toBeDisabled();
    type('Schedule', '0 3 * * 0');
    await haveItSo();
    await waitFor(() =>
      expect(setRotation).toHaveBeenLastCalledWith({
        ...{ service: CART, environment: 'staging', key: 'API_KEY' },
        ...{ cron: '0 3 * * 0', timeZone: 'UTC', generator: 'random' },
        ...{ length: 32, alphabet: 'alphanumeric', overlapHours: 24 },
      }),
    );
  });

  const warnings = ['With an overlap of 24 hours, the role before stays.'];
  it('waits for what is to be known of a rule', async () => {
    let answer = (_: Awaited<ReturnType<typeof planRotation>>) => {};
    const waiting = jest.fn(
      () =>
        new Promise<Awaited<ReturnType<typeof planRotation>>>(resolve => {
          answer = resolve;
        }),
    );
    const setRotation = jest.fn(async () => ({
      ...{ rotation: rotation(), warnings },
    }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), setRotation, planRotation: waiting },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await waitFor(() => expect(waiting).toHaveBeenCalled());
    expect(screen.getByRole('button', { name: 'Have it so' })).toBeDisabled();
    expect(
      screen.getByText('Wait for when it would be replaced.'),
    ).toBeVisible();
    const planned = await planRotation({});
    act(() => answer({ ...planned, ...{ warnings } }));
    expect(await screen.findByText(warnings[0])).toBeVisible();
    await haveItSo();
    expect(
      await screen.findByText('API_KEY in staging is replaced every 30 days.'),
    ).toBeVisible();
  });

  it('says afterwards what is to be known of a rule and could not be said before', async () => {
    show(<ServiceSecrets service={CART} />, {
      ...listed(),
      setRotation: async () => ({ rotation: rotation(), warnings }),
      planRotation: async () => {
        throw new Error('It does not answer.');
      },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await haveItSo();
    expect(
      await screen.findByText(/every 30 days\. With an overlap of 24 hours/),
    ).toBeVisible();
  });

  it('takes an overlap and what its generator needs to know', async () => {
    const setRotation = jest.fn(async () => ({ rotation: rotation() }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), setRotation },
      planRotation: async () => {
        throw new Error('It does not answer.');
      },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await userEvent.click(screen.getByLabelText('What makes the new value'));
    await userEvent.click(
      await screen.findByRole('option', { name: /second role of PostgreSQL/ }),
    );
    const type = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    type('What it needs to know', 'server');
    expect(screen.getByText('Write name=value, one a line.')).toBeVisible();
    type('What it needs to know', 'server=main');
    type('Overlap in hours', '-1');
    expect(screen.getByText(/from 0 to 1440/)).toBeVisible();
    type('Overlap in hours', '2');
    // Whoever only works the time out keeps nobody from asking for it.
    expect(
      await screen.findByText(/cannot be seen now: It does not answer\./),
    ).toBeVisible();
    await haveItSo();
    await waitFor(() =>
      expect(setRotation).toHaveBeenCalledWith(
        expect.objectContaining({
          ...{ generator: 'postgres', settings: { server: 'main' } },
          overlapHours: 2,
        }),
      ),
    );
  });

  it('keeps the rest of a rule of which the days are changed', async () => {
    const api = listed();
    const rule = {
      ...{ timeZone: 'Europe/Berlin', overlapHours: 48 },
      ...{ window: { from: '02:00', to: '04:00' }, generator: 'postgres' },
      settings: { server: 'main' },
    };
    api.rotations.mockResolvedValue({ items: [rotation(rule)] });
    const setRotation = jest.fn(async () => ({ rotation: rotation(rule) }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...api, setRotation, planRotation },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await userEvent.clear(screen.getByLabelText('Days'));
    await userEvent.type(screen.getByLabelText('Days'), '7');
    await haveItSo();
    expect(await screen.findByText(/is replaced every 30 days/)).toBeVisible();
    expect(setRotation).toHaveBeenCalledWith({
      ...{ service: CART, environment: 'staging', key: 'API_KEY' },
      ...{ ...rule, everyDays: 7, cron: undefined },
    });
  });

  it('can be ended', async () => {
    const api = listed();
    api.rotations.mockResolvedValue({ items: [rotation()] });
    const endRotation = jest.fn(async () => ({}));
    show(<ServiceSecrets service={CART} />, { ...api, endRotation });
    await choose('Rotate…');
    expect(
      await screen.findByText(/It is replaced every 30 days/),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'No longer' }));
    expect(
      await screen.findByText('API_KEY in staging stays as it is.'),
    ).toBeVisible();
    expect(endRotation).toHaveBeenCalledTimes(1);
  });
});
