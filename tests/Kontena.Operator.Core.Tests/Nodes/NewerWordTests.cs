using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>A listing and a look past it may differ: whichever was begun later is believed.</summary>
public sealed class NewerWordTests
{
    private static readonly Lookup Absent = new Lookup.ConfirmedAbsent();

    [TestCase(1, "MachineStopped")]
    [TestCase(0, "MachineStopped", Description = "at the same moment the look, which goes past the caches")]
    [TestCase(-1, NodeReasons.Running)]
    public void Running_LookedSoMuchLaterThanListed_TheLaterWordHolds(int seconds, string reason)
    {
        var seen = Seen.WithMachine();

        seen = seen with { Trace = seen.Trace.AfterLook(new Lookup.Found([Seen.Machine(MachineState.Stopped)]), Samples.Noon.AddSeconds(seconds), CloudModel.Keyed, "c1") };

        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo(reason));
    }

    [Test]
    public void Running_NeverListed_TheLookHolds()
    {
        var seen = Seen.WithMachine(listed: null);

        seen = seen with { Trace = seen.Trace.AfterLook(new Lookup.Found([Seen.Machine()]), Samples.Noon, CloudModel.Keyed, "c1") };

        Assert.That(NodeLifecycle.Next(seen).Reason, Is.EqualTo(NodeReasons.Running));
    }

    [Test]
    public void Running_JustMade_IsBelievedUntilEveryListingMustShowIt()
    {
        var seen = Seen.WithMachine(listed: null) with { Sight = new MachineSight(Samples.Noon.AddSeconds(5), []) };
        seen = seen with { Trace = seen.Trace.AfterMade(Seen.Machine(MachineState.Pending), Samples.Noon) };

        Assert.That(((NodeStep.Wait)NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(5)))).For, Is.EqualTo(TimeSpan.FromSeconds(55)), "until the promise is over");
        Assert.That(((NodeStep.Wait)NodeLifecycle.Next(seen.At(TimeSpan.FromSeconds(61)))).For, Is.EqualTo(Absences.Pace), "no listing since then");
        var listed = seen with { Sight = new MachineSight(Samples.Noon.AddSeconds(61), []) };
        Assert.That(NodeLifecycle.Next(listed.At(TimeSpan.FromSeconds(61))), Is.TypeOf<NodeStep.LookUp>());
    }

    [Test]
    public void Missing_IsAskedForAtAPace_AndNotBeforeATroubleIsOver()
    {
        var seen = Seen.WithMachine() with { Sight = new MachineSight(Samples.Noon, []) };
        Assert.That(NodeLifecycle.Next(seen), Is.TypeOf<NodeStep.LookUp>());

        var looked = seen with { Trace = seen.Trace.AfterLook(Absent, Samples.Noon, CloudModel.Keyed, "c1") };
        Assert.That(((NodeStep.Wait)NodeLifecycle.Next(looked.At(TimeSpan.FromSeconds(4)))).For, Is.EqualTo(TimeSpan.FromSeconds(6)));
        Assert.That(NodeLifecycle.Next(looked.At(TimeSpan.FromSeconds(10))), Is.TypeOf<NodeStep.LookUp>());

        var refused = seen with { Trace = seen.Trace.AfterLook(new Lookup.Unknown(DriverFault.NotAllowed, "no."), Samples.Noon, CloudModel.Keyed, "c1") };
        Assert.That(((NodeStep.Wait)NodeLifecycle.Next(refused.At(TimeSpan.FromSeconds(10)))).For, Is.EqualTo(RetryRule.HumanPace - TimeSpan.FromSeconds(10)));
    }

    [Test]
    public void Running_ProvidersReason_IsPassedOnWhereThereIsOne()
    {
        var seen = Seen.WithMachine(listed: null);
        var told = Seen.Machine(MachineState.Terminated) with { Detail = "Server.SpotInstanceTermination" };

        Assert.That(NodeLifecycle.Next(seen with { Sight = new MachineSight(Samples.Noon, [told]) }).Message, Does.EndWith("not by this operator. The provider says: Server.SpotInstanceTermination."));
        Assert.That(NodeLifecycle.Next(seen with { Sight = new MachineSight(Samples.Noon, [told with { Detail = null }]) }).Message, Does.EndWith("not by this operator."));
    }

    /// <summary>The token is spent: the machine was made. Another attempt only over its proven end.</summary>
    [Test]
    public void TokenSpent_NextAttempt_OnlyOnceTheMachinesEndIsSeenOrProven()
    {
        var spent = Seen.Refused(DriverFault.TokenSpent).At(TimeSpan.FromMinutes(2));
        Assert.That(NodeLifecycle.Next(spent), Is.TypeOf<NodeStep.LookUp>());

        var once = spent with { Trace = spent.Trace.AfterLook(Absent, Samples.Noon, CloudModel.Keyed, "c1") };
        Assert.That(NodeLifecycle.Next(once), Is.Not.TypeOf<NodeStep.OpenAttempt>());
        var proven = once with { Trace = once.Trace.AfterLook(Absent, Samples.Noon.AddSeconds(30), CloudModel.Keyed, "c1") };
        Assert.That((NodeLifecycle.Next(proven) as NodeStep.OpenAttempt)?.Number, Is.EqualTo(2));
        var ended = spent with { Trace = spent.Trace.AfterLook(new Lookup.Found([Seen.Machine(MachineState.Terminated)]), Samples.Noon, CloudModel.Keyed, "c1") };
        Assert.That((NodeLifecycle.Next(ended) as NodeStep.OpenAttempt)?.Number, Is.EqualTo(2));
    }

    /// <summary>Without a key, an unanswered call is only looked for; the next attempt has the next number.</summary>
    [Test]
    public void KeylessUnanswered_ProvenAbsent_OpensTheNext_KeyedSendsAgain()
    {
        var unanswered = Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true);
        var keyless = unanswered with { Promises = CloudModel.Keyless };
        var proof = keyless.Trace.AfterLook(Absent, Samples.Noon.AddSeconds(60), CloudModel.Keyless, "c1").AfterLook(Absent, Samples.Noon.AddSeconds(90), CloudModel.Keyless, "c1");

        Assert.That(NodeLifecycle.Next(keyless.At(TimeSpan.FromSeconds(1))), Is.TypeOf<NodeStep.LookUp>());
        Assert.That((NodeLifecycle.Next((keyless with { Trace = proof }).At(TimeSpan.FromSeconds(90))) as NodeStep.OpenAttempt)?.Number, Is.EqualTo(2));
        Assert.That(NodeLifecycle.Next(unanswered.At(TimeSpan.FromSeconds(1))), Is.TypeOf<NodeStep.SendCreate>());
        var refused = Seen.Refused(DriverFault.Unavailable) with { Promises = CloudModel.Keyless };
        Assert.That(NodeLifecycle.Next(refused), Is.TypeOf<NodeStep.Wait>(), "an answered refusal waits as ever");
    }

    [Test]
    public void Delete_OfAnUnansweredAttempt_ItsTerminatedMachineLetsTheNodeGo()
    {
        var seen = Seen.Refused(DriverFault.Unavailable, outcomeUnknown: true) with { Deleting = true };

        var own = seen with { Trace = seen.Trace.AfterLook(new Lookup.Found([Seen.Machine(MachineState.Terminated)]), Samples.Noon, CloudModel.Keyed, "c1") };
        var anothers = seen with { Trace = seen.Trace.AfterLook(new Lookup.Found([Seen.Machine(MachineState.Terminated, node: "other")]), Samples.Noon, CloudModel.Keyed, "c1") };

        Assert.That(NodeLifecycle.Next(own), Is.EqualTo(new NodeStep.DropFinalizer("Terminated", "The machine of attempt 1 is terminated.")));
        Assert.That(NodeLifecycle.Next(anothers), Is.Not.TypeOf<NodeStep.DropFinalizer>());
    }
}
