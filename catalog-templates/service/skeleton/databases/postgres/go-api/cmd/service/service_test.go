package main

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

func TestIntegrationItemsSurviveARestart(t *testing.T) {
	address, _ := database(t)
	variables := map[string]string{"DATABASE_URL": address}

	first := start(t, variables)
	first.ready(t)
	status, body := first.call(t, http.MethodPost, "/v1/items", `{"name":"first"}`)
	if status != http.StatusCreated {
		t.Fatalf("creating an item: %d %s", status, body)
	}
	var item struct {
		ID string `json:"id"`
	}
	if err := json.Unmarshal([]byte(body), &item); err != nil {
		t.Fatal(err)
	}
	first.stop()
	if err := first.ended(t); err != nil {
		t.Errorf("ended with %v", err)
	}

	second := start(t, variables)
	second.ready(t)
	if status, again := second.call(t, http.MethodGet, "/v1/items/"+item.ID, ""); status != http.StatusOK || again != body {
		t.Errorf("reading it again: %d %s, want %s", status, again, body)
	}
	if status, page := second.call(t, http.MethodGet, "/v1/items?limit=1", ""); status != http.StatusOK || page != `{"items":[`+strings.TrimSpace(body)+"]}\n" {
		t.Errorf("listing: %d %s", status, page)
	}
	if status, _ := second.call(t, http.MethodDelete, "/v1/items/"+item.ID, ""); status != http.StatusNoContent {
		t.Errorf("deleting: %d", status)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if status, _ := second.call(t, method, "/v1/items/"+item.ID, ""); status != http.StatusNotFound {
			t.Errorf("%s after deletion: %d", method, status)
		}
	}
	if status, page := second.call(t, http.MethodGet, "/v1/items", ""); status != http.StatusOK || page != "{\"items\":[]}\n" {
		t.Errorf("listing nothing: %d %s", status, page)
	}
	if _, metrics := second.call(t, http.MethodGet, "/metrics", ""); !strings.Contains(metrics, "db_pool_connections_max 10") {
		t.Errorf("the pool's metrics are missing in\n%s", metrics)
	}
}

func TestRequestsThatNeedTheDatabaseAreUnavailableWithoutIt(t *testing.T) {
	address := deserted(t)
	p := start(t, map[string]string{"DATABASE_URL": "postgres://app@" + address + "/app"})
	if status, body := p.call(t, http.MethodGet, "/v1/items", ""); status != http.StatusServiceUnavailable || strings.Contains(body, address) {
		t.Errorf("got %d %s", status, body)
	}
	if status, body := p.call(t, http.MethodPost, "/v1/items", `{"name":"first"}`); status != http.StatusServiceUnavailable {
		t.Errorf("got %d %s", status, body)
	}
}
