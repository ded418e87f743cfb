package jobs

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestEveryErrorCanBeStored(t *testing.T) {
	for _, text := range []string{"plain", "null \x00 inside", "broken \xff text", strings.Repeat("é", maxErrorBytes)} {
		got := storable(errors.New(text))
		if !utf8.ValidString(got) || strings.ContainsRune(got, 0) || len(got) > maxErrorBytes || got == "" {
			t.Errorf("%.20q became %.20q of %d bytes", text, got, len(got))
		}
	}
}
