using System.Text;
using System.Text.Json;
using Kontena.Kubernetes.Resources;
using Kontena.Kubernetes.Resources.Core;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class CoreKindsTests
{
    [Test]
    public void Secret_Printed_ShowsKeysButNoValue()
    {
        var secret = new Secret { Metadata = new ObjectMeta { Namespace = "a", Name = "b" }, Data = new Dictionary<string, byte[]> { ["token"] = Encoding.UTF8.GetBytes("hunter2") } };

        Assert.That($"{secret}", Is.EqualTo("Secret a/b (keys: token)"));
    }

    [Test]
    public void Secret_RoundTrip_IsBase64OnTheWire()
    {
        var secret = new Secret { Type = "Opaque", Data = new Dictionary<string, byte[]> { ["k"] = [1, 2, 255] }, Immutable = true };

        var json = JsonSerializer.Serialize(secret, CoreKinds.Secret.Json);
        var back = JsonSerializer.Deserialize(json, CoreKinds.Secret.Json)!;

        Assert.That(json, Is.EqualTo("""{"metadata":{},"type":"Opaque","data":{"k":"AQL/"},"immutable":true}"""));
        Assert.That(back.Data!["k"], Is.EqualTo(new byte[] { 1, 2, 255 }));
    }

    [Test]
    public void Lease_Written_HasMicroTimes()
    {
        var lease = new Lease
        {
            Metadata = new ObjectMeta { CreationTimestamp = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2)) },
            Spec = new LeaseSpec { HolderIdentity = "", RenewTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567) },
        };

        var json = JsonSerializer.Serialize(lease, CoreKinds.Lease.Json);

        Assert.That(json, Is.EqualTo("""{"metadata":{"creationTimestamp":"2026-01-02T03:04:05Z"},"spec":{"holderIdentity":"","renewTime":"2026-01-02T03:04:05.123456Z"}}"""));
    }

    [Test]
    public void Event_AsTheServerSendsIt_IsRead()
    {
        const string Json = """
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"x.1","managedFields":[{"manager":"m"}]},"involvedObject":{"kind":"Pod","uid":"u"},
             "eventTime":null,"lastTimestamp":"2026-01-02T03:04:05Z","count":3,"reportingComponent":"kubelet","series":null,"later":{"field":1}}
            """;

        var read = JsonSerializer.Deserialize(Json, CoreKinds.Event.Json)!;

        Assert.That(read.InvolvedObject!.Uid, Is.EqualTo("u"));
        Assert.That(read.LastTimestamp, Is.EqualTo(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));
        Assert.That((read.Count, read.ReportingController, read.EventTime), Is.EqualTo((3, "kubelet", (DateTimeOffset?)null)));
    }

    [Test]
    public void PartialResource_OfAnyKind_KeepsItsPlaceInTheApi()
    {
        var kind = PartialResource.KindOf(CoreKinds.Lease);

        Assert.That((kind.ToString(), kind.ApiVersion, kind.Namespaced), Is.EqualTo(("leases.coordination.k8s.io", "coordination.k8s.io/v1", true)));
    }
}
