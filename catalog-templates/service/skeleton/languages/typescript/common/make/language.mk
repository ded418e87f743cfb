setup: ## Install the dependencies, exactly as locked
	npm ci

run: node_modules ## Run on this machine, and restart when the source changes
	npm run dev

lint: node_modules ## Check types, style and format
	npm run lint

test: node_modules ## Run the unit tests
	npm test

test-integration: node_modules ## Run the tests that start the whole service
	npm run test:integration

build: node_modules ## Compile to dist/
	npm run build

node_modules: package-lock.json
	npm ci
	@touch $@
