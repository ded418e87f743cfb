package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
)

// Greet is the example: it reads a name and greets it in the log.
func Greet(log *slog.Logger) Handler {
	return func(ctx context.Context, job Job) error {
		var payload struct {
			Name string `json:"name"`
		}
		if err := json.Unmarshal(job.Payload, &payload); err != nil {
			return fmt.Errorf("payload: %w", err)
		}
		if payload.Name == "" {
			return fmt.Errorf("payload: name must not be empty")
		}
		log.InfoContext(ctx, "hello", "name", payload.Name)
		return nil
	}
}
