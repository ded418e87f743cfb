package httpserver

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// Problem is what a caller learns about a request that did not work (RFC 9457).
type Problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail,omitempty"`
	RequestID string `json:"requestId"`
}

// WriteProblem answers with a problem; detail is for the caller's eyes.
func WriteProblem(w http.ResponseWriter, r *http.Request, status int, detail string) {
	write(w, status, "application/problem+json", Problem{
		Title:     http.StatusText(status),
		Status:    status,
		Detail:    detail,
		RequestID: RequestID(r.Context()),
	})
}

// WriteJSON answers with a body that is known to be encodable.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	write(w, status, "application/json", body)
}

func write(w http.ResponseWriter, status int, contentType string, body any) {
	var encoded bytes.Buffer
	if err := json.NewEncoder(&encoded).Encode(body); err != nil {
		// A programming error; the recovery middleware reports it.
		panic(err)
	}
	w.Header().Set("Content-Type", contentType)
	w.WriteHeader(status)
	// The only way for this to fail is a caller that has gone.
	_, _ = w.Write(encoded.Bytes())
}
