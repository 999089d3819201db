namespace Kontena.Standalone;

/// <summary>What <see cref="StandaloneServer.StartAsync"/> needs to know.</summary>
public sealed record StandaloneOptions
{
    /// <summary>
    /// The folder of everything that lasts: the SQLite file, CA and server certificate, bearer token, chosen port, kubeconfig.
    /// Made with mode 0700 where it is missing; the files in it are 0600. One running server a folder.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>The TCP port on 127.0.0.1. 0 takes a free one and remembers it, so that a restart gets the same one while it is free.</summary>
    public int Port { get; init; }

    /// <summary>
    /// <c>apiextensions.k8s.io/v1</c> CustomResourceDefinitions that are served from the start. One whose spec is already
    /// stored is left alone; one whose spec differs replaces the stored spec.
    /// </summary>
    public required IReadOnlyList<JsonObject> CustomResourceDefinitions { get; init; }

    /// <summary>What CEL rules and admission would say in a cluster. Asked after the schema has passed.</summary>
    public IObjectRules Rules { get; init; } = new NoObjectRules();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How many changes the log keeps: a watch or a paged list that is further behind is told 410 Gone.</summary>
    internal int RetainedChanges { get; init; } = 10_000;
}
