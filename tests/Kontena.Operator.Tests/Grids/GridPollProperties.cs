using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Grids;
using Kontena.Operator.Grids;

namespace Kontena.Operator.Tests.Grids;

/// <summary>What polls bring, as a value: an error is not an absence.</summary>
public sealed class GridPollProperties
{
    private static readonly DateTimeOffset noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void AnySequenceOfPolls_AFailedOneNeverChangesWhatIsKnownOfNodes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1000),
        Prop.ForAll(Arb.From(Gen.ListOf(Gen.OneOf(Gen.Elements(Enum.GetValues<MasterFault>()).Select(f => (MasterFault?)f), Gen.Constant((MasterFault?)null)))), polls =>
        {
            var observed = new GridObserved("uid");
            MasterListing? expected = null;
            foreach (var fault in polls)
            {
                var before = observed;
                observed = fault is { } f
                    ? observed.After(new MasterException(f, "It failed."), noon)
                    : observed.After(expected = new MasterListing(noon, [new MasterNode { Name = $"node-{polls.Count}", Status = MasterNodeStatus.Online }]));
                Assert.That(observed.Last, Is.SameAs(expected));
                Assert.That(observed.Trouble is null, Is.EqualTo(fault is null));
                if (fault is not null) Assert.That(observed.ChangedSince(before), Is.Empty);
            }
            return true;
        }));

    [Test]
    public void SameTroubleAgain_KeepsItsFirstWordsAndTime()
    {
        var first = new GridObserved("uid").After(new MasterException(MasterFault.Unreachable, "Listing nodes: nobody answers."), noon);
        Assert.That(first.After(new MasterException(MasterFault.Unreachable, "Reading the grid: nobody answers."), noon.AddMinutes(1)), Is.EqualTo(first));
        Assert.That(first.After(new MasterException(MasterFault.BadToken, "It is refused."), noon.AddMinutes(1)).Trouble!.Since, Is.EqualTo(noon.AddMinutes(1)));
    }

    [Test]
    public void ChangedNodes_AreNamed_EqualOnesAreNot()
    {
        MasterNode Node(string name, bool connected = true, params string[] labels) => new() { Name = name, Status = MasterNodeStatus.Online, Connected = connected, Labels = labels };
        var before = new GridObserved("uid").After(new MasterListing(noon, [Node("same", true, "a=b"), Node("drops"), Node("labelled", true, "a=b"), Node("goes")]));
        var after = before.After(new MasterListing(noon, [Node("same", true, "a=b"), Node("drops", false), Node("labelled", true, "a=c"), Node("comes")]));
        Assert.That(after.ChangedSince(before), Is.EquivalentTo(new[] { "drops", "labelled", "goes", "comes" }));
    }

    [Test]
    public void NodeThatDropsOutOrComesBack_IsToBeAskedAnew()
    {
        MasterNode Node(bool connected) => new() { Name = "a", Status = MasterNodeStatus.Online, Connected = connected };
        var up = new GridObserved("uid").After(new MasterListing(noon, [Node(true)]));
        up = up with { Health = up.Health.Add("a", new NodeHealth(true, null)) };
        Assert.That(up.After(new MasterListing(noon, [Node(true)])).Health, Contains.Key("a"));
        Assert.That(up.After(new MasterListing(noon, [Node(false)])).Health, Is.Empty);
        Assert.That(up.After(new MasterListing(noon, [])).Health, Is.Empty);
    }
}
