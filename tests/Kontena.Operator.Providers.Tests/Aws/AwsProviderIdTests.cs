using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;

namespace Kontena.Operator.Providers.Tests.Aws;

public sealed class AwsProviderIdTests
{
    [TestCase("aws:///eu-west-1a/i-0123456789abcdef0", "eu-west-1a", "i-0123456789abcdef0")]
    [TestCase("aws:///us-gov-west-1b/i-01234567", "us-gov-west-1b", "i-01234567")]
    [TestCase("aws:///us-west-2-lax-1a/i-01234567", "us-west-2-lax-1a", "i-01234567")]
    public void TryParse_GoodOne_PartsAndBack(string text, string zone, string instance)
    {
        Assert.That(AwsProviderId.TryParse(text, out var id), Is.True);
        Assert.That(id, Is.EqualTo(new AwsProviderId(zone, instance)));
        Assert.That(id?.ToString(), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("i-0123456789abcdef0")]
    [TestCase("aws://eu-west-1a/i-0123456789abcdef0")]
    [TestCase("aws:////i-0123456789abcdef0")]
    [TestCase("aws:///eu-west-1a/i-0123456789abcdef")]
    [TestCase("aws:///eu-west-1a/i-0123456789ABCDEF0")]
    [TestCase("aws:///eu-west-1a/i-0123456789abcdef0\n")]
    [TestCase(" aws:///eu-west-1a/i-0123456789abcdef0")]
    [TestCase("aws:///eu-west-1a/i-0123456789abcdef0/x")]
    [TestCase("AWS:///eu-west-1a/i-0123456789abcdef0")]
    public void TryParse_BadOne_False(string text) => Assert.That(AwsProviderId.TryParse(text, out _), Is.False);

    [TestCase(0, "pending", MachineState.Pending)]
    [TestCase(16, "running", MachineState.Running)]
    [TestCase(272, "running", MachineState.Running)]
    [TestCase(32, "shutting-down", MachineState.Terminating)]
    [TestCase(48, "terminated", MachineState.Terminated)]
    [TestCase(64, "stopping", MachineState.Stopping)]
    [TestCase(80, "stopped", MachineState.Stopped)]
    [TestCase(96, "new-in-2030", MachineState.Unrecognised)]
    [TestCase(null, "terminated", MachineState.Terminated)]
    [TestCase(null, null, MachineState.Unrecognised)]
    public void StateOf_CodeAndName_State(int? code, string? name, MachineState expected) => Assert.That(AwsMachines.StateOf(code, name), Is.EqualTo(expected));
}
