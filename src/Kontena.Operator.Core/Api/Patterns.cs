namespace Kontena.Operator.Core.Api;

/// <summary>Regular expressions shared by schema and validation (ECMA and RE2 understand them alike).</summary>
public static class Patterns
{
    /// <summary>IPv4 address and prefix length, each octet in range, e.g. <c>10.0.0.0/8</c>.</summary>
    public const string Cidr4 = @"^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])$";

    /// <summary>IPv4 or IPv6 network with prefix length. Of IPv6 the shape only: C# and CEL say whether it is one.</summary>
    public const string Cidr = @"^(((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/(3[0-2]|[12]?[0-9])|[0-9a-fA-F:]{2,39}/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))$";

    /// <summary>A Kubernetes object name (RFC 1123 subdomain).</summary>
    public const string ObjectName = @"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    /// <summary>A key of a Secret or ConfigMap.</summary>
    public const string DataKey = @"^[-._a-zA-Z0-9]+$";
}
