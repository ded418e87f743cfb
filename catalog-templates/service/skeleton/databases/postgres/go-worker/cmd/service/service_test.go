package main

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestIntegrationEachJobIsDoneOnceByManyReplicas(t *testing.T) {
	address, connection := database(t)
	variables := map[string]string{"DATABASE_URL": address, "POLL_INTERVAL": "0.01"}
	replicas := []*process{start(t, variables), start(t, variables), start(t, variables)}
	for _, replica := range replicas {
		replica.ready(t)
	}
	_, err := connection.Exec(t.Context(), `
		INSERT INTO jobs (kind, payload) SELECT 'example', jsonb_build_object('name', 'number ' || n) FROM generate_series(1, 200) n`)
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "all jobs are finished", func() bool {
		return number(t, connection, `SELECT count(*) FROM jobs WHERE finished_at IS NOT NULL`) == 200
	})
	if got := number(t, connection, `SELECT sum(attempts) FROM jobs`); got != 200 {
		t.Errorf("200 jobs took %d attempts", got)
	}
	for _, replica := range replicas {
		replica.stop()
		if err := replica.ended(t); err != nil {
			t.Errorf("ended with %v", err)
		}
	}
	var greetings strings.Builder
	for _, replica := range replicas {
		greetings.WriteString(replica.log.String())
	}
	for n := 1; n <= 200; n++ {
		if got := strings.Count(greetings.String(), `"name":"number `+strconv.Itoa(n)+`"`); got != 1 {
			t.Errorf("job %d was done %d times", n, got)
		}
	}
}

func TestIntegrationAJobThatFailsIsTriedLaterAndGivenUpAtLast(t *testing.T) {
	address, connection := database(t)
	p := start(t, map[string]string{"DATABASE_URL": address, "POLL_INTERVAL": "0.01", "JOB_MAX_ATTEMPTS": "2"})
	p.ready(t)
	if _, err := connection.Exec(t.Context(), `INSERT INTO jobs (kind, payload) VALUES ('example', '{"name": ""}')`); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the job waits for its second attempt", func() bool {
		return number(t, connection, `SELECT count(*) FROM jobs WHERE attempts = 1 AND last_error LIKE '%name must not be empty%' AND run_at > now() AND run_at < now() + interval '2 s'`) == 1
	})
	eventually(t, "the job is given up", func() bool {
		return number(t, connection, `SELECT count(*) FROM jobs WHERE attempts = 2 AND failed_at IS NOT NULL AND finished_at IS NULL`) == 1
	})
	if _, metrics := p.call(t, http.MethodGet, "/metrics", ""); !strings.Contains(metrics, `jobs_processed_total{result="failed"} 1`) || !strings.Contains(metrics, `jobs_processed_total{result="dead"} 1`) {
		t.Errorf("metrics:\n%s", metrics)
	}
}

func TestIntegrationAJobWhoseProcessDiedIsTakenOver(t *testing.T) {
	address, connection := database(t)
	p := start(t, map[string]string{"DATABASE_URL": address, "POLL_INTERVAL": "0.01", "JOB_MAX_ATTEMPTS": "3"})
	p.ready(t)
	// What a process leaves behind that died in its first attempt, in its last, and one that still works.
	if _, err := connection.Exec(t.Context(), `
		INSERT INTO jobs (kind, payload, attempts, run_at) VALUES
			('first', '{"name": "first"}', 1, now() - interval '1 s'),
			('last', '{"name": "last"}', 3, now() - interval '1 s'),
			('working', '{"name": "working"}', 1, now() + interval '1 hour')`); err != nil {
		t.Fatal(err)
	}
	eventually(t, "one is finished and one given up", func() bool {
		return number(t, connection, `SELECT count(*) FROM jobs WHERE (kind = 'first' AND finished_at IS NOT NULL AND attempts = 2)
			OR (kind = 'last' AND failed_at IS NOT NULL AND attempts = 3)`) == 2
	})
	if got := number(t, connection, `SELECT count(*) FROM jobs WHERE kind = 'working' AND attempts = 1 AND finished_at IS NULL AND failed_at IS NULL`); got != 1 {
		t.Error("the job that another process works on was touched")
	}
}

// number reads one number from the database.
func number(t *testing.T, connection *pgx.Conn, query string) int {
	t.Helper()
	var value int
	if err := connection.QueryRow(t.Context(), query).Scan(&value); err != nil {
		t.Fatal(err)
	}
	return value
}
