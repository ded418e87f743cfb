package jobs

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
)

// script is a queue that gives what it is told, then nothing.
type script struct {
	claims []any // a Job or an error
	dead   bool
	ended  []string
	noted  error
}

func (s *script) Claim(context.Context) (*Job, error) {
	if len(s.claims) == 0 {
		return nil, nil
	}
	next := s.claims[0]
	s.claims = s.claims[1:]
	switch next := next.(type) {
	case Job:
		return &next, nil
	case error:
		return nil, next
	default:
		return nil, nil
	}
}

func (s *script) Finish(_ context.Context, job Job) error {
	s.ended = append(s.ended, job.Kind+" done")
	return s.noted
}

func (s *script) Fail(_ context.Context, job Job, cause error) (bool, error) {
	s.ended = append(s.ended, job.Kind+" failed: "+cause.Error())
	return s.dead, s.noted
}

type outcome struct {
	queue   *script
	metrics *Metrics
	log     *bytes.Buffer
}

// work runs the queue's jobs for the given time on the test's own clock.
func work(t *testing.T, queue *script, handler Handler, duration time.Duration) outcome {
	t.Helper()
	result := outcome{queue: queue, metrics: NewMetrics(prometheus.NewRegistry()), log: &bytes.Buffer{}}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), duration)
		defer cancel()
		runner := &Runner{
			Queue: queue, Handler: handler, Metrics: result.metrics,
			Log:  slog.New(slog.NewTextHandler(result.log, nil)),
			Poll: time.Second, Timeout: 30 * time.Second,
		}
		if err := runner.Run(ctx); err != nil {
			t.Errorf("ended with %v", err)
		}
	})
	return result
}

func (o outcome) count(result string) float64 {
	return testutil.ToFloat64(o.metrics.processed.WithLabelValues(result))
}

func (o outcome) ended() string {
	return strings.Join(o.queue.ended, ", ")
}

func TestJobsAreDoneOneAfterTheOther(t *testing.T) {
	var handled []string
	o := work(t, &script{claims: []any{Job{Kind: "a"}, nil, Job{Kind: "b"}}}, func(_ context.Context, job Job) error {
		handled = append(handled, job.Kind)
		return nil
	}, 10*time.Second)
	if got := strings.Join(handled, ","); got != "a,b" || o.ended() != "a done, b done" || o.count("succeeded") != 2 {
		t.Errorf("handled %s, noted %s, counted %v", got, o.ended(), o.count("succeeded"))
	}
}

func TestAFailedJobIsNotedWithItsCause(t *testing.T) {
	fails := func(context.Context, Job) error { return errors.New("no luck") }
	o := work(t, &script{claims: []any{Job{Kind: "a"}}}, fails, time.Second)
	if o.ended() != "a failed: no luck" || o.count("failed") != 1 || o.count("succeeded") != 0 {
		t.Errorf("noted %s, counted %v failed", o.ended(), o.count("failed"))
	}
	o = work(t, &script{claims: []any{Job{Kind: "a"}}, dead: true}, fails, time.Second)
	if o.count("dead") != 1 || o.count("failed") != 0 {
		t.Errorf("counted %v dead, %v failed", o.count("dead"), o.count("failed"))
	}
}

func TestAPanicFailsTheJobAndNotTheProcess(t *testing.T) {
	o := work(t, &script{claims: []any{Job{Kind: "a"}, Job{Kind: "b"}}}, func(_ context.Context, job Job) error {
		if job.Kind == "a" {
			panic("ouch")
		}
		return nil
	}, 10*time.Second)
	if o.ended() != "a failed: the handler panicked, b done" {
		t.Errorf("noted %s", o.ended())
	}
	if !strings.Contains(o.log.String(), "ouch") {
		t.Errorf("the cause is not in the log:\n%s", o.log)
	}
}

func TestAJobThatTakesTooLongIsEnded(t *testing.T) {
	o := work(t, &script{claims: []any{Job{Kind: "a"}}}, func(ctx context.Context, _ Job) error {
		<-ctx.Done()
		return ctx.Err()
	}, time.Minute)
	if !strings.Contains(o.ended(), "not done after 30s") {
		t.Errorf("noted %s", o.ended())
	}
}

func TestTheJobThatIsRunningIsFinishedBeforeTheEnd(t *testing.T) {
	o := work(t, &script{claims: []any{Job{Kind: "a"}, Job{Kind: "b"}}}, func(ctx context.Context, _ Job) error {
		time.Sleep(10 * time.Second)
		return ctx.Err()
	}, 5*time.Second)
	if o.ended() != "a done" {
		t.Errorf("noted %s", o.ended())
	}
}

func TestAnOutageOfTheQueueIsWaitedOut(t *testing.T) {
	down := errors.New("queue is down")
	o := work(t, &script{claims: []any{down, down, down, Job{Kind: "a"}}}, func(context.Context, Job) error { return nil }, time.Minute)
	if o.ended() != "a done" || strings.Count(o.log.String(), "queue is down") != 3 {
		t.Errorf("noted %s, log:\n%s", o.ended(), o.log)
	}
}

func TestANoteThatIsLostIsReported(t *testing.T) {
	o := work(t, &script{claims: []any{Job{Kind: "a"}}, noted: errors.New("connection lost")}, func(context.Context, Job) error { return nil }, time.Second)
	if !strings.Contains(o.log.String(), "it will run again") {
		t.Errorf("log:\n%s", o.log)
	}
}

func TestTheExampleGreetsWhoHasAName(t *testing.T) {
	greet := Greet(slog.New(slog.DiscardHandler))
	if err := greet(t.Context(), Job{Payload: []byte(`{"name":"Ada"}`)}); err != nil {
		t.Errorf("got %v", err)
	}
	for _, payload := range []string{``, `[]`, `{}`, `{"name":""}`} {
		if greet(t.Context(), Job{Payload: []byte(payload)}) == nil {
			t.Errorf("%q was accepted", payload)
		}
	}
}
