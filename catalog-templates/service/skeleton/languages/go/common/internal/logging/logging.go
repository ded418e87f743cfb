// Package logging writes one JSON object a line: time, level, msg, then fields.
package logging

import (
	"io"
	"log/slog"
	"strings"
)

// New makes a logger with times in UTC and levels in lower case.
func New(out io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{
		Level: level,
		ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
			if len(groups) > 0 {
				return attr
			}
			switch attr.Key {
			case slog.TimeKey:
				attr.Value = slog.TimeValue(attr.Value.Time().UTC())
			case slog.LevelKey:
				attr.Value = slog.StringValue(strings.ToLower(attr.Value.String()))
			}
			return attr
		},
	}))
}
