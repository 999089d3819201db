namespace Kontena.Standalone.Storage;

/// <summary>Where an object is stored. <paramref name="Resource"/> is <c>plural.group</c> (core: the plural alone); cluster-wide objects have the namespace "".</summary>
internal readonly record struct ObjectKey(string Resource, string Namespace, string Name);

/// <summary>An object as it lies in the store: the document is complete, its resourceVersion equal to <paramref name="Version"/>.</summary>
internal sealed record StoredObject(ObjectKey Key, long Version, byte[] Json);
