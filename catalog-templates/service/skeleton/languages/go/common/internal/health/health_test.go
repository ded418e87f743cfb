package health

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func get(t *testing.T, handler http.HandlerFunc) (int, string) {
	t.Helper()
	answer := httptest.NewRecorder()
	handler(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
	return answer.Code, strings.TrimSpace(answer.Body.String())
}

func TestReadyWhileEveryCheckPasses(t *testing.T) {
	var broken error
	probes := New(map[string]Check{"database": func(context.Context) error { return broken }}, slog.New(slog.DiscardHandler))

	if code, body := get(t, probes.Readyz); code != http.StatusOK || body != `{"status":"ready"}` {
		t.Errorf("got %d %s", code, body)
	}
	broken = errors.New("does not answer")
	if code, body := get(t, probes.Readyz); code != http.StatusServiceUnavailable || body != `{"checks":{"database":"does not answer"},"status":"unavailable"}` {
		t.Errorf("got %d %s", code, body)
	}
	if code, body := get(t, probes.Healthz); code != http.StatusOK || body != `{"status":"ok"}` {
		t.Errorf("a failed check ended the process's health: %d %s", code, body)
	}
	broken = nil
	if code, _ := get(t, probes.Readyz); code != http.StatusOK {
		t.Errorf("got %d after the check passed again", code)
	}
}

func TestUnreadyOnceItIsStopping(t *testing.T) {
	probes := New(nil, slog.New(slog.DiscardHandler))
	probes.Stop()
	if code, body := get(t, probes.Readyz); code != http.StatusServiceUnavailable || !strings.Contains(body, `"shutdown"`) {
		t.Errorf("got %d %s", code, body)
	}
}

func TestACheckThatHangsIsEnded(t *testing.T) {
	probes := New(map[string]Check{"database": func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}}, slog.New(slog.DiscardHandler))
	began := time.Now()
	if code, _ := get(t, probes.Readyz); code != http.StatusServiceUnavailable {
		t.Errorf("got %d", code)
	}
	if took := time.Since(began); took > 2*checkTimeout {
		t.Errorf("took %s", took)
	}
}
