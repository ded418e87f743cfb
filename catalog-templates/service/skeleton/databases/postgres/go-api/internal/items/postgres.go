package items

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// PostgresStore keeps items in the table items.
type PostgresStore struct {
	pool *pgxpool.Pool
}

// NewPostgresStore makes a store over a pool.
func NewPostgresStore(pool *pgxpool.Pool) *PostgresStore {
	return &PostgresStore{pool: pool}
}

// Add implements Store.
func (s *PostgresStore) Add(ctx context.Context, item Item) error {
	_, err := s.pool.Exec(ctx,
		`INSERT INTO items (id, name, created_at) VALUES ($1, $2, $3)`,
		item.ID, item.Name, item.CreatedAt)
	return err
}

// Get implements Store.
func (s *PostgresStore) Get(ctx context.Context, id uuid.UUID) (Item, error) {
	rows, err := s.pool.Query(ctx, `SELECT id, name, created_at FROM items WHERE id = $1`, id)
	if err != nil {
		return Item{}, err
	}
	item, err := pgx.CollectExactlyOneRow(rows, scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return Item{}, ErrNotFound
	}
	return item, err
}

// List implements Store.
func (s *PostgresStore) List(ctx context.Context, after uuid.UUID, limit int) ([]Item, error) {
	rows, err := s.pool.Query(ctx,
		`SELECT id, name, created_at FROM items WHERE id > $1 ORDER BY id LIMIT $2`,
		after, limit)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scan)
}

// Delete implements Store.
func (s *PostgresStore) Delete(ctx context.Context, id uuid.UUID) error {
	done, err := s.pool.Exec(ctx, `DELETE FROM items WHERE id = $1`, id)
	if err != nil {
		return err
	}
	if done.RowsAffected() == 0 {
		return ErrNotFound
	}
	return nil
}

func scan(row pgx.CollectableRow) (Item, error) {
	var item Item
	err := row.Scan(&item.ID, &item.Name, &item.CreatedAt)
	item.CreatedAt = item.CreatedAt.UTC()
	return item, err
}
