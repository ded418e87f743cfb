package items

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

var now = time.Date(2026, 1, 31, 12, 0, 0, 123456789, time.UTC)

func newSite(store Store) *http.ServeMux {
	mux := http.NewServeMux()
	NewHandler(store, slog.New(slog.DiscardHandler), func() time.Time { return now }).Register(mux)
	return mux
}

func do(t *testing.T, site http.Handler, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	answer := httptest.NewRecorder()
	site.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body)))
	return answer
}

func parse[T any](t *testing.T, answer *httptest.ResponseRecorder) T {
	t.Helper()
	var value T
	if err := json.Unmarshal(answer.Body.Bytes(), &value); err != nil {
		t.Fatalf("%q: %v", answer.Body, err)
	}
	return value
}

func TestAnItemCanBeCreatedReadAndDeleted(t *testing.T) {
	site := newSite(NewMemoryStore())

	created := do(t, site, http.MethodPost, "/v1/items", `{"name":"first"}`)
	if created.Code != http.StatusCreated {
		t.Fatalf("got %d %s", created.Code, created.Body)
	}
	item := parse[Item](t, created)
	if item.Name != "first" || !item.CreatedAt.Equal(now.Truncate(time.Microsecond)) {
		t.Errorf("unexpected item %+v", item)
	}
	path := created.Header().Get("Location")
	if path != "/v1/items/"+item.ID.String() {
		t.Errorf("Location is %q", path)
	}
	if read := do(t, site, http.MethodGet, path, ""); read.Code != http.StatusOK || parse[Item](t, read) != item {
		t.Errorf("got %d %s", read.Code, read.Body)
	}
	if deleted := do(t, site, http.MethodDelete, path, ""); deleted.Code != http.StatusNoContent || deleted.Body.Len() > 0 {
		t.Errorf("got %d %s", deleted.Code, deleted.Body)
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		if answer := do(t, site, method, path, ""); answer.Code != http.StatusNotFound {
			t.Errorf("%s after deletion: got %d", method, answer.Code)
		}
	}
}

func TestPagesLeadThroughAllItemsInOrder(t *testing.T) {
	site := newSite(NewMemoryStore())
	for i := range 5 {
		do(t, site, http.MethodPost, "/v1/items", `{"name":"`+strconv.Itoa(i)+`"}`)
	}
	var names []string
	path := "/v1/items?limit=2"
	for pages := 0; path != ""; pages++ {
		if pages == 3 {
			t.Fatal("more pages than items")
		}
		answer := parse[page](t, do(t, site, http.MethodGet, path, ""))
		for _, item := range answer.Items {
			names = append(names, item.Name)
		}
		path = ""
		if answer.Next != "" {
			path = "/v1/items?limit=2&after=" + answer.Next
		}
	}
	if got := strings.Join(names, ","); got != "0,1,2,3,4" {
		t.Errorf("got %s", got)
	}
}

func TestAnEmptyListIsAnEmptyArray(t *testing.T) {
	answer := do(t, newSite(NewMemoryStore()), http.MethodGet, "/v1/items", "")
	if got := strings.TrimSpace(answer.Body.String()); got != `{"items":[]}` {
		t.Errorf("got %s", got)
	}
}

func TestWrongRequestsAreRefused(t *testing.T) {
	site := newSite(NewMemoryStore())
	for _, c := range []struct {
		method, path, body string
		status             int
	}{
		{http.MethodPost, "/v1/items", ``, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `[]`, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `{"name":7}`, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `{"name":""}`, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `{"name":"a\u0000b"}`, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `{"name":"x","color":"red"}`, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `{"name":"x"}{}`, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `{"name":"` + strings.Repeat("é", 201) + `"}`, http.StatusBadRequest},
		{http.MethodPost, "/v1/items", `{"name":"` + strings.Repeat("x", 64<<10) + `"}`, http.StatusRequestEntityTooLarge},
		{http.MethodGet, "/v1/items?limit=0", ``, http.StatusBadRequest},
		{http.MethodGet, "/v1/items?limit=101", ``, http.StatusBadRequest},
		{http.MethodGet, "/v1/items?after=x", ``, http.StatusBadRequest},
		{http.MethodGet, "/v1/items/x", ``, http.StatusBadRequest},
		{http.MethodDelete, "/v1/items/x", ``, http.StatusBadRequest},
	} {
		if answer := do(t, site, c.method, c.path, c.body); answer.Code != c.status {
			t.Errorf("%s %s %.60s: got %d %s", c.method, c.path, c.body, answer.Code, answer.Body)
		}
	}
	if answer := do(t, site, http.MethodPost, "/v1/items", `{"name":"`+strings.Repeat("é", 200)+`"}`); answer.Code != http.StatusCreated {
		t.Errorf("the longest name was refused: %d %s", answer.Code, answer.Body)
	}
}

type brokenStore struct {
	*MemoryStore
	err error
}

func (s brokenStore) Get(context.Context, uuid.UUID) (Item, error) {
	return Item{}, s.err
}

func TestWhatBrokeInsideIsNotTold(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
	}{
		{errors.New("password is hunter2"), http.StatusInternalServerError},
		{context.DeadlineExceeded, http.StatusServiceUnavailable},
		{errors.Join(ErrUnavailable, errors.New("password is hunter2")), http.StatusServiceUnavailable},
	} {
		answer := do(t, newSite(brokenStore{err: c.err}), http.MethodGet, "/v1/items/"+uuid.NewString(), "")
		if answer.Code != c.status || strings.Contains(answer.Body.String(), c.err.Error()) {
			t.Errorf("%v: got %d %s", c.err, answer.Code, answer.Body)
		}
	}
}
