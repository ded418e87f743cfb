package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3/lock"
)

// database gives the address of a schema of its own in the database that DATABASE_URL names,
// and a connection to it. The schema goes with the test.
func database(t *testing.T) (string, *pgx.Conn) {
	t.Helper()
	address := os.Getenv("DATABASE_URL")
	if testing.Short() || address == "" {
		t.Skip("needs a database: set DATABASE_URL, and leave -short off")
	}
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal("DATABASE_URL is no address")
	}
	schema := "test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	query := parsed.Query()
	query.Set("search_path", schema)
	parsed.RawQuery = query.Encode()

	connection, err := pgx.Connect(t.Context(), parsed.String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := connection.Exec(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The test's own context is over by now.
		ctx := context.Background()
		if _, err := connection.Exec(ctx, "DROP SCHEMA "+schema+" CASCADE"); err != nil {
			t.Error(err)
		}
		if err := connection.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return parsed.String(), connection
}

// deserted is an address that nobody listens on: it was just given back.
func deserted(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return listener.Addr().String()
}

func TestWithoutItsDatabaseTheServiceIsHealthyButNotReady(t *testing.T) {
	address := deserted(t)
	p := start(t, map[string]string{"DATABASE_URL": "postgres://app:hunter2@" + address + "/app"})
	if status, _ := p.call(t, http.MethodGet, "/healthz", ""); status != http.StatusOK {
		t.Errorf("/healthz: %d", status)
	}
	status, body := p.call(t, http.MethodGet, "/readyz", "")
	if status != http.StatusServiceUnavailable || strings.TrimSpace(body) != `{"checks":{"database":"does not answer"},"status":"unavailable"}` {
		t.Errorf("/readyz: %d %s", status, body)
	}
	p.stop()
	if err := p.ended(t); err != nil {
		t.Errorf("ended with %v", err)
	}
	if strings.Contains(p.log.String(), "hunter2") {
		t.Errorf("the password is in the log:\n%s", p.log)
	}
}

func TestAWrongDatabaseAddressIsNamedButNotShown(t *testing.T) {
	for _, address := range []string{"", "postgres://app:hunter2@host:port/app", "hunter2"} {
		var log bytes.Buffer
		variables := map[string]string{"DATABASE_URL": address}
		err := run(t.Context(), func(name string) string { return variables[name] }, &log,
			func(context.Context, int) (net.Listener, error) { return nil, net.ErrClosed })
		if err == nil || !strings.Contains(log.String(), "DATABASE_URL must be ") || strings.Contains(log.String(), "hunter2") {
			t.Errorf("%q: ended with %v, log:\n%s", address, err, log.String())
		}
	}
}

func TestIntegrationManyReplicasMayStartTogether(t *testing.T) {
	address, connection := database(t)
	replicas := make([]*process, 4)
	for i := range replicas {
		replicas[i] = start(t, map[string]string{"DATABASE_URL": address})
	}
	for _, replica := range replicas {
		replica.ready(t)
		if strings.Contains(replica.log.String(), "cannot prepare the database") {
			t.Errorf("it got in the way of another:\n%s", replica.log)
		}
	}
	var twice int
	err := connection.QueryRow(t.Context(), `SELECT count(*) - count(DISTINCT version_id) FROM goose_db_version`).Scan(&twice)
	if err != nil || twice != 0 {
		t.Errorf("%d migrations ran twice (%v)", twice, err)
	}
}

func TestIntegrationMigrationsWaitForTheProcessThatHasTheLock(t *testing.T) {
	address, connection := database(t)
	if _, err := connection.Exec(t.Context(), `SELECT pg_advisory_lock($1)`, lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	p := start(t, map[string]string{"DATABASE_URL": address})
	for range 10 {
		if status, body := p.call(t, http.MethodGet, "/readyz", ""); status != http.StatusServiceUnavailable {
			t.Fatalf("it did not wait: %d %s", status, body)
		}
		time.Sleep(50 * time.Millisecond)
	}
	if _, err := connection.Exec(t.Context(), `SELECT pg_advisory_unlock($1)`, lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	p.ready(t)
}
