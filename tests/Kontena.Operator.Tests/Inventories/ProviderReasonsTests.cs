using Kontena.Operator.Core.Machines;
using Kontena.Operator.Inventories;

namespace Kontena.Operator.Tests.Inventories;

public sealed class ProviderReasonsTests
{
    [TestCase(DriverFault.NotAllowed, "CredentialsMissing", "CredentialsMissing")]
    [TestCase(DriverFault.Unavailable, "SecretUnreadable", "SecretUnreadable")]
    [TestCase(DriverFault.NotAllowed, "UnauthorizedOperation", "CredentialsRefused")]
    [TestCase(DriverFault.NotAllowed, null, "CredentialsRefused")]
    [TestCase(DriverFault.Unavailable, "Suspended", "ProviderUnavailable")]
    [TestCase(DriverFault.Throttled, "RequestLimitExceeded", "ProviderThrottles")]
    public void Of_IsTheSecretsTrouble_WhereThereIsOne_ElseThatOfTheFault(DriverFault fault, string? code, string reason) =>
        Assert.That(ProviderReasons.Of(new DriverException(fault, "words") { Code = code }), Is.EqualTo(reason));
}
