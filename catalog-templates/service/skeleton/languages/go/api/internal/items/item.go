// Package items is the example resource: replace it by what the service is for.
package items

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

var (
	// ErrNotFound says that there is no such item.
	ErrNotFound = errors.New("there is no such item")
	// ErrUnavailable says that items can't be reached now; later may help.
	ErrUnavailable = errors.New("items cannot be reached now")
)

const maxNameLength = 200

// Item is one of the things that the service keeps.
type Item struct {
	ID        uuid.UUID `json:"id"`
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
}

// Store keeps items. Its methods give up when their context ends.
type Store interface {
	// Add keeps a new item.
	Add(ctx context.Context, item Item) error
	// Get reads one item; ErrNotFound if there is none.
	Get(ctx context.Context, id uuid.UUID) (Item, error)
	// List reads at most limit items whose id comes after the given one, in the order of their ids.
	List(ctx context.Context, after uuid.UUID, limit int) ([]Item, error)
	// Delete removes one item; ErrNotFound if there is none.
	Delete(ctx context.Context, id uuid.UUID) error
}

// newItem makes an item of a valid name. Its id sorts by time, so that a list is in the order of creation.
func newItem(name string, now time.Time) (Item, error) {
	switch length := utf8.RuneCountInString(name); {
	case length < 1:
		return Item{}, errors.New("name must not be empty")
	case length > maxNameLength:
		return Item{}, errors.New("name must have at most 200 characters")
	case strings.ContainsRune(name, 0):
		return Item{}, errors.New("name must not contain the null character")
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Item{}, err
	}
	// Microseconds are what databases keep: an item reads back as it was answered.
	return Item{ID: id, Name: name, CreatedAt: now.UTC().Truncate(time.Microsecond)}, nil
}
