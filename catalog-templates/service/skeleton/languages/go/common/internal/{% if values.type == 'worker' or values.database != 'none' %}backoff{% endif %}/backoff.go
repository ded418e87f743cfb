// Package backoff says how long to wait before the next try.
package backoff

import (
	"math/rand/v2"
	"time"
)

// Exponential doubles the pause from base with each attempt, counted from 1, up to limit. It is
// between half and all of that, at random, so that many who failed together don't come back together.
func Exponential(attempt int, base, limit time.Duration) time.Duration {
	pause := limit
	// Beyond 30 doublings any base is past any sensible limit, and the shift could overflow.
	if shift := max(attempt-1, 0); shift < 30 {
		if doubled := base << shift; doubled > 0 {
			pause = min(doubled, limit)
		}
	}
	return pause/2 + rand.N(pause/2+1) //nolint:gosec // it spreads load and guards nothing
}
