package jobs

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestTheTickerComesAtOnceThenByItsInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ticker := NewTicker(10*time.Second, nil)
		began := time.Now()
		for tick := range 3 {
			job := claim(t, ticker)
			if got, want := time.Since(began), time.Duration(tick)*10*time.Second; got != want || job.Attempt != 1 {
				t.Errorf("tick %d came after %s, attempt %d", tick, got, job.Attempt)
			}
			if err := ticker.Finish(t.Context(), job); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestTheTickerSlowsDownWhileItsJobFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ticker := NewTicker(10*time.Second, nil)
		for failures := 1; failures <= 4; failures++ {
			job := claim(t, ticker)
			if job.ID != 1 || job.Attempt != failures {
				t.Errorf("got job %d, attempt %d, want 1, %d", job.ID, job.Attempt, failures)
			}
			if dead, err := ticker.Fail(t.Context(), job, errors.New("no luck")); dead || err != nil {
				t.Errorf("dead %v, %v", dead, err)
			}
		}
		began := time.Now()
		job := claim(t, ticker)
		if waited := time.Since(began); waited < 40*time.Second || waited > 80*time.Second {
			t.Errorf("waited %s after the fourth failure", waited)
		}
		if err := ticker.Finish(t.Context(), job); err != nil {
			t.Error(err)
		}
		if job := claim(t, ticker); job.ID != 2 || job.Attempt != 1 {
			t.Errorf("got job %d, attempt %d after a success", job.ID, job.Attempt)
		}
	})
}

func TestTheTickerGivesNothingOnceItIsOver(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if job, err := NewTicker(time.Hour, nil).Claim(ctx); job != nil || err != nil {
		t.Errorf("got %v, %v", job, err)
	}
}

func claim(t *testing.T, ticker *Ticker) Job {
	t.Helper()
	job, err := ticker.Claim(t.Context())
	if job == nil || err != nil {
		t.Fatalf("got %v, %v", job, err)
	}
	return *job
}
