package postgres

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

func TestWhatTheDatabaseRefusesIsToldFromItsAbsence(t *testing.T) {
	for _, c := range []struct {
		err         error
		unavailable bool
	}{
		{&pgconn.PgError{Code: "57P01"}, true},  // shut down by an administrator
		{&pgconn.PgError{Code: "53300"}, true},  // too many connections
		{&pgconn.PgError{Code: "23505"}, false}, // unique violation
		{&pgconn.PgError{Code: "57014"}, false}, // query canceled
		{fmt.Errorf("reading: %w", &pgconn.ConnectError{}), true},
		{errors.New("something else"), false},
		{context.Canceled, false},
		{nil, false},
	} {
		if got := Unavailable(c.err); got != c.unavailable {
			t.Errorf("%v: got %v", c.err, got)
		}
	}
}
