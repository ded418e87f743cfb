package backoff

import (
	"testing"
	"time"
)

func TestPausesDoubleUpToTheLimit(t *testing.T) {
	for _, c := range []struct {
		attempt int
		highest time.Duration
	}{
		{-1, time.Second},
		{1, time.Second},
		{2, 2 * time.Second},
		{5, 16 * time.Second},
		{6, 30 * time.Second},
		{29, 30 * time.Second},
		{1 << 40, 30 * time.Second},
	} {
		for range 100 {
			pause := Exponential(c.attempt, time.Second, 30*time.Second)
			if pause < c.highest/2 || pause > c.highest {
				t.Fatalf("attempt %d waits %s, want %s to %s", c.attempt, pause, c.highest/2, c.highest)
			}
		}
	}
}

func TestPausesDiffer(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 50 {
		seen[Exponential(4, time.Second, time.Minute)] = true
	}
	if len(seen) < 40 {
		t.Errorf("only %d different pauses of 50", len(seen))
	}
}
