import {
  pullRequestEnvironmentName,
  pullRequestKey,
} from '@highroad/plugin-environments-common';
import { PullRequestName } from '../drivers/gitHosts/PullRequestHost';

/** A pull request, wherever its host is. */
export interface PullRequestRef extends PullRequestName {
  /** As under `integrations` in app-config */
  host: string;
}

/** As environments name it. */
export function referenceOf({ host, owner, name, number }: PullRequestRef) {
  return { host, repository: `${owner}/${name}`, number };
}

/** One word for it, the same however its letters are written. */
export function keyOf(ref: PullRequestRef): string {
  return pullRequestKey(referenceOf(ref));
}

/** The name of its environment. */
export function environmentNameOf(ref: PullRequestRef): string {
  return pullRequestEnvironmentName(referenceOf(ref));
}
