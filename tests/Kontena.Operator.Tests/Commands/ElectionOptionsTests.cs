using Kontena.Operator.Commands;

namespace Kontena.Operator.Tests.Commands;

public sealed class ElectionOptionsTests
{
    [Test]
    public void Run_NoneGiven_IsTaken() => Assert.That(CommandTree.Build().Parse(["run"]).Errors, Is.Empty);

    [Test]
    public void Run_OneGiven_IsHeldAgainstTheOthersDefaults() =>
        Assert.That(CommandTree.Build().Parse(["run", "--leader-elect-lease-duration", "9s"]).Errors.Single().Message, Does.Contain("must be longer than the renew deadline 00:00:10"));

    [Test]
    public void Run_TimesThatLeaveRoom_AreTaken() => Assert.That(Errors("30s", "20s", "4s"), Is.Empty);

    [TestCase("10s", "10s", "2s", "must be longer than the renew deadline")]
    [TestCase("15s", "2s", "2s", "must be longer than the retry period")]
    [TestCase("5s", "4s", "1s", "must be at least twice the retry period")]
    [TestCase("15.5s", "10s", "2s", "not a whole number of seconds")]
    [TestCase("15s", "10s", "0s", "shorter than a tenth of a second")]
    [TestCase("15", "10s", "2s", "'15' is no duration for --leader-elect-lease-duration")]
    public void Run_TimesThatLeaveNoRoom_AreRefusedWithTheReason(string lease, string renew, string retry, string why) =>
        Assert.That(Errors(lease, renew, retry), Has.Some.Contains(why));

    private static IEnumerable<string> Errors(string lease, string renew, string retry) => CommandTree.Build()
        .Parse(["run", "--leader-elect-lease-duration", lease, "--leader-elect-renew-deadline", renew, "--leader-elect-retry-period", retry])
        .Errors.Select(e => e.Message);
}
