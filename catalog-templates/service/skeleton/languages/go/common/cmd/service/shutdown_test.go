package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// serving runs serve with the given app until stop is called, and tells where and how it ended.
func serving(t *testing.T, service *app, grace time.Duration) (url string, stop context.CancelFunc, done <-chan error) {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, service, listener, grace, prometheus.NewRegistry(), slog.New(slog.DiscardHandler))
	}()
	return "http://" + listener.Addr().String(), cancel, ended
}

func TestARequestInFlightIsAnsweredBeforeTheEnd(t *testing.T) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	routes := http.NewServeMux()
	routes.HandleFunc("GET /slow", func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-leave
		_, _ = io.WriteString(w, "done") // the test reads what came
	})
	url, stop, done := serving(t, &app{routes: routes}, 10*time.Second)

	answers := make(chan string, 1)
	go func() {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/slow", nil)
		if err != nil {
			answers <- err.Error()
			return
		}
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			answers <- err.Error()
			return
		}
		body, err := io.ReadAll(answer.Body)
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
		if err != nil {
			answers <- err.Error()
			return
		}
		answers <- string(body)
	}()
	<-arrived
	stop()
	select {
	case err := <-done:
		t.Fatalf("ended with %v while a request was in flight", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(leave)
	if got := <-answers; got != "done" {
		t.Errorf("the request got %q", got)
	}
	if err := <-done; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestWorkThatDoesNotEndIsCutOffAndReported(t *testing.T) {
	hangs := func(context.Context) error { select {} }
	_, stop, done := serving(t, &app{routes: http.NewServeMux(), work: []func(context.Context) error{hangs}}, 100*time.Millisecond)
	stop()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it waits for ever")
	}
}

func TestWorkThatFailsEndsTheService(t *testing.T) {
	fails := func(context.Context) error { return io.ErrUnexpectedEOF }
	_, _, done := serving(t, &app{routes: http.NewServeMux(), work: []func(context.Context) error{fails}}, time.Second)
	select {
	case err := <-done:
		if err == nil {
			t.Error("ended without an error")
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it goes on")
	}
}
