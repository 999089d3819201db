using Kontena.Kubernetes.Runtime;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class ResourceVersionsTests
{
    [TestCase("9", "10", -1)]
    [TestCase("10", "9", 1)]
    [TestCase("10", "10", 0)]
    [TestCase("99999999999999999999999999", "100000000000000000000000000", -1)]
    public void Compare_Numbers_AreOrderedByValue(string left, string right, int expected) =>
        Assert.That(Math.Sign(ResourceVersions.Compare(left, right) ?? 99), Is.EqualTo(expected));

    [TestCase("", "1")]
    [TestCase(null, "1")]
    [TestCase("1", "a1")]
    [TestCase("01", "1")]
    [TestCase("0", "1")]
    public void Compare_NotNumbers_IsUnknown(string? left, string? right) => Assert.That(ResourceVersions.Compare(left, right), Is.Null);
}
