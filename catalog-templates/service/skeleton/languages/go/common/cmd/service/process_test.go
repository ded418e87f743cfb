package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// process is the whole service, started inside of the test.
type process struct {
	url  string
	log  *lockedBuffer
	stop context.CancelFunc
	done chan error
}

// lockedBuffer can be written by the service while the test reads it.
type lockedBuffer struct {
	mutex sync.Mutex
	bytes bytes.Buffer
}

func (b *lockedBuffer) Write(text []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.bytes.Write(text)
}

func (b *lockedBuffer) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.bytes.String()
}

// start runs the service with the given variables on a free port; it is stopped with the test.
func start(t *testing.T, variables map[string]string) *process {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	p := &process{url: "http://" + listener.Addr().String(), log: &lockedBuffer{}, stop: stop, done: make(chan error, 1)}
	go func() {
		p.done <- run(ctx, func(name string) string { return variables[name] }, p.log,
			func(context.Context, int) (net.Listener, error) { return listener, nil })
	}()
	t.Cleanup(func() {
		stop()
		_ = p.ended(t) // what it ended with is for the test itself to judge
		if t.Failed() {
			t.Logf("the service's log:\n%s", p.log)
		}
	})
	return p
}

// ended waits for the end of the service, and gives its error.
func (p *process) ended(t *testing.T) error {
	t.Helper()
	select {
	case err := <-p.done:
		p.done <- err
		return err
	case <-time.After(30 * time.Second):
		t.Fatalf("the service did not end:\n%s", p.log)
		return nil
	}
}

// call sends a request and gives the answer's status and body.
func (p *process) call(t *testing.T, method, path, body string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	content, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(content)
}

// eventually waits until the condition holds, at most 15 seconds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.Now().Add(15 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			t.Fatalf("not in 15 s: %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// ready waits until the service says that it can work.
func (p *process) ready(t *testing.T) {
	t.Helper()
	eventually(t, "the service is ready", func() bool {
		status, _ := p.call(t, http.MethodGet, "/readyz", "")
		return status == http.StatusOK
	})
}
