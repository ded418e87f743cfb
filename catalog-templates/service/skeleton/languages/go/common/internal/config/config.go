// Package config reads what the service is told by its environment.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"
)

// Reader reads variables and remembers every problem, so that a person who mends the
// configuration sees all of them at once. Problems name variables and what they expect, never values.
type Reader struct {
	lookup   func(string) string
	problems []error
}

// NewReader reads variables through lookup, which is os.Getenv outside of tests.
// An empty variable counts as unset.
func NewReader(lookup func(string) string) *Reader {
	return &Reader{lookup: lookup}
}

// Err is nil, or says what is wrong with the variables read so far.
func (r *Reader) Err() error {
	return errors.Join(r.problems...)
}

// Reject records that a variable's value can't be used; expected completes "NAME must be ...".
func (r *Reader) Reject(name, expected string) {
	r.problems = append(r.problems, fmt.Errorf("%s must be %s", name, expected))
}

// Required reads a variable that has no default.
func (r *Reader) Required(name, expected string) string {
	value := r.lookup(name)
	if value == "" {
		r.Reject(name, "set to "+expected)
	}
	return value
}

// Int reads a whole number from lowest to highest.
func (r *Reader) Int(name string, fallback, lowest, highest int) int {
	text := r.lookup(name)
	if text == "" {
		return fallback
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < lowest || value > highest {
		r.Reject(name, fmt.Sprintf("a whole number from %d to %d", lowest, highest))
		return fallback
	}
	return value
}

// Seconds reads a positive number of seconds, at most a day.
func (r *Reader) Seconds(name string, fallback time.Duration) time.Duration {
	text := r.lookup(name)
	if text == "" {
		return fallback
	}
	const day = 24 * 60 * 60
	value, err := strconv.ParseFloat(text, 64)
	// Written so that NaN is refused too.
	if err != nil || !(value > 0 && value <= day) {
		r.Reject(name, fmt.Sprintf("a number of seconds above 0 and up to %d", day))
		return fallback
	}
	return time.Duration(value * float64(time.Second))
}

// Level reads a log level.
func (r *Reader) Level(name string, fallback slog.Level) slog.Level {
	switch strings.ToLower(r.lookup(name)) {
	case "":
		return fallback
	case "debug":
		return slog.LevelDebug
	case "info":
		return slog.LevelInfo
	case "warn":
		return slog.LevelWarn
	case "error":
		return slog.LevelError
	default:
		r.Reject(name, "debug, info, warn or error")
		return fallback
	}
}
