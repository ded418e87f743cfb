// Package jobs does work in the background. The example handler is to be replaced by what the service is for.
package jobs

import (
	"context"
	"encoding/json"
)

// Job is one piece of work.
type Job struct {
	ID      int64
	Kind    string
	Payload json.RawMessage
	// Attempt counts from 1.
	Attempt int
}

// Handler does a job until its context ends. It may be called twice for one job, because a process can end between
// the work and the note that it is done: the second run must do no harm.
type Handler func(context.Context, Job) error

// Queue hands out jobs.
type Queue interface {
	// Claim gives the next job that is due, or nil if there is none now. It may wait for one until ctx ends.
	Claim(ctx context.Context) (*Job, error)
	// Finish notes that a job is done.
	Finish(ctx context.Context, job Job) error
	// Fail notes why a job failed; dead tells whether it was given up, rather than kept for another try.
	Fail(ctx context.Context, job Job, cause error) (dead bool, err error)
}
