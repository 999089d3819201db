using Kontena.Operator.Controllers.Nodes;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Inventories;
using Kontena.TestKit;

namespace Kontena.Operator.Tests.Controllers;

public sealed class ExhaustedOfferingsTests
{
    private static readonly AccountKey ours = new("aws", "eu-west-1", "prod", "aws");
    private static readonly Offering small = new("a", "t3.small");

    private readonly ManualTime time = new();
    private readonly ExhaustedOfferings exhausted;

    public ExhaustedOfferingsTests() => exhausted = new ExhaustedOfferings(time);

    [Test]
    public void In_JustSeen_IsRememberedForThatAccountAlone()
    {
        exhausted.Add(ours, small);

        Assert.That(exhausted.In(ours), Is.EquivalentTo(new[] { small }));
        Assert.That(exhausted.In(ours with { SecretName = "other" }), Is.Empty);
        Assert.That(exhausted.In(ours with { Scope = "us-east-1" }), Is.Empty);
    }

    [TestCase(179, 1)]
    [TestCase(180, 0)]
    public void In_AfterAWhile_IsForgottenAfterThreeMinutes(int seconds, int left)
    {
        exhausted.Add(ours, small);

        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.That(exhausted.In(ours), Has.Count.EqualTo(left));
    }

    [Test]
    public void Add_SeenAgain_BeginsAnew()
    {
        exhausted.Add(ours, small);
        time.Advance(TimeSpan.FromMinutes(2));
        exhausted.Add(ours, small);
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.That(exhausted.In(ours), Has.Count.EqualTo(1));
    }
}
