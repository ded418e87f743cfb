package config

import (
	"log/slog"
	"strings"
	"testing"
	"time"
)

func reader(variables map[string]string) *Reader {
	return NewReader(func(name string) string { return variables[name] })
}

func TestUnsetVariablesHaveTheirDefaults(t *testing.T) {
	r := reader(nil)
	if got := r.Int("PORT", 8080, 1, 65535); got != 8080 {
		t.Errorf("PORT is %d, want 8080", got)
	}
	if got := r.Seconds("SHUTDOWN_TIMEOUT", 20*time.Second); got != 20*time.Second {
		t.Errorf("SHUTDOWN_TIMEOUT is %s, want 20s", got)
	}
	if got := r.Level("LOG_LEVEL", slog.LevelInfo); got != slog.LevelInfo {
		t.Errorf("LOG_LEVEL is %s, want info", got)
	}
	if err := r.Err(); err != nil {
		t.Errorf("unexpected problem: %v", err)
	}
}

func TestSetVariablesAreRead(t *testing.T) {
	r := reader(map[string]string{"PORT": "9000", "SHUTDOWN_TIMEOUT": "0.5", "LOG_LEVEL": "WARN", "NAME": "x"})
	if got := r.Int("PORT", 8080, 1, 65535); got != 9000 {
		t.Errorf("PORT is %d, want 9000", got)
	}
	if got := r.Seconds("SHUTDOWN_TIMEOUT", time.Second); got != 500*time.Millisecond {
		t.Errorf("SHUTDOWN_TIMEOUT is %s, want 500ms", got)
	}
	if got := r.Level("LOG_LEVEL", slog.LevelInfo); got != slog.LevelWarn {
		t.Errorf("LOG_LEVEL is %s, want warn", got)
	}
	if got := r.Required("NAME", "a name"); got != "x" {
		t.Errorf("NAME is %q, want x", got)
	}
	if err := r.Err(); err != nil {
		t.Errorf("unexpected problem: %v", err)
	}
}

func TestEveryWrongVariableIsNamedAndNoValueIs(t *testing.T) {
	r := reader(map[string]string{"PORT": "hunter2", "SHUTDOWN_TIMEOUT": "NaN", "LOG_LEVEL": "hunter2"})
	r.Int("PORT", 8080, 1, 65535)
	r.Seconds("SHUTDOWN_TIMEOUT", time.Second)
	r.Level("LOG_LEVEL", slog.LevelInfo)
	r.Required("NAME", "a name")
	err := r.Err()
	if err == nil {
		t.Fatal("no problem was found")
	}
	for _, name := range []string{"PORT", "SHUTDOWN_TIMEOUT", "LOG_LEVEL", "NAME"} {
		if !strings.Contains(err.Error(), name+" must be ") {
			t.Errorf("%q does not name %s", err, name)
		}
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%q shows a value", err)
	}
}

func TestNumbersOutOfRangeAreRefused(t *testing.T) {
	for _, text := range []string{"0", "65536", "-1", "8080.5", "8e3", " 80"} {
		r := reader(map[string]string{"PORT": text})
		r.Int("PORT", 8080, 1, 65535)
		if r.Err() == nil {
			t.Errorf("PORT=%q was accepted", text)
		}
	}
	for _, text := range []string{"0", "-1", "86401", "+Inf", "20s"} {
		r := reader(map[string]string{"POLL_INTERVAL": text})
		r.Seconds("POLL_INTERVAL", time.Second)
		if r.Err() == nil {
			t.Errorf("POLL_INTERVAL=%q was accepted", text)
		}
	}
}
