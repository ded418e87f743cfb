package main

import (
	"net/http"
	"strings"
	"testing"
)

func TestIntegrationTheServiceAnswersFromItsStartToItsEnd(t *testing.T) {
	p := start(t, nil)
	p.ready(t)
	if status, _ := p.call(t, http.MethodGet, "/healthz", ""); status != http.StatusOK {
		t.Errorf("/healthz: %d", status)
	}
	if status, body := p.call(t, http.MethodPost, "/v1/items", `{"name":"first"}`); status != http.StatusCreated {
		t.Errorf("creating an item: %d %s", status, body)
	}
	if status, body := p.call(t, http.MethodGet, "/v1/items", ""); status != http.StatusOK || !strings.Contains(body, `"first"`) {
		t.Errorf("listing items: %d %s", status, body)
	}
	if status, body := p.call(t, http.MethodGet, "/metrics", ""); status != http.StatusOK || !strings.Contains(body, `http_requests_total{method="POST",route="/v1/items",status="201"} 1`) {
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
