GOLANGCI_LINT := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0

setup: ## Download what the service is built from
	go mod download

run: ## Run the service here, on http://localhost:8080
	go run -ldflags "-X main.version=$(VERSION)" ./cmd/service

lint: ## Check format and code
	go run $(GOLANGCI_LINT) run ./...

test: ## Run the unit tests, with the race detector
	go test -race -short ./...

test-integration: ## Run the tests of the whole process; those of the database need DATABASE_URL
	go test -race -count=1 -v -run Integration ./cmd/...

build: ## Build the binary into bin/
	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/service ./cmd/service
