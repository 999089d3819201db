namespace Kontena.Standalone.Verbs;

/// <summary>What a list answers: the objects as stored, the version of the whole, and where to go on.</summary>
internal sealed record Listed(long Version, IReadOnlyList<StoredObject> Items, ContinueToken? Continue, long? Remaining);

/// <summary>GET on a collection. A continued list sees the state that its first page saw, whatever was written since.</summary>
internal sealed class Listing(ObjectStore store)
{
    /// <exception cref="StatusException">410: the state is no longer in the log; 504: the version is in the future.</exception>
    public Listed List(ListParameters parameters)
    {
        var selector = parameters.Selector;
        return store.Read(reader =>
        {
            if (parameters.ResourceVersion is { } wanted && wanted > reader.Version) throw Fault.VersionInFuture(wanted, reader.Version);
            var exact = parameters.VersionMatch == "Exact" ? parameters.ResourceVersion : null;
            var page = reader.List(new ListQuery(selector.Resource, selector.Namespace)
            {
                At = parameters.Continue?.Version ?? exact,
                After = parameters.Continue is { } token ? new ObjectKey(selector.Resource, token.Namespace, token.Name) : null,
                // resourceVersion=0 asks for any state at once; paging it is not worth a client's second request.
                Limit = parameters.ResourceVersion == 0 ? null : parameters.Limit,
                Filter = selector.Filter,
            });
            if (page is null)
                throw parameters.Continue is not null ? Fault.ContinueExpired() : Fault.Expired(exact ?? 0, reader.Compacted);
            var next = page.More ? new ContinueToken(page.Version, page.Items[^1].Key.Namespace, page.Items[^1].Key.Name) : null;
            return new Listed(page.Version, page.Items, next, page.Remaining);
        });
    }
}
