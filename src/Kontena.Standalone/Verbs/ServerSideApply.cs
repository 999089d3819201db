using Kontena.Standalone.Admission;
using Kontena.Standalone.FieldOwnership;

namespace Kontena.Standalone.Verbs;

/// <summary>PATCH with a configuration: it is merged into the object, or becomes one.</summary>
internal sealed class ServerSideApply(Creation creation, Update update, TimeProvider time)
{
    /// <returns>The object as it is stored (for a dry run: as it would be), and whether it is new.</returns>
    public async Task<(JsonObject Object, bool Created)> ApplyAsync(
        ResourceDefinition resource, ObjectKey key, string? subresource, RequestObject config, WriteOptions options, CancellationToken ct)
    {
        while (true)
        {
            try
            {
                return (await update.ApplyAsync(resource, key, subresource, live => Merge(live), false, options, ct), false);
            }
            catch (StatusException e) when (e.Reason == "NotFound" && subresource is null)
            {
                // Then it is made, unless someone is quicker.
            }
            try
            {
                return (await creation.CreateAsync(resource, key.Namespace, Merge(null), options, ct), true);
            }
            catch (StatusException e) when (e.Reason == "AlreadyExists")
            {
                // Someone was: then it is merged.
            }
        }

        RequestObject Merge(JsonObject? live)
        {
            if (live is null) CheckNew(resource, key, config.Object);
            var (merged, managers) = new Ownership(resource, subresource ?? "", time.GetUtcNow()).Apply(live, config.Object, options.Manager, options.Force);
            if (live is null) merged.Metadata().Remove("resourceVersion");
            return new RequestObject(merged, config.Duplicates, managers);
        }
    }

    private static void CheckNew(ResourceDefinition resource, ObjectKey key, JsonObject config)
    {
        if (config.Uid().Length > 0) throw Fault.UidOfNone(resource, key.Name, config.Uid());
        if (config.Name() != key.Name) throw Fault.BadRequest($"the name of the object ({config.Name()}) does not match the name on the URL ({key.Name})");
    }
}
