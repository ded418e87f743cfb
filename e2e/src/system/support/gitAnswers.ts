/** What a reader answers when Git asks for the password of the sandbox's Git host, and who they are to Git. */
export const GIT_ANSWERS = `cat > ../answer <<'SH'
#!/bin/sh
case "$1" in Username*) key=username ;; *) key=password ;; esac
node -p "require('$CHECKOUT/.highroad/sandbox/connection.json').gitea.$key"
SH
chmod +x ../answer
CHECKOUT=$PWD
GIT_ASKPASS=$PWD/../answer
GIT_AUTHOR_NAME=Reader
GIT_AUTHOR_EMAIL=reader@example.com
GIT_COMMITTER_NAME=Reader
GIT_COMMITTER_EMAIL=reader@example.com`;
