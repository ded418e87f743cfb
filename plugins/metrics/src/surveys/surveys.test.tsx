import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '../__testUtils__/show';
import { SurveyPrompt } from './SurveyPrompt';
import { SurveyResults } from './SurveyResults';

const survey = {
  question: 'How do you like it?',
  quarter: '2026-Q2',
  until: new Date(Date.now() + 3_600_000).toISOString(),
  ballot: 'ballot-1',
};

describe('the survey', () => {
  beforeEach(() => window.localStorage.clear());

  it('is one question, whose answer is sent with the ballot and nothing else', async () => {
    const answerSurvey = jest.fn(async () => ({ taken: true as const }));
    show(<SurveyPrompt />, {
      askSurvey: async () => ({ survey }),
      answerSurvey,
    });
    await userEvent.click(await screen.findByRole('button', { name: '9' }));
    await userEvent.type(
      screen.getByLabelText(/What should be better/),
      'Speed',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(await screen.findByText(/Thank you/)).toBeVisible();
    expect(answerSurvey).toHaveBeenCalledWith({
      ...{ ballot: 'ballot-1', score: 9, text: 'Speed' },
    });
    expect(JSON.stringify(window.localStorage)).not.toContain('ballot');
  });

  it('outlives a reload until it is answered or put away', async () => {
    const askSurvey = jest.fn(async () => ({ survey }));
    const { unmount } = show(<SurveyPrompt />, { askSurvey });
    await screen.findByText('How do you like it?');
    unmount();
    const again = jest.fn(async () => ({}));
    show(<SurveyPrompt />, { askSurvey: again });
    await screen.findByText('How do you like it?');
    expect(again).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('button', { name: 'Not now' }));
    expect(screen.queryByText('How do you like it?')).toBeNull();
    expect(JSON.stringify(window.localStorage)).not.toContain('ballot');
  });

  it('asks anew where what is kept is of a quarter that is over', async () => {
    const before = { ...survey, until: new Date().toISOString() };
    const { unmount } = show(<SurveyPrompt />, {
      askSurvey: async () => ({ survey: before }),
    });
    await screen.findByText('How do you like it?');
    unmount();
    const askSurvey = jest.fn(async () => ({}));
    show(<SurveyPrompt />, { askSurvey });
    await waitFor(() => expect(askSurvey).toHaveBeenCalled());
    expect(screen.queryByText('How do you like it?')).toBeNull();
  });

  it('is asked also where the browser keeps nothing, or something that nobody can read', async () => {
    const { setItem, getItem } = Storage.prototype;
    const isOurs = (name: string) => name.startsWith('highroad.survey.');
    const full = jest
      .spyOn(Storage.prototype, 'setItem')
      .mockImplementation(function set(this: Storage, name, value) {
        if (isOurs(name)) throw new Error('It is full.');
        setItem.call(this, name, value);
      });
    const broken = jest
      .spyOn(Storage.prototype, 'getItem')
      .mockImplementation(function get(this: Storage, name) {
        return isOurs(name) ? '{"quarter": ' : getItem.call(this, name);
      });
    try {
      show(<SurveyPrompt />, { askSurvey: async () => ({ survey }) });
      expect(await screen.findByText('How do you like it?')).toBeVisible();
    } finally {
      full.mockRestore();
      broken.mockRestore();
    }
  });

  it('is not there for whoever is not asked', async () => {
    const askSurvey = jest.fn(async () => ({}));
    show(<SurveyPrompt />, { askSurvey });
    await waitFor(() => expect(askSurvey).toHaveBeenCalled());
    expect(screen.queryByRole('button', { name: 'Send' })).toBeNull();
  });
});

describe('results of surveys', () => {
  it('are shown with n, margin and response rate, and say what is left out', async () => {
    show(<SurveyResults />, {
      surveyResults: async () => ({
        current: '2026-Q3',
        quarters: [
          {
            ...{ quarter: '2026-Q2', leftOut: true, texts: ['Too slow'] },
            total: { score: 40, n: 5, margin: 61 },
            groups: [
              {
                group: 'group:default/shop',
                nps: { score: 40, n: 5, margin: 61 },
                responseRate: 0.5,
              },
            ],
          },
          { quarter: '2026-Q1', groups: [], leftOut: true, texts: [] },
        ],
      }),
    });
    const table = await screen.findByRole('table', { name: '2026-Q2' });
    expect(table).toHaveTextContent('shop40 ± 61550 %');
    expect(screen.getByText(/fewer than five answers together/)).toBeVisible();
    expect(
      screen.getByText('Fewer than five answered, so nothing is shown.'),
    ).toBeVisible();
    expect(screen.getByText(/2026-Q3 goes on/)).toBeVisible();
  });

  it('are "no data" before a quarter is over', async () => {
    show(<SurveyResults />, {
      surveyResults: async () => ({ current: '2026-Q3', quarters: [] }),
    });
    expect(
      await screen.findByText(/No quarter with answers is over yet/),
    ).toBeVisible();
  });
});
