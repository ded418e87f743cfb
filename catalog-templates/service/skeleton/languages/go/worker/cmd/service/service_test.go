package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestIntegrationTheJobIsDoneAgainAndAgain(t *testing.T) {
	p := start(t, map[string]string{"POLL_INTERVAL": "0.01"})
	p.ready(t)
	eventually(t, "the job was done several times", func() bool {
		return strings.Count(p.log.String(), `"result":"succeeded"`) > 2
	})
	if status, body := p.call(t, http.MethodGet, "/metrics", ""); status != http.StatusOK || !strings.Contains(body, `jobs_processed_total{result="failed"} 0`) {
		t.Errorf("metrics: %d %s", status, body)
	}
	p.stop()
	if err := p.ended(t); err != nil {
		t.Errorf("ended with %v", err)
	}
	if !strings.Contains(p.log.String(), `"msg":"stopped"`) {
		t.Errorf("the log does not say so:\n%s", p.log)
	}
}
