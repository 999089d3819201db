using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.Kubernetes.Runtime;

/// <summary>
/// Adds and removes one finalizer without losing anybody else's: JSON patches whose tests fail where the list is not the
/// one that was read. A merge patch would replace the whole list (RFC 7386) and silently drop a finalizer added meanwhile.
/// </summary>
public sealed class Finalizers(IKubeApi api)
{
    /// <summary>Other writers of the same list are few; more failures than this are not chance.</summary>
    private const int Attempts = 5;

    public static FinalizerState StateOf(IResource resource, string finalizer) => (resource.Metadata.IsBeingDeleted, IsHeld(resource, finalizer)) switch
    {
        (false, false) => FinalizerState.Absent,
        (false, true) => FinalizerState.Held,
        (true, true) => FinalizerState.CleanUp,
        (true, false) => FinalizerState.Released,
    };

    /// <summary>Returns the object with the finalizer; as it is where it is being deleted (the server refuses new finalizers then); null where it is gone.</summary>
    /// <exception cref="KubeFault">Any refusal but a lost race.</exception>
    public Task<T?> EnsureAsync<T>(ResourceKind<T> kind, T resource, string finalizer, CancellationToken ct) where T : class, IResource =>
        ChangeAsync(kind, resource, seen => StateOf(seen, finalizer) == FinalizerState.Absent ? Adding(seen, finalizer) : null, ct);

    /// <summary>Returns the object without the finalizer; null where it is gone, which removing the last finalizer of a deleted object brings about.</summary>
    /// <exception cref="KubeFault">Any refusal but a lost race.</exception>
    public Task<T?> RemoveAsync<T>(ResourceKind<T> kind, T resource, string finalizer, CancellationToken ct) where T : class, IResource =>
        ChangeAsync(kind, resource, seen => IsHeld(seen, finalizer) ? Removing(seen, finalizer) : null, ct);

    private async Task<T?> ChangeAsync<T>(ResourceKind<T> kind, T resource, Func<T, JsonArray?> change, CancellationToken ct) where T : class, IResource
    {
        var seen = resource;
        for (var attempt = 1; ; attempt++)
        {
            if (change(seen) is not { } operations) return seen;
            try
            {
                var changed = await api.PatchAsync(kind, seen.Metadata.Key, Patch.Json(operations), WriteOptions.Default, ct);
                return changed.Metadata is { IsBeingDeleted: true, Finalizers: null or { Count: 0 } } ? null : changed;
            }
            catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
            {
                return null;
            }
            // A failed test is answered with 422, not with 409.
            catch (KubeFault fault) when (fault.Reason is FaultReason.Conflict or FaultReason.Invalid && attempt < Attempts)
            {
                if (await ReadAsync(kind, seen, ct) is not { } now) return null;
                seen = now;
            }
        }
    }

    /// <returns>Null where the object is gone, or another of the same name took its place.</returns>
    private async Task<T?> ReadAsync<T>(ResourceKind<T> kind, T seen, CancellationToken ct) where T : class, IResource
    {
        try
        {
            var now = await api.GetAsync(kind, seen.Metadata.Key, ct);
            return now.Metadata.Uid == seen.Metadata.Uid ? now : null;
        }
        catch (KubeFault fault) when (fault.Reason == FaultReason.NotFound)
        {
            return null;
        }
    }

    private static JsonArray Adding(IResource seen, string finalizer) =>
        seen.Metadata.Finalizers is { Count: > 0 } others
            ? [Test("/metadata/uid", seen.Metadata.Uid), Test("/metadata/finalizers", new JsonArray([.. others.Select(f => (JsonNode)f)])), Add("/metadata/finalizers/-", finalizer)]
            // "Is absent" cannot be tested portably; an unchanged version says the same.
            : [Test("/metadata/uid", seen.Metadata.Uid), Test("/metadata/resourceVersion", seen.Metadata.ResourceVersion), Add("/metadata/finalizers", new JsonArray(finalizer))];

    private static JsonArray Removing(IResource seen, string finalizer)
    {
        var path = $"/metadata/finalizers/{seen.Metadata.Finalizers!.ToList().IndexOf(finalizer)}"; // IsHeld was asked before
        return [Test("/metadata/uid", seen.Metadata.Uid), Test(path, finalizer), new JsonObject { ["op"] = "remove", ["path"] = path }];
    }

    private static bool IsHeld(IResource resource, string finalizer) => resource.Metadata.Finalizers?.Contains(finalizer) == true;

    private static JsonObject Test(string path, JsonNode? value) => new() { ["op"] = "test", ["path"] = path, ["value"] = value };

    private static JsonObject Add(string path, JsonNode value) => new() { ["op"] = "add", ["path"] = path, ["value"] = value };
}
