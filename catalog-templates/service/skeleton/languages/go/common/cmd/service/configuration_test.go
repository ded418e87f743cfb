package main

import (
	"bytes"
	"context"
	"net"
	"strings"
	"testing"
)

func TestAWrongConfigurationEndsTheProcessBeforeItListens(t *testing.T) {
	var log bytes.Buffer
	variables := map[string]string{"PORT": "many", "LOG_LEVEL": "loud"}
	err := run(t.Context(), func(name string) string { return variables[name] }, &log,
		func(context.Context, int) (net.Listener, error) {
			t.Error("it listens")
			return nil, net.ErrClosed
		})
	if err == nil {
		t.Fatal("it did not end")
	}
	for _, part := range []string{`"level":"error"`, "PORT must be ", "LOG_LEVEL must be "} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("%s is missing in %s", part, log.String())
		}
	}
}
