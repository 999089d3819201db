.PHONY: build test crash soak check demo bench fuzz fmt envtest

build:
	dotnet build

test:
	dotnet test

# The operator killed before and after every single call, under every kind of trouble (tests run a part of the latter).
crash:
	KONTENA_CRASH=all dotnet test tests/EndToEnd --filter FullyQualifiedName~EndToEnd.Crash --logger "console;verbosity=normal"

# The informer with 10,000 nodes on a real API server under writes: 60 watches and 3 servers lost, the store compared after each, memory watched.
soak:
	KONTENA_SOAK=full dotnet test tests/EndToEnd --filter Name~TenThousandNodes --logger "console;verbosity=detailed"

# All that .ci/run checks; it only installs nothing and makes no API server (make envtest does).
check:
	.ci/check

# The whole operator against simulated clouds, on this machine alone.
demo:
	dotnet run --project src/Kontena.Operator -- demo

# Figures of the main path, ten minutes: docs/benchmarks.md. BENCH="embedded --nodes 100" runs a part.
bench:
	dotnet run -c Release --project tests/Benchmarks -- $(BENCH)

# Seeks inputs that break a promise, for half an hour unless told otherwise; what it finds lies in tests/Fuzz/corpus afterwards.
fuzz:
	KONTENA_FUZZ_MINUTES=$${KONTENA_FUZZ_MINUTES:-30} dotnet test tests/Fuzz --filter Name~Mutations --logger "console;verbosity=detailed"

fmt:
	dotnet format

# A real kube-apiserver for the tests, out of Debian's source packages (about ten minutes, once).
envtest:
	tests/envtest/build.sh
