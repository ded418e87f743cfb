package httpserver

import (
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// unmatched stands for every path that has no route: paths themselves would be a label without bounds.
const unmatched = "unmatched"

type requestMetrics struct {
	total    *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newRequestMetrics(registry prometheus.Registerer) requestMetrics {
	metrics := requestMetrics{
		total: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "http_requests_total",
			Help: "Requests answered, by method, route and status.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "http_request_duration_seconds",
			Help:    "Time from a request's arrival to the end of its answer.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
	}
	registry.MustRegister(metrics.total, metrics.duration)
	return metrics
}

// observe counts, times and logs each request, and turns a panic into a plain 500.
func observe(next http.Handler, metrics requestMetrics, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		// Set by the mux around this; what counts is the choice of the mux below.
		r.Pattern = ""
		recorder := &statusRecorder{ResponseWriter: w}
		defer func() {
			cause := recover()
			failure, _ := cause.(error)
			// The server's own way to cut a connection.
			aborted := errors.Is(failure, http.ErrAbortHandler)
			if cause != nil && !aborted {
				log.ErrorContext(r.Context(), "request panicked", "panic", cause, "stack", string(debug.Stack()), "request_id", RequestID(r.Context()))
				if recorder.status == 0 {
					WriteProblem(recorder, r, http.StatusInternalServerError, "")
				}
			}
			took := time.Since(began)
			method, route := knownMethod(r.Method), routeOf(r)
			status := recorder.statusOrOK()
			metrics.total.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
			metrics.duration.WithLabelValues(method, route).Observe(took.Seconds())
			log.InfoContext(r.Context(), "request",
				"method", method, "route", route, "status", status,
				"duration_ms", took.Milliseconds(), "request_id", RequestID(r.Context()))
			if aborted {
				panic(cause)
			}
		}()
		next.ServeHTTP(recorder, r)
	})
}

// routeOf is the pattern that the mux has chosen, without its method.
func routeOf(r *http.Request) string {
	if r.Pattern == "" {
		return unmatched
	}
	_, path, found := strings.Cut(r.Pattern, " ")
	if !found {
		return r.Pattern
	}
	return path
}

func knownMethod(method string) string {
	known := []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
		http.MethodPatch, http.MethodDelete, http.MethodOptions,
	}
	if slices.Contains(known, method) {
		return method
	}
	return "OTHER"
}

// statusRecorder remembers the status that was sent.
type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

func (s *statusRecorder) Write(body []byte) (int, error) {
	if s.status == 0 {
		s.status = http.StatusOK
	}
	return s.ResponseWriter.Write(body)
}

func (s *statusRecorder) statusOrOK() int {
	if s.status == 0 {
		return http.StatusOK
	}
	return s.status
}

// Unwrap lets http.ResponseController reach the writer below.
func (s *statusRecorder) Unwrap() http.ResponseWriter {
	return s.ResponseWriter
}
