import { Preview, PreviewNews } from '@highroad/plugin-deployments-common';
import { CheckOptions } from '../service/Checks';

/**
 * Tells what a dry run comes to while it goes on: each check when it begins and when it has passed, and at the end the outcome, or
 * why there is none. Whoever reads it is told in so many words, since the answer has begun by then.
 *
 * @param run - begins it
 * @param onError - told why there is no outcome
 */
export async function* previewNews(
  run: (onStep: CheckOptions['onStep']) => Promise<Preview>,
  onError: (error: Error) => void,
): AsyncGenerator<PreviewNews> {
  const news: PreviewNews[] = [];
  let wake = () => {};
  let isOver = false;
  const woken = () =>
    new Promise<void>(resolve => {
      wake = resolve;
    });
  const tell = (one: PreviewNews) => {
    news.push(one);
    wake();
  };
  const running = run(check => tell({ check })).then(
    preview => tell({ preview }),
    (error: unknown) => {
      const reason = error instanceof Error ? error : new Error(String(error));
      onError(reason);
      tell({ error: { name: reason.name, message: reason.message } });
    },
  );
  void running.finally(() => {
    isOver = true;
    wake();
  });
  while (!isOver || news.length > 0) {
    yield* news.splice(0);
    if (isOver || news.length > 0) continue;
    await woken();
  }
}
