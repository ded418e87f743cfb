// Package health answers the probes.
package health

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// checkTimeout is shorter than the readiness probe's own, so that the answer says what is wrong.
const checkTimeout = time.Second

// Check is nil if the service can use what is checked. Its error is shown to whoever
// asks, so it must not hold addresses or passwords.
type Check func(context.Context) error

// Probes answers /healthz and /readyz.
type Probes struct {
	checks   map[string]Check
	log      *slog.Logger
	stopping atomic.Bool
	ready    atomic.Bool
}

// New makes probes that are ready while every check is.
func New(checks map[string]Check, log *slog.Logger) *Probes {
	return &Probes{checks: checks, log: log}
}

// Stop makes the service unready for good: it is about to end.
func (p *Probes) Stop() {
	p.stopping.Store(true)
}

// Healthz says that the process serves.
func (p *Probes) Healthz(w http.ResponseWriter, _ *http.Request) {
	p.answer(w, http.StatusOK, map[string]any{"status": "ok"})
}

// Readyz says whether the service can do its work now.
func (p *Probes) Readyz(w http.ResponseWriter, r *http.Request) {
	failed := p.failed(r.Context())
	if ready := len(failed) == 0; p.ready.Swap(ready) != ready {
		// Only changes: probes come every few seconds.
		p.log.Info("readiness changed", "ready", ready, "checks", failed)
	}
	if len(failed) > 0 {
		p.answer(w, http.StatusServiceUnavailable, map[string]any{"status": "unavailable", "checks": failed})
		return
	}
	p.answer(w, http.StatusOK, map[string]any{"status": "ready"})
}

func (p *Probes) failed(ctx context.Context) map[string]string {
	failed := map[string]string{}
	if p.stopping.Load() {
		failed["shutdown"] = "the process is about to end"
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	for name, check := range p.checks {
		if err := check(ctx); err != nil {
			failed[name] = err.Error()
		}
	}
	return failed
}

func (p *Probes) answer(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		p.log.Debug("probe went away", "error", err.Error())
	}
}
