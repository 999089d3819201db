using System.Collections.Concurrent;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Operator;

/// <summary>
/// The API as one operator process has it: writes down each write, and can cut the process off for good at a chosen write, before or
/// after it is carried out, as a killed process is.
/// </summary>
internal sealed class WatchedApi(IKubeApi inner) : IKubeApi
{
    private const string Events = "events";

    private readonly ConcurrentQueue<string> writes = [];
    private readonly ConcurrentQueue<string> forbidden = [];
    private readonly ConcurrentQueue<string> watches = [];
    private readonly TaskCompletionSource died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int count;

    /// <summary>Verb, kind and key of each write, Events left out.</summary>
    public IReadOnlyList<string> Writes => [.. writes];

    public int EventWrites;

    /// <summary>The kinds of which a watch was answered, in the plural.</summary>
    public IReadOnlyList<string> Watches => [.. watches];

    /// <summary>What RBAC refused, in the server's words. (A namespace that is ending refuses new objects with the same code, but not by RBAC.)</summary>
    public IReadOnlyList<string> Forbidden => [.. forbidden];

    /// <summary>From 1; 0: never.</summary>
    public int DiesAtWrite { get; init; }

    /// <summary>The fatal write is carried out, and nobody hears of it.</summary>
    public bool DiesAfterIt { get; init; }

    /// <summary>Strikes writes at random: refused before, or unanswered after they are carried out.</summary>
    public Func<double>? Chance { get; init; }

    /// <summary>Of each of the two.</summary>
    public double FaultRate { get; init; }

    /// <summary>Something that happens right before a write, which it is told of as in <see cref="Writes"/>.</summary>
    public Func<string, Task>? Before { get; init; }

    /// <summary>Whose answer is lost: carried out, and nobody hears of it.</summary>
    public Predicate<string>? LosesAnswerOf { get; init; }

    /// <summary>Ends when the process was cut off.</summary>
    public Task Died => died.Task;

    public void Die() => died.TrySetResult();

    public Task<T> GetAsync<T>(ResourceKind<T> kind, ObjectKey key, CancellationToken ct) where T : class, IResource =>
        ReadAsync(() => inner.GetAsync(kind, key, ct));

    public Task<ResourceList<T>> ListAsync<T>(ResourceKind<T> kind, ListQuery query, CancellationToken ct) where T : class, IResource =>
        ReadAsync(() => inner.ListAsync(kind, query, ct));

    public async Task<IWatch<T>> WatchAsync<T>(ResourceKind<T> kind, WatchQuery query, CancellationToken ct) where T : class, IResource
    {
        var watch = await ReadAsync(() => inner.WatchAsync(kind, query, ct));
        watches.Enqueue(kind.Plural);
        return watch;
    }

    public Task<T> CreateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        WriteAsync($"create {kind.Plural} {resource.Metadata.Key}", () => inner.CreateAsync(kind, resource, options, ct));

    public Task<T> UpdateAsync<T>(ResourceKind<T> kind, T resource, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        WriteAsync($"update {kind.Plural} {resource.Metadata.Key} {options.Subresource}", () => inner.UpdateAsync(kind, resource, options, ct));

    public Task<T> PatchAsync<T>(ResourceKind<T> kind, ObjectKey key, Patch patch, WriteOptions options, CancellationToken ct) where T : class, IResource =>
        WriteAsync($"patch {kind.Plural} {key}", () => inner.PatchAsync(kind, key, patch, options, ct));

    public Task<T?> DeleteAsync<T>(ResourceKind<T> kind, ObjectKey key, DeleteQuery query, CancellationToken ct) where T : class, IResource =>
        WriteAsync($"delete {kind.Plural} {key}", () => inner.DeleteAsync(kind, key, query, ct));

    private async Task<T> ReadAsync<T>(Func<Task<T>> read)
    {
        ThrowIfDead(mayBeDone: false);
        return await NotedAsync(read);
    }

    private async Task<T> WriteAsync<T>(string what, Func<Task<T>> write)
    {
        ThrowIfDead(mayBeDone: false);
        if (what.Split(' ')[1] == Events)
        {
            Interlocked.Increment(ref EventWrites);
            return await NotedAsync(write);
        }
        var fatal = Interlocked.Increment(ref count) == DiesAtWrite;
        if (fatal && !DiesAfterIt) Die();
        ThrowIfDead(mayBeDone: false);
        if (Strikes()) throw new KubeFault(FaultReason.ServerError, "503: etcd has no leader");
        writes.Enqueue(what);
        if (Before is not null) await Before(what);
        var answer = await NotedAsync(write);
        if (Strikes() || LosesAnswerOf?.Invoke(what) == true) throw new KubeFault(FaultReason.Unreachable, "connection reset while waiting for the answer") { OutcomeUnknown = true };
        if (fatal) Die();
        ThrowIfDead(mayBeDone: true);
        return answer;
    }

    private async Task<T> NotedAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.Forbidden && !fault.Message.Contains("being terminated", StringComparison.Ordinal))
        {
            forbidden.Enqueue(fault.Message);
            throw;
        }
    }

    private bool Strikes() => Chance is not null && Chance() < FaultRate;

    private void ThrowIfDead(bool mayBeDone)
    {
        if (died.Task.IsCompleted) throw new KubeFault(FaultReason.Unreachable, "This process is no more.") { OutcomeUnknown = mayBeDone };
    }
}
