/** How a kubelet answers with status 200 where the log of a container is gone. */
const NO_LOG = /^unable to retrieve container logs for /;

/** The lines of a container's log without empty ones; none where it is the node that says that there is no log. */
export function logLines(text: string | undefined): string[] {
  return (text ?? '')
    .split('\n')
    .filter(line => line.trim() !== '' && !NO_LOG.test(line));
}
