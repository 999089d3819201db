using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;

namespace Kontena.Operator.Providers.Tests.Aws;

public sealed class AwsFaultsTests
{
    [TestCase("InsufficientInstanceCapacity", 500, DriverFault.NoCapacity)]
    [TestCase("Unsupported", 400, DriverFault.NoCapacity)]
    [TestCase("InstanceLimitExceeded", 400, DriverFault.QuotaReached)]
    [TestCase("VcpuLimitExceeded", 400, DriverFault.QuotaReached)]
    [TestCase("RequestLimitExceeded", 503, DriverFault.Throttled)]
    [TestCase("EC2ThrottledException", 503, DriverFault.Throttled)]
    [TestCase("AuthFailure", 401, DriverFault.NotAllowed)]
    [TestCase("UnauthorizedOperation", 403, DriverFault.NotAllowed)]
    [TestCase("OptInRequired", 400, DriverFault.NotAllowed)]
    [TestCase("PendingVerification", 400, DriverFault.NotAllowed)]
    [TestCase("ExpiredToken", 400, DriverFault.NotAllowed)]
    [TestCase("RequestExpired", 400, DriverFault.NotAllowed)]
    [TestCase("InvalidAMIID.NotFound", 400, DriverFault.BadSettings)]
    [TestCase("InvalidSubnetID.NotFound", 400, DriverFault.BadSettings)]
    [TestCase("OperationNotPermitted", 400, DriverFault.BadSettings)]
    [TestCase("InvalidGroup.Duplicate", 400, DriverFault.BadSettings)]
    [TestCase("InvalidGroup.NotFound", 400, DriverFault.BadSettings)]
    [TestCase("InvalidVpcID.NotFound", 400, DriverFault.BadSettings)]
    [TestCase("InvalidPermission.Duplicate", 400, DriverFault.BadSettings)]
    [TestCase("InvalidPermission.NotFound", 400, DriverFault.BadSettings)]
    [TestCase("RulesPerSecurityGroupLimitExceeded", 400, DriverFault.QuotaReached)]
    [TestCase("SecurityGroupLimitExceeded", 400, DriverFault.QuotaReached)]
    [TestCase("SecurityGroupsPerInterfaceLimitExceeded", 400, DriverFault.QuotaReached)]
    [TestCase("SecurityGroupsPerInstanceLimitExceeded", 400, DriverFault.QuotaReached)]
    [TestCase("DependencyViolation", 400, DriverFault.InUse)]
    [TestCase("InvalidGroup.InUse", 400, DriverFault.InUse)]
    [TestCase("IdempotentParameterMismatch", 400, DriverFault.TokenMismatch)]
    [TestCase("IdempotentInstanceTerminated", 400, DriverFault.TokenSpent)]
    [TestCase("InternalError", 500, DriverFault.Unavailable)]
    [TestCase("Unavailable", 503, DriverFault.Unavailable)]
    [TestCase("NeverSeenBefore", 400, DriverFault.BadSettings)]
    [TestCase("NeverSeenBefore", 403, DriverFault.NotAllowed)]
    [TestCase("NeverSeenBefore", 429, DriverFault.Throttled)]
    [TestCase("NeverSeenBefore", 500, DriverFault.Unavailable)]
    [TestCase(null, 404, DriverFault.Unavailable)]
    public void Of_CodeAndStatus_Fault(string? code, int status, DriverFault expected) => Assert.That(AwsFaults.Of(code, status), Is.EqualTo(expected));

    [TestCase("InvalidGroup.NotFound")]
    [TestCase("InvalidSecurityGroupID.NotFound")]
    [TestCase("InvalidPermission.Duplicate")]
    [TestCase("InvalidPermission.NotFound")]
    public void Says_OfAServerThatFails_DoesNotCount(string code)
    {
        bool Says(DriverFault fault)
        {
            var e = new DriverException(fault, "") { Code = code };
            return AwsFaults.SaysGroupNotFound(e) || AwsFaults.SaysRuleExists(e) || AwsFaults.SaysRuleIsGone(e);
        }
        Assert.That((Says(AwsFaults.Of(code, 400)), Says(AwsFaults.Of(code, 500)), Says(AwsFaults.Of(code, 403))), Is.EqualTo((true, false, false)));
    }

    [Test]
    public void Clean_EncodedAuthorization_IsDropped() => Assert.That(
        AwsFaults.Clean("You are not authorized to perform this operation.\n  Encoded authorization failure message: 4OJZ-aBc_dEf== "),
        Is.EqualTo("You are not authorized to perform this operation."));

    [Test]
    public void Clean_LongMessage_IsBounded() => Assert.That(AwsFaults.Clean(new string('x', 5000)), Has.Length.EqualTo(401));
}
