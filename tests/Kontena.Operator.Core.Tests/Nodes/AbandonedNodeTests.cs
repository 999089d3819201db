using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

public sealed class AbandonedNodeTests
{
    [Test]
    public void Next_AbandonedAfterAnAttempt_SaysGivenUpAndLicensesNoRemoval()
    {
        var step = (NodeStep.DropFinalizer)NodeLifecycle.Next(Abandoned(Attempt));
        Assert.That((step.Reason, step.GivenUp, step.LateMachinePossible), Is.EqualTo(("Abandoned", true, false)));
    }

    [Test]
    public void Next_AbandonedBeforeAnyAttempt_LeavesNothing()
    {
        var step = (NodeStep.DropFinalizer)NodeLifecycle.Next(Abandoned(null));
        Assert.That((step.Reason, step.GivenUp, step.LateMachinePossible), Is.EqualTo(("Abandoned", false, false)));
    }

    private static CreateAttempt Attempt { get; } = new()
    {
        Number = 1,
        NodeUID = "uid-1",
        Token = Token.Of("uid-1", 1),
        Type = "t3.small",
        Image = "ami-1",
        BootstrapRef = "web-0-abc",
        BootstrapHash = "hash",
        OpenedAt = Samples.Noon,
    };

    private static NodeSeen Abandoned(CreateAttempt? attempt) => new()
    {
        Name = "web-0",
        Uid = "uid-1",
        Spec = new KontenaNodeSpec
        {
            PoolName = "web",
            PoolUID = "pool-1",
            Revision = "r1",
            Ordinal = 0,
            Provider = new ProviderSpec { Aws = Samples.Aws },
            Attempt = attempt,
        },
        Deleting = true,
        Abandoned = true,
        Now = Samples.Noon,
        Promises = CloudModel.Keyed,
        Installation = "inst-1",
        Credentials = "c1",
    };
}
