package httpserver

import (
	"context"
	"net/http"
)

// withTimeout ends the context of a request that takes too long.
func withTimeout(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), requestTimeout)
		defer cancel()
		bounded := r.WithContext(ctx)
		next.ServeHTTP(w, bounded)
		// The mux notes its choice on the request that it was given.
		r.Pattern = bounded.Pattern
	})
}

// withProblems answers what no route matches in the same form as every other error.
func withProblems(routes *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fallback, pattern := routes.Handler(r)
		if pattern != "" {
			routes.ServeHTTP(w, r)
			return
		}
		// The mux knows whether the path or only the method is unknown, and says so by status and Allow.
		verdict := &headOnly{header: http.Header{}}
		fallback.ServeHTTP(verdict, r)
		if allow := verdict.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		if location := verdict.header.Get("Location"); location != "" {
			w.Header().Set("Location", location)
			w.WriteHeader(verdict.status)
			return
		}
		WriteProblem(w, r, verdict.status, "")
	})
}

// headOnly keeps status and header of an answer and drops its body.
type headOnly struct {
	header http.Header
	status int
}

func (h *headOnly) Header() http.Header            { return h.header }
func (h *headOnly) WriteHeader(status int)         { h.status = status }
func (h *headOnly) Write(body []byte) (int, error) { return len(body), nil }
