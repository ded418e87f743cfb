package postgres

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
)

var (
	inUse = prometheus.NewDesc("db_pool_connections_in_use", "Connections that are working.", nil, nil)
	idle  = prometheus.NewDesc("db_pool_connections_idle", "Connections that are open and free.", nil, nil)
	most  = prometheus.NewDesc("db_pool_connections_max", "Most connections that this process may have.", nil, nil)
)

// poolMetrics reads the pool's state when it is asked for metrics.
type poolMetrics struct {
	pool *pgxpool.Pool
}

// Describe implements prometheus.Collector.
func (m poolMetrics) Describe(descriptions chan<- *prometheus.Desc) {
	descriptions <- inUse
	descriptions <- idle
	descriptions <- most
}

// Collect implements prometheus.Collector.
func (m poolMetrics) Collect(metrics chan<- prometheus.Metric) {
	state := m.pool.Stat()
	metrics <- prometheus.MustNewConstMetric(inUse, prometheus.GaugeValue, float64(state.AcquiredConns()))
	metrics <- prometheus.MustNewConstMetric(idle, prometheus.GaugeValue, float64(state.IdleConns()))
	metrics <- prometheus.MustNewConstMetric(most, prometheus.GaugeValue, float64(state.MaxConns()))
}
