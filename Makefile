.PHONY: build test check demo bench fmt envtest

build:
	dotnet build

test:
	dotnet test

# All that .ci/run checks; it only installs nothing and makes no API server (make envtest does).
check:
	.ci/check

# The whole operator against simulated clouds, on this machine alone.
demo:
	dotnet run --project src/Kontena.Operator -- demo

bench:
	@if [ -d tests/Benchmarks ]; then dotnet run -c Release --project tests/Benchmarks; else echo "There are no benchmarks yet."; fi

fmt:
	dotnet format

# A real kube-apiserver for the tests, out of Debian's source packages (about ten minutes, once).
envtest:
	tests/envtest/build.sh
