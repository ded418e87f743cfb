package jobs

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count and time jobs.
type Metrics struct {
	processed *prometheus.CounterVec
	duration  prometheus.Histogram
}

// NewMetrics registers the metrics, with every result at zero.
func NewMetrics(registry prometheus.Registerer) *Metrics {
	metrics := &Metrics{
		processed: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "jobs_processed_total",
			Help: "Runs of jobs: succeeded, failed (will be tried again), dead (given up).",
		}, []string{"result"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "job_duration_seconds",
			Help:    "How long runs of jobs took.",
			Buckets: []float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}),
	}
	for _, result := range []string{resultSuccess, resultFailed, resultGivenUp} {
		metrics.processed.WithLabelValues(result)
	}
	registry.MustRegister(metrics.processed, metrics.duration)
	return metrics
}

func (m *Metrics) observe(result string, took time.Duration) {
	m.processed.WithLabelValues(result).Inc()
	m.duration.Observe(took.Seconds())
}
