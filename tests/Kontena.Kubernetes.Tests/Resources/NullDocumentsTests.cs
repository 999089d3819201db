using System.Text.Json;
using Kontena.Kubernetes.Resources.Core;

namespace Kontena.Kubernetes.Tests.Resources;

/// <summary>Lists and maps that a document leaves out, or writes as null, are empty: the type says that they cannot be null.</summary>
public sealed class NullDocumentsTests
{
    [TestCase("{}")]
    [TestCase("""{"items":null,"metadata":null}""")]
    public void List_WithoutItems_IsEmpty(string json)
    {
        var list = JsonSerializer.Deserialize(json, CoreKinds.Secret.ListJson)!;

        Assert.Multiple(() =>
        {
            Assert.That(list.Items, Is.Empty);
            Assert.That(list.Metadata.Continue, Is.Null);
        });
    }

    [TestCase("{}")]
    [TestCase("""{"metadata":null,"spec":null}""")]
    public void Lease_WithoutSpec_HasAnEmptyOne(string json)
    {
        var lease = JsonSerializer.Deserialize(json, CoreKinds.Lease.Json)!;

        Assert.That((lease.Metadata.Name, lease.Spec.HolderIdentity), Is.EqualTo(((string?)null, (string?)null)));
    }
}
