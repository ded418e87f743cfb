package logging

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"testing"
	"time"
)

func TestALineIsOneObjectWithTimeLevelAndMessage(t *testing.T) {
	var out bytes.Buffer
	New(&out, slog.LevelInfo).Warn("careful", "item_id", 7)

	var line struct {
		Time   string `json:"time"`
		Level  string `json:"level"`
		Msg    string `json:"msg"`
		ItemID int    `json:"item_id"`
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("%q is no JSON: %v", out.String(), err)
	}
	if line.Level != "warn" || line.Msg != "careful" || line.ItemID != 7 {
		t.Errorf("unexpected line %+v", line)
	}
	at, err := time.Parse(time.RFC3339Nano, line.Time)
	if err != nil || at.Location() != time.UTC {
		t.Errorf("%q is no time in UTC (%v)", line.Time, err)
	}
}

func TestLinesBelowTheLevelAreNotWritten(t *testing.T) {
	var out bytes.Buffer
	New(&out, slog.LevelError).Info("quiet")
	if out.Len() > 0 {
		t.Errorf("unexpected %q", out.String())
	}
}
