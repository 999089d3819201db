using Kontena.Operator.Core.Machines;
using Kontena.Operator.Core.Nodes;

namespace Kontena.Operator.Inventories;

/// <summary>The condition reason of a call that failed: what is wrong with a Secret of ours says more than that the provider does not take it.</summary>
internal static class ProviderReasons
{
    public static string Of(DriverException fault) => fault.Code is "CredentialsMissing" or "SecretUnreadable" ? fault.Code : Reasons.Of(fault.Fault);
}
