# The operator's image: a ReadyToRun build of the program on a base without shell and package manager, run as nobody in particular.
#
#   docker build -t kontena-operator:0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" .
#
# Needs BuildKit (Docker's default since 23; before: DOCKER_BUILDKIT=1). Other bases, a mirror's for instance, by SDK_IMAGE and RUNTIME_IMAGE.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled

# On the builder's own processor whatever the target's: .NET builds for another one without emulating it.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH
WORKDIR /source
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Packages change seldom: a layer of their own, from what decides on them.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/Kontena.Kubernetes/Kontena.Kubernetes.csproj src/Kontena.Kubernetes/
COPY src/Kontena.Operator/Kontena.Operator.csproj src/Kontena.Operator/
COPY src/Kontena.Operator.Core/Kontena.Operator.Core.csproj src/Kontena.Operator.Core/
COPY src/Kontena.Operator.Providers/Kontena.Operator.Providers.csproj src/Kontena.Operator.Providers/
COPY src/Kontena.Simulator/Kontena.Simulator.csproj src/Kontena.Simulator/
COPY src/Kontena.Standalone/Kontena.Standalone.csproj src/Kontena.Standalone/
RUN dotnet restore src/Kontena.Operator -a $TARGETARCH -p:PublishReadyToRun=true

COPY . .
# What analyzers have to say was said before: make check.
RUN dotnet publish src/Kontena.Operator --no-restore -c Release -a $TARGETARCH --self-contained false \
    -p:PublishReadyToRun=true -p:RunAnalyzers=false -p:GenerateDocumentationFile=false -o /app

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Kontena Operator" \
      org.opencontainers.image.description="Keeps real machines equal to declared NodePools" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /app
COPY --from=build /app .
# No debugger's socket: it would be made in /tmp, and the root file system is to be read-only.
ENV DOTNET_EnableDiagnostics=0
# The base's user "app", by number: Kubernetes cannot tell from a name that it is not root.
USER 1654
EXPOSE 8080
# No HEALTHCHECK: it would need a shell and a client in here. Kubernetes asks /healthz and /readyz (manifests/operator/deployment.yaml).
ENTRYPOINT ["/app/Kontena.Operator"]
CMD ["run", "--listen=:8080"]
