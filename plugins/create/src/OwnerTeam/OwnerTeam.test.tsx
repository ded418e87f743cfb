import { Entity } from '@backstage/catalog-model';
import { identityApiRef } from '@backstage/core-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { catalogApiMock } from '@backstage/plugin-catalog-react/testUtils';
import { mockApis } from '@backstage/test-utils';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { showField } from '../__testUtils__/fields';
import { OwnerTeam } from './OwnerTeam';

const team = (name: string, title?: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, namespace: 'default', title },
});
const schema = { title: 'Owner', description: 'The team that operates it.' };

function show(options: {
  teams?: Entity[];
  own?: string[];
  value?: string;
  fails?: boolean;
}) {
  const { teams = [], own = [], value, fails } = options;
  const catalog = catalogApiMock({ entities: teams });
  if (fails) {
    jest
      .spyOn(catalog, 'getEntities')
      .mockRejectedValueOnce(new Error('the catalog is down'));
  }
  return showField<string>(OwnerTeam, {
    ...{ schema, value },
    apis: [
      [catalogApiRef, catalog],
      [identityApiRef, mockApis.identity({ ownershipEntityRefs: own })],
    ],
  });
}

describe('OwnerTeam', () => {
  const teams = [team('web-team'), team('payments-team', 'Payments')];

  it("takes one's own team where nobody has chosen", async () => {
    const { chosen } = show({ teams, own: ['group:default/payments-team'] });
    expect(await screen.findByDisplayValue('Payments')).toBeInTheDocument();
    expect(chosen.mock.calls).toEqual([['group:default/payments-team']]);
  });

  it('changes nothing while somebody types another answer', async () => {
    const typed = document.body.appendChild(document.createElement('input'));
    typed.focus();
    const { chosen } = show({ teams, own: ['group:default/payments-team'] });
    expect(await screen.findByDisplayValue('Payments')).toBeInTheDocument();
    expect(chosen).not.toHaveBeenCalled();
    act(() => typed.blur());
    expect(chosen.mock.calls).toEqual([['group:default/payments-team']]);
    typed.remove();
  });

  it('leaves what was chosen, and offers all others', async () => {
    const { chosen } = show({
      ...{ teams, own: ['group:default/payments-team'] },
      value: 'group:default/web-team',
    });
    const field = await screen.findByRole('combobox');
    expect(field).toHaveValue('web-team');
    expect(chosen).not.toHaveBeenCalled();
    await userEvent.click(field);
    const list = screen.getByRole('listbox');
    expect(within(list).getByText('Your teams')).toBeInTheDocument();
    await userEvent.click(within(list).getByText('Payments'));
    expect(chosen).toHaveBeenCalledWith('group:default/payments-team');
  });

  it('chooses for nobody who belongs to none', async () => {
    const { chosen } = show({ teams, own: ['user:default/guest'] });
    expect(await screen.findByRole('combobox')).toHaveValue('');
    expect(chosen).not.toHaveBeenCalled();
  });

  it('says what is wrong, and tries again', async () => {
    show({ teams, fails: true });
    expect(
      await screen.findByText(/could not be listed: .*the catalog is down/),
    ).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('combobox')).toBeInTheDocument();
  });
});
