package postgres

import (
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// Unavailable says whether an error means that the database can't be used now, rather than that it refused what was asked.
func Unavailable(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		// Connection exceptions, insufficient resources, operator intervention (shutdown, crash); see the
		// appendix "PostgreSQL Error Codes" of its manual.
		for _, class := range []string{"08", "53", "57P"} {
			if strings.HasPrefix(refused.Code, class) {
				return true
			}
		}
		return false
	}
	var unconnected *pgconn.ConnectError
	return errors.As(err, &unconnected) || pgconn.Timeout(err) || pgconn.SafeToRetry(err)
}
