using System.Security.Cryptography;
using Kontena.Standalone.Admission;
using Kontena.Standalone.FieldOwnership;

namespace Kontena.Standalone.Verbs;

/// <summary>POST on a collection.</summary>
internal sealed class Creation(ObjectStore store, ObjectAdmission admission, TimeProvider time)
{
    private const string SuffixLetters = "bcdfghjklmnpqrstvwxz2456789";

    /// <returns>The object as it is stored, or for a dry run as it would be.</returns>
    public async Task<JsonObject> CreateAsync(ResourceDefinition resource, string? ns, RequestObject body, WriteOptions options, CancellationToken ct)
    {
        if (resource.Terminating) throw Fault.Forbidden(resource, body.Object.Name(), "create not allowed while custom resource definition is terminating");
        var (obj, asked) = (body.Object, body.AskedManagers);
        ObjectAdmission.Normalise(resource, obj, body.Duplicates, options);
        Initialise(resource, ns, obj);
        var prefix = obj.Name().Length == 0 ? obj.MetadataText("generateName") : "";
        if (prefix.Length > 0) obj.Metadata()["name"] = Generate(prefix);
        // A generated name hardly ever meets one that exists; then another is drawn.
        for (var attempt = 1; ; attempt++)
        {
            if (resource == BuiltInResources.Namespace) CoreKindRules.Prepare(resource, obj);
            admission.Validate(resource, null, obj, null);
            if (!resource.BuiltIn && attempt == 1) options.Warnings.AddRange(MetadataRules.FinalizerWarnings(null, obj));
            (body.Managers ?? new Ownership(resource, "", time.GetUtcNow()).AfterUpdate(FieldManagers.Wanted(asked, null, resource.BuiltIn), null, obj, options.Manager)).WriteTo(obj, null);
            try
            {
                return await store.WriteAsync(transaction => Insert(transaction, resource, obj, options.DryRun), ct);
            }
            catch (StatusException e) when (e.Reason == "AlreadyExists" && prefix.Length > 0 && attempt < 8)
            {
                obj.Metadata()["name"] = Generate(prefix);
            }
        }
    }

    private static JsonObject Insert(StoreTransaction transaction, ResourceDefinition resource, JsonObject obj, bool dryRun)
    {
        var key = resource.Key(obj.MetadataText("namespace"), obj.Name());
        if (resource.Namespaced) RequireNamespace(transaction, resource, key);
        if (transaction.Get(key) is not null) throw Fault.AlreadyExists(resource, key.Name);
        if (!dryRun) transaction.Put(key, obj);
        return obj;
    }

    private static void RequireNamespace(StoreTransaction transaction, ResourceDefinition resource, ObjectKey key)
    {
        var ns = transaction.Get(BuiltInResources.Namespace.Key(null, key.Namespace))
            ?? throw Fault.NotFound(BuiltInResources.Namespace, key.Namespace);
        if (ns.IsDeleting())
            throw Fault.NamespaceTerminating(resource, key.Name, key.Namespace);
    }

    private static string Generate(string prefix) => prefix[..Math.Min(prefix.Length, 58)] + RandomNumberGenerator.GetString(SuffixLetters, 5);

    private void Initialise(ResourceDefinition resource, string? ns, JsonObject obj)
    {
        var metadata = obj.Metadata();
        if (obj.ResourceVersion().Length > 0) throw Fault.BadRequest("resourceVersion should not be set on objects to be created");
        if (resource.Namespaced)
        {
            if (obj.MetadataText("namespace") is { Length: > 0 } given && given != ns)
                throw Fault.BadRequest($"the namespace of the provided object does not match the namespace sent on the request");
            metadata["namespace"] = ns;
        }
        else
        {
            metadata.Remove("namespace");
        }
        foreach (var name in (string[])["resourceVersion", "generation", "deletionTimestamp", "deletionGracePeriodSeconds"]) metadata.Remove(name);
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = ObjectFields.Timestamp(time.GetUtcNow());
        if (resource.HasGeneration) metadata["generation"] = 1;
        if (resource.HasStatus && !resource.BuiltIn)
        {
            obj.Remove("status");
            // The default of status itself is part of a newborn, as it would be on every read in a cluster.
            Schema.Defaulting.Apply(obj, resource.Schema);
        }
        if (resource == BuiltInResources.CustomResourceDefinition) CustomResourceDefinitionRules.Establish(null, obj, time.GetUtcNow());
    }
}
