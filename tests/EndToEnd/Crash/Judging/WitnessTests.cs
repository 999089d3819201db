using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Resources;

namespace Kontena.EndToEnd.Crash.Judging;

public sealed class WitnessTests
{
    private static readonly ObjectKey node = new("default", "web-0");

    [Test]
    public void OfPatch_FinalizerFallsWhileTheMachineIsOnItsWayOut_IsNamed()
    {
        var witness = new Witness(() => [MachineLawTests.Machine("i-1", "uid-a", bornAt: 0, endedAt: 5)]);

        witness.OfPatch(node, Removing("uid-a"));

        Assert.That(witness.Violations, Is.EqualTo(new[] { "the finalizer of node web-0 (uid-a) falls while its machine i-1 is ShuttingDown" }));
    }

    [Test]
    public void OfPatch_OtherNodesFinalizer_OrAnotherPatch_None()
    {
        var witness = new Witness(() => [MachineLawTests.Machine("i-1", "uid-a", bornAt: 0, endedAt: null)]);

        witness.OfPatch(node, Removing("uid-b"));
        witness.OfPatch(node, Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["providerID"] = "aws:///eu-west-1a/i-1" } }));

        Assert.That(witness.Violations, Is.Empty);
    }

    [Test]
    public void OfChange_NodeIsGoneAndItsMachineLives_IsNamed()
    {
        var witness = new Witness(() => [MachineLawTests.Machine("i-1", "uid-a", bornAt: 0, endedAt: null)]);

        witness.OfChange(new KontenaNode { Metadata = new ObjectMeta { Name = "web-0", Uid = "uid-a" }, Spec = null! }, null);

        Assert.That(witness.Violations, Is.EqualTo(new[] { "node web-0 (uid-a) has gone, or has no finalizer, while its machine i-1 is Running" }));
    }

    private static Patch Removing(string uid) => Patch.Json(
    [
        new JsonObject { ["op"] = "test", ["path"] = "/metadata/uid", ["value"] = uid },
        new JsonObject { ["op"] = "test", ["path"] = "/metadata/finalizers/0", ["value"] = "kontena.io/machine" },
        new JsonObject { ["op"] = "remove", ["path"] = "/metadata/finalizers/0" },
    ]);
}
