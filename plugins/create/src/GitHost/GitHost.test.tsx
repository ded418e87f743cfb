import { GitHostInfo, GitHostList } from '@highroad/plugin-create-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { showField } from '../__testUtils__/fields';
import { GitHost } from './GitHost';

const github: GitHostInfo = {
  host: 'github.com',
  kind: 'github',
  title: 'GitHub',
  defaultOwner: 'acme',
};
const local: GitHostInfo = {
  host: 'local',
  kind: 'local',
  title: 'This machine',
  defaultOwner: '',
};
const schema = { title: 'Git host', description: 'Where it goes.' };

function show(
  gitHosts: () => Promise<GitHostList>,
  options: { value?: string } = {},
) {
  return showField(GitHost, { api: { gitHosts }, schema, ...options });
}

describe('GitHost', () => {
  it('keeps room while the hosts are on their way', async () => {
    show(() => new Promise(() => {}));
    expect(
      await screen.findByRole('status', { name: 'Listing the Git hosts' }),
    ).toBeInTheDocument();
  });

  it('chooses the default where nothing is chosen', async () => {
    const { chosen } = show(async () => ({
      items: [github, local],
      default: 'github.com',
    }));
    expect(await screen.findByText('GitHub')).toBeInTheDocument();
    expect(chosen).toHaveBeenCalledWith('github.com');
    expect(screen.getByText('Where it goes.')).toBeInTheDocument();
  });

  it('leaves what a person chose, and says where this machine keeps it', async () => {
    const { chosen } = show(
      async () => ({ items: [github, local], default: 'github.com' }),
      { value: 'local' },
    );
    expect(await screen.findByText('This machine')).toBeInTheDocument();
    expect(screen.getByText(/A bare repository/)).toBeInTheDocument();
    expect(chosen).not.toHaveBeenCalled();
  });

  it('shows a host that cannot be used, with what it lacks, and does not let it be chosen', async () => {
    const problem = 'No token for github.com.';
    const { chosen } = show(async () => ({
      items: [{ ...github, problem }, local],
      default: 'local',
    }));
    await userEvent.click(
      await screen.findByRole('combobox', { name: /Git host/ }),
    );
    const list = await screen.findByRole('listbox');
    expect(
      within(list).getByRole('option', { name: `GitHub: ${problem}` }),
    ).toHaveAttribute('aria-disabled', 'true');
    expect(chosen).toHaveBeenCalledTimes(1);
    expect(chosen).toHaveBeenCalledWith('local');
  });

  it('takes another choice', async () => {
    const { chosen } = show(async () => ({
      items: [github, local],
      default: 'github.com',
    }));
    await userEvent.click(
      await screen.findByRole('combobox', { name: /Git host/ }),
    );
    await userEvent.click(
      await screen.findByRole('option', { name: 'This machine' }),
    );
    expect(chosen).toHaveBeenLastCalledWith('local');
  });

  it('says what to configure where there is no host', async () => {
    show(async () => ({ items: [], default: '' }));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'Add one under "integrations" in app-config.yaml',
    );
  });

  it('says why the hosts could not be listed, and asks again on request', async () => {
    const gitHosts = jest
      .fn()
      .mockRejectedValueOnce(new Error('The portal is restarting.'))
      .mockResolvedValue({ items: [local], default: 'local' });
    show(gitHosts);
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The Git hosts could not be listed: The portal is restarting.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('This machine')).toBeInTheDocument();
  });
});
