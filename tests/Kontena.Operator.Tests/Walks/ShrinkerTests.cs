namespace Kontena.Operator.Tests.Walks;

public sealed class ShrinkerTests
{
    [Test]
    public void Shrink_OnlyAPairOfStepsMatters_KeepsThatPairInItsOrder()
    {
        var script = Script.Of(4);
        var (one, other) = (script.Steps[17], script.Steps[^9]);

        var shrunk = new Shrinker(s => s.Steps.ToList().IndexOf(one) is var at and >= 0 && s.Steps.Skip(at + 1).Contains(other)).Shrink(script);

        Assert.That(shrunk.Steps, Is.EqualTo(new[] { one, other }));
    }

    [Test]
    public void Shrink_FailsWhateverIsLeft_LeavesNothing() =>
        Assert.That(new Shrinker(_ => true).Shrink(Script.Of(4)).Steps, Is.Empty);

    /// <summary>A rule that is broken on purpose ("there is never a machine with the number 3") over real walks.</summary>
    [Test]
    public void Shrink_BrokenRuleOverRealWalks_LeavesAFewStepsThatStillBreakIt()
    {
        static bool MakesThree(Script script) => Walk.Of(script).Statistics.Machines >= 3;
        var script = Enumerable.Range(0, 50).Select(Script.Of).First(MakesThree);

        var shrunk = new Shrinker(MakesThree).Shrink(script);

        Assert.That(MakesThree(shrunk), Is.True);
        Assert.That(shrunk.Steps, Has.Count.LessThanOrEqualTo(4), () => string.Join('\n', shrunk.Steps));
    }
}
